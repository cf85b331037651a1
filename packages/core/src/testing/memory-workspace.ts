import { AppError } from '@tandem/protocol';
import type { Restored, RestoreRequest } from '../keeping.ts';
import type {
  BackgroundCommand,
  RunRequest,
  RunResult,
  ScratchWorkspace,
  StartRequest,
  Workspace,
} from '../ports.ts';
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
    start: (request) => startIn(request, files, options.run),
    snapshot: async (id) => {
      snapshots.set(id, new Map(files));
      return { notes: [] };
    },
    diffSince: async (id) => diffMaps(stored(id), files),
    restore: async (request) => restoreMaps(request, stored, files),
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

/** What runs is over when its `run` resolves, or when it is killed. */
const startIn = async (
  request: StartRequest,
  files: MemoryFiles,
  run?: MemoryRun,
): Promise<BackgroundCommand> => {
  const control = new AbortController();
  const signal = AbortSignal.any([request.signal, control.signal]);
  let output = '';
  let exit: number | null = null;
  const onOutput = (text: string): void => {
    output += text;
  };
  const ended = new Promise<number>((resolve) => {
    signal.addEventListener('abort', () => resolve(143), { once: true });
    const running = runIn({ ...request, signal, onOutput, timeoutMs: 0 }, files, run);
    running.then(
      (result) => resolve(result.exit),
      () => resolve(143),
    );
  });
  const exited = ended.then((code) => {
    exit = code;
    return code;
  });
  const kill = (): Promise<number> => {
    control.abort();
    return exited;
  };
  return { output: () => output, exit: () => exit, exited, kill };
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

const restoreMaps = (
  request: RestoreRequest,
  stored: (id: string) => ReadonlyMap<string, string>,
  files: MemoryFiles,
): Restored => {
  const spans = new Map<
    string,
    { readonly target: string | undefined; expected: string | undefined; torn: boolean }
  >();
  for (const { before, after, paths, forced } of request.segments) {
    const old = stored(before);
    const fresh = stored(after ?? request.now);
    for (const path of new Set([...old.keys(), ...fresh.keys()])) {
      if (old.get(path) === fresh.get(path) || paths?.includes(path) === false) continue;
      const span = spans.get(path);
      if (span === undefined)
        spans.set(path, { target: old.get(path), expected: fresh.get(path), torn: false });
      else {
        span.torn ||= forced !== true && span.expected !== old.get(path);
        span.expected = fresh.get(path);
      }
    }
  }
  const open = [...spans].filter(
    ([path, { target, expected }]) => target !== expected && target !== files.get(path),
  );
  const clashes = open.filter(([path, { expected, torn }]) => torn || files.get(path) !== expected);
  const conflicts = clashes.map(([path, { expected }]) => ({
    path,
    diff: unifiedDiff(path, expected ?? null, files.get(path) ?? null).diff,
  }));
  if (request.others === 'refuse' && clashes.length > 0) return { files: [], refs: [], conflicts };
  const chosen = request.others === 'overwrite' ? open : open.filter((one) => !clashes.includes(one));
  for (const [path, { target }] of chosen) {
    if (target === undefined) files.delete(path);
    else files.set(path, target);
  }
  return {
    files: chosen.map(([path]) => path).sort(),
    refs: [],
    conflicts: request.others === 'overwrite' ? [] : conflicts,
  };
};
