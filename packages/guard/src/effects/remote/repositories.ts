import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { describeTool } from './tool.ts';
import { backups } from './tools/backups.ts';

/** `restic`: a backup to a repository elsewhere sends files there. */
export const describeRestic: Describe = describeTool(backups.restic!, {
  extra: (line) => {
    const repository =
      line.flags.find((flag) => flag.name === '-r' || flag.name === '--repo')?.value?.text ?? '';
    if (!sending.has(line.operands[0]?.text ?? '')) return [];
    return /^(?:rest|s3|sftp|b2|azure|gs|swift|rclone):/.test(repository) ? [sends(repository)] : [];
  },
});

/** `borg`: the repository is an operand, elsewhere where it names a host. */
export const describeBorg: Describe = describeTool(backups.borg!, {
  extra: (line) => {
    if (!sending.has(line.operands[0]?.text ?? '')) return [];
    const named =
      line.flags.find((flag) => flag.name === '-r' || flag.name === '--repo')?.value ?? line.operands[1];
    const repository = named?.text ?? '';
    return /^(?:ssh:\/\/|sftp:\/\/|rclone:|[\w.-]+@[\w.-]+:|[\w.-]+:(?!:))/.test(repository)
      ? [sends(repository)]
      : [];
  },
});

const sending = new Set(['backup', 'create', 'copy', 'init', 'rcreate', 'repo-create', 'transfer']);

const sends = (repository: string): Effect => ({
  type: 'reach',
  host: /(?:\/\/|@|:)(?:[^@/]*@)?([\w.-]+\.[\w-]+)/.exec(repository)?.[1] ?? null,
  how: 'send',
  local: /(?:localhost|127\.0\.0\.1)/.test(repository),
  payload: 'file',
  what: `copies files to ${repository}`,
});
