import { fstatSync } from 'node:fs';
import { join } from 'node:path';

/** The process that the command runs in, as data: nothing else reads `process` for these. */
export type Host = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Absolute path of the launcher, for what is to start tandem again. */
  readonly program: string;
  /** What stdin is; a character device that is no terminal (`/dev/null`) counts as none. */
  readonly stdin: 'terminal' | 'pipe' | 'socket' | 'file' | 'none';
  readonly outIsTerminal: boolean;
  /** A terminal where lines may be redrawn: not in CI, not a dumb one. */
  readonly errIsLive: boolean;
  /** Answers and JSON only. */
  readonly out: (text: string) => void;
  /** Progress and diagnostics. */
  readonly err: (text: string) => void;
};

export const createHost = (): Host => ({
  env: process.env,
  cwd: process.cwd(),
  program: join(import.meta.dirname, '..', '..', '..', 'bin', 'tandem'),
  stdin: stdinKind(),
  outIsTerminal: process.stdout.isTTY === true,
  errIsLive: process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb',
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});

const stdinKind = (): Host['stdin'] => {
  if (process.stdin.isTTY) return 'terminal';
  try {
    const stat = fstatSync(0);
    if (stat.isFIFO()) return 'pipe';
    if (stat.isSocket()) return 'socket';
    return stat.isFile() ? 'file' : 'none';
  } catch {
    return 'none';
  }
};
