import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult, ScratchWorkspace } from '@tandem/core';

/** A command that takes longer is not run a second time with coverage. */
const worthCoveringMs = 20_000;
/** One coverage file may be this long: larger ones come of suites where coverage tells little. */
const maxFileBytes = 64_000_000;

type Lines = Map<string, Set<number>>;

/** Runs the command as it is; when it fails soon enough, once more with line coverage from Python and V8. */
export const coverOf = async (input: {
  readonly workspace: ScratchWorkspace;
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly folder: string;
  readonly sitePath: string;
}): Promise<{ readonly run: RunResult; readonly lines: ReadonlyMap<string, ReadonlySet<number>> }> => {
  const { workspace, command, signal, folder } = input;
  const run = await workspace.run({ command, timeoutMs: input.timeoutMs, signal });
  if (run.exit === 0 || run.timedOut || run.ms > worthCoveringMs) return { run, lines: new Map() };
  const env = { NODE_V8_COVERAGE: folder, TANDEM_COVERAGE: folder, PYTHONPATH: withSite(input.sitePath) };
  await workspace.run({ command, timeoutMs: worthCoveringMs * 5, signal, env });
  return { run, lines: await readCoverage({ folder, workspace }) };
};

const withSite = (sitePath: string): string => {
  const existing = process.env.PYTHONPATH;
  const separator = process.platform === 'win32' ? ';' : ':';
  return existing === undefined || existing === '' ? sitePath : `${sitePath}${separator}${existing}`;
};

const readCoverage = async (input: {
  readonly folder: string;
  readonly workspace: ScratchWorkspace;
}): Promise<Lines> => {
  const lines: Lines = new Map();
  for (const name of await readdir(input.folder)) {
    const path = join(input.folder, name);
    if ((await stat(path)).size > maxFileBytes) continue;
    const data = parse(await readFile(path, 'utf8'));
    if (name.startsWith('python-')) addPython(lines, data as Record<string, number[]>);
    else await addV8(lines, { data: data as V8Coverage, workspace: input.workspace });
  }
  return lines;
};

/** A process killed while it wrote leaves half a file: it says nothing then. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const addPython = (lines: Lines, data: Record<string, number[]>): void => {
  for (const [path, ran] of Object.entries(data)) {
    const slashed = path.replaceAll('\\', '/');
    lines.set(slashed, new Set([...(lines.get(slashed) ?? []), ...ran]));
  }
};

type V8Coverage = {
  readonly result?: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly {
        readonly startOffset: number;
        readonly endOffset: number;
        readonly count: number;
      }[];
    }[];
  }[];
};

const addV8 = async (
  lines: Lines,
  input: { readonly data: V8Coverage; readonly workspace: ScratchWorkspace },
): Promise<void> => {
  const prefix = `${input.workspace.root}/`;
  for (const script of input.data.result ?? []) {
    if (!script.url.startsWith('file://')) continue;
    const absolute = fileURLToPath(script.url);
    if (!absolute.startsWith(prefix) || absolute.includes('/node_modules/')) continue;
    const path = absolute.slice(prefix.length);
    const text = await readFile(absolute, 'utf8').catch(() => null);
    if (text === null) continue;
    const ran = ranLines(
      text,
      script.functions.filter(
        (one) => one.functionName !== '' || one.ranges.length > 1 || one.ranges[0]?.startOffset !== 0,
      ),
    );
    if (ran.size > 0) lines.set(path, new Set([...(lines.get(path) ?? []), ...ran]));
  }
};

type Range = { readonly startOffset: number; readonly endOffset: number; readonly count: number };

/** Lines inside functions that ran: wide ranges are painted first, so that the innermost decides. */
const ranLines = (text: string, functions: readonly { readonly ranges: readonly Range[] }[]): Set<number> => {
  const starts = codeStarts(text);
  const ran = new Set<number>();
  const ranges = functions
    .flatMap((one) => one.ranges)
    .sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const range of ranges) {
    if (range.startOffset === 0 && range.endOffset >= text.length - 1) continue;
    for (const [index, start] of starts.entries()) {
      // A range that begins behind a line's code says nothing of that line.
      if (start < range.startOffset || start >= range.endOffset) continue;
      if (range.count > 0) ran.add(index + 1);
      else ran.delete(index + 1);
    }
  }
  return ran;
};

/** Offset of the first character that is no blank, by line. */
const codeStarts = (text: string): readonly number[] => {
  let offset = 0;
  return text.split('\n').map((line) => {
    const start = offset + (line.length - line.trimStart().length);
    offset += line.length + 1;
    return start;
  });
};
