import type { ErrorCode } from '@tandem/protocol';

/** The exit codes of the contract. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  approval: 3,
  verifyFailed: 4,
  limit: 53,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code that a refusal or a failed turn ends the process with. */
export const exitOfError = (code: ErrorCode | string): number => {
  switch (code) {
    case 'usage':
    case 'configuration':
    // No weights, no key, no server there: what a person sets up.
    case 'model_unavailable':
      return exitCode.usage;
    case 'approval_required':
      return exitCode.approval;
    case 'verify_failed':
      return exitCode.verifyFailed;
    case 'limit':
      return exitCode.limit;
    case 'interrupted':
      return exitCode.interrupted;
    default:
      return exitCode.failed;
  }
};
