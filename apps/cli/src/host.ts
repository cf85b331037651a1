import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { clean } from './tui/text/cells.ts';

/** The process that the command runs in, as data: nothing else reads `process` for these. */
export type Host = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Absolute path of the launcher, for what is to start tandem again. */
  readonly program: string;
  /** What stdin is; a character device that is no terminal (`/dev/null`) counts as none. */
  readonly stdin: 'terminal' | 'pipe' | 'socket' | 'file' | 'none';
  readonly outIsTerminal: boolean;
  /** Width of what is printed for people: of the terminal, or what COLUMNS says, or 80. */
  readonly columns: number;
  /** A terminal where lines may be redrawn: not in CI, not a dumb one. */
  readonly errIsLive: boolean;
  /** Answers and JSON only. Byte for byte, but on a terminal, which no text of a model or a file may speak to. */
  readonly out: (text: string) => void;
  /** Progress and diagnostics, in the same way. */
  readonly err: (text: string) => void;
  /** One line in place of the one that stands on a live stderr; empty takes it away. */
  readonly redraw: (line: string) => void;
};

export const createHost = (): Host => ({
  env: process.env,
  cwd: process.cwd(),
  program: join(import.meta.dirname, '..', '..', '..', 'bin', 'tandem'),
  stdin: stdinKind(),
  outIsTerminal: process.stdout.isTTY === true,
  columns: Math.max(20, process.stdout.columns || Number(process.env.COLUMNS) || 80),
  errIsLive: process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb',
  out: (text) => void process.stdout.write(process.stdout.isTTY === true ? quiet(text) : text),
  err: (text) => void process.stderr.write(process.stderr.isTTY === true ? quiet(text) : text),
  redraw: (line) => void process.stderr.write(`\r\x1b[2K${clean(line)}`),
});

/** Cleaned, with its lines and tabs as they were. */
const quiet = (text: string): string => text.replace(/[^\n\t]+/g, clean);

/** Asked of the descriptor: `process.stdin` would open a stream that most commands never read. */
const stdinKind = (): Host['stdin'] => {
  if (isatty(0)) return 'terminal';
  try {
    const stat = fstatSync(0);
    if (stat.isFIFO()) return 'pipe';
    if (stat.isSocket()) return 'socket';
    return stat.isFile() ? 'file' : 'none';
  } catch {
    return 'none';
  }
};
