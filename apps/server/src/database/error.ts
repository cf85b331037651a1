import { AppError, isAppError } from '@tandem/protocol/error';

/** PostgreSQL's own codes; those of Node look different (`ECONNRESET`). */
export const isSqlState = (code: string): boolean => /^(?:\d\d|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code);

const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);
/** `pg` gives no code for these. */
const lostWords =
  /Connection terminated|connection error|timeout exceeded when trying to connect|not queryable/i;

const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/**
 * Whether the same may work a moment later: the database is starting, ending or gone, or two transactions were in each
 * other's way. What the failed one did is then unknown if the connection was lost.
 */
export const mayPass = (error: unknown): boolean => {
  const code = codeOf(error);
  if (lost.has(code)) return true;
  if (isSqlState(code)) return /^(?:08|57P|40001|40P01|53300|55P03)/.test(code);
  return error instanceof Error && lostWords.test(error.message);
};

/** A refusal that a person can act on. Anything else stays as it is: a bug. */
export const databaseError = (error: unknown): unknown => {
  if (isAppError(error)) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === '53100' || code === '58030')
    return new AppError('disk', `The database could not write: ${message}. Make room and try again.`, {
      cause: error,
    });
  if (/^(?:28|3D000|42501)/.test(code))
    return new AppError('configuration', `The database refuses: ${message}. Check DATABASE_URL.`, {
      cause: error,
    });
  if (mayPass(error) || code.startsWith('53'))
    return new AppError(
      'offline',
      `The database cannot be reached: ${message}. tandem server doctor says more.`,
      {
        cause: error,
      },
    );
  return error;
};
