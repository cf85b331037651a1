import { AppError } from '@tandem/protocol';
import type { RunRequest, RunResult, ScratchWorkspace, Workspace } from '../ports.ts';
import { unifiedDiff } from '../tool/unified-diff.ts';

export type MemoryFiles = Map<string, string>;

/** What a command does to the files, and what it prints. */
export type MemoryRun = (
  request: RunRequest,
  files: MemoryFiles,
) => Promise<Partial<RunResult>> | Partial<RunResult>;

export type MemoryWorkspace = Workspace & {
  readonly files: MemoryFiles;
  readonly snapshots: Map<string, ReadonlyMap<string, string>>;
};

export type MemoryWorkspaceOptions = {
  readonly run?: MemoryRun;
  readonly root?: string;
  /** Shared with another workspace, as a process that starts again finds the snapshots of the one before. */
  readonly snapshots?: Map<string, ReadonlyMap<string, string>>;
};

/** A Workspace of text files in memory. */
export const memoryWorkspace = (
  initial: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
  options: MemoryWorkspaceOptions = {},
): MemoryWorkspace => {
  const files: MemoryFiles = new Map(initial instanceof Map ? initial : Object.entries(initial));
  const snapshots = options.snapshots ?? new Map<string, ReadonlyMap<string, string>>();
  const root = options.root ?? '/memory';
  const stored = (id: string): ReadonlyMap<string, string> => {
    const found = snapshots.get(id);
    if (found === undefined) throw new AppError('not_found', `there is no snapshot ${id}`);
    return found;
  };
  return {
    root,
    files,
    snapshots,
    read: async (path) => {
      const text = files.get(inside(path));
      return text === undefined ? null : { path, text, eol: 'lf', bom: false };
    },
    write: async (path, text) => {
      files.set(inside(path), text);
    },
    remove: async (path) => {
      files.delete(inside(path));
    },
    list: async ({ glob, limit = 20_000 } = {}) =>
      [...files.keys()].filter(matcher(glob)).sort().slice(0, limit),
    grep: async ({ pattern, glob, limit, ignoreCase }) => {
      const expression = new RegExp(pattern, ignoreCase ? 'i' : '');
      return [...files.keys()]
        .filter(matcher(glob))
        .sort()
        .flatMap((path) =>
          (files.get(path) ?? '').split('\n').map((text, index) => ({ path, line: index + 1, text })),
        )
        .filter((hit) => expression.test(hit.text))
        .slice(0, limit);
    },
    run: (request) => runIn(request, files, options.run),
    snapshot: async (id) => {
      snapshots.set(id, new Map(files));
    },
    diffSince: async (id) => diffMaps(stored(id), files),
    restore: async (id) => restoreMap(stored(id), files),
    scratch: async (name): Promise<ScratchWorkspace> => ({
      ...memoryWorkspace(files, { ...options, root: `${root}/${name}` }),
      dispose: async () => {},
    }),
  };
};

const inside = (path: string): string => {
  if (path.startsWith('/') || path.startsWith('~') || path.split('/').includes('..'))
    throw new AppError('usage', `${path} is outside the workspace; use a path relative to its root`);
  return path.replace(/^\.\//, '');
};

const matcher = (glob: string | undefined): ((path: string) => boolean) => {
  if (glob === undefined) return () => true;
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (part) =>
      part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : part === '*' ? '[^/]*' : '[^/]',
    );
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(glob.includes('/') ? path : (path.split('/').at(-1) ?? path));
};

const runIn = async (request: RunRequest, files: MemoryFiles, run?: MemoryRun): Promise<RunResult> => {
  request.signal.throwIfAborted();
  const result = (await run?.(request, files)) ?? { exit: 127, output: 'command not found' };
  request.signal.throwIfAborted();
  if (result.output !== undefined) request.onOutput?.(result.output);
  return { exit: 0, output: '', timedOut: false, ms: 0, ...result };
};

const diffMaps = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Awaited<ReturnType<Workspace['diffSince']>> => {
  const diffs = [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => unifiedDiff(path, before.get(path) ?? null, after.get(path) ?? null));
  return { diff: diffs.map((one) => one.diff).join(''), files: diffs.map((one) => one.file) };
};

const restoreMap = (from: ReadonlyMap<string, string>, files: MemoryFiles): readonly string[] => {
  const changed = [...new Set([...from.keys(), ...files.keys()])].filter(
    (path) => from.get(path) !== files.get(path),
  );
  for (const path of changed) {
    const text = from.get(path);
    if (text === undefined) files.delete(path);
    else files.set(path, text);
  }
  return changed.sort();
};
