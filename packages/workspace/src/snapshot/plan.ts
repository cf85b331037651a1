import type { Entry } from './entry.ts';
import { isSame } from './entry.ts';
import type { SnapshotRecord } from './record.ts';
import type { TreeReader } from './tree-reader.ts';

/** A segment with its snapshots read. */
export type Stretch = {
  readonly before: SnapshotRecord;
  readonly after: SnapshotRecord;
  readonly paths: ReadonlySet<string> | null;
  readonly forced: boolean;
};

/** What is to be done about one name: `target` to be put where `now` is. Null: nothing. */
export type Step<T> = { readonly name: string; readonly target: T | null; readonly now: T | null };

/** A name that somebody else has changed since the agent left `expected` there. */
export type Clash<T> = Step<T> & { readonly expected: T | null };

export type Plan<T> = { readonly steps: readonly Step<T>[]; readonly clashes: readonly Clash<T>[] };

type Span<T> = { target: T | null; expected: T | null; torn: boolean };

/**
 * Goes back over stretches of work, oldest first: each name gets what it had before the first that changed it. It
 * clashes where it is no longer what the last of them left, or was changed by somebody between two of them.
 */
export const planBack = async <T>(input: {
  /** For each stretch, oldest first, the names that it changed. */
  readonly stretches: readonly {
    readonly forced: boolean;
    readonly changes: ReadonlyMap<string, { readonly before: T | null; readonly after: T | null }>;
  }[];
  readonly now: (name: string) => Promise<T | null>;
  readonly same: (a: T | null, b: T | null, name: string) => Promise<boolean> | boolean;
}): Promise<Plan<T>> => {
  const { same } = input;
  const spans = new Map<string, Span<T>>();
  for (const { forced, changes } of input.stretches) {
    for (const [name, { before, after }] of changes) {
      const span = spans.get(name);
      if (span === undefined) spans.set(name, { target: before, expected: after, torn: false });
      else {
        if (!forced && !(await same(span.expected, before, name))) span.torn = true;
        span.expected = after;
      }
    }
  }
  const steps: Step<T>[] = [];
  const clashes: Clash<T>[] = [];
  for (const [name, { target, expected, torn }] of spans) {
    if (await same(target, expected, name)) continue;
    const now = await input.now(name);
    if (await same(now, target, name)) continue;
    if (torn || !(await same(now, expected, name))) clashes.push({ name, target, now, expected });
    else steps.push({ name, target, now });
  }
  return { steps, clashes };
};

/** The plan for the files of one tree: the workspace's, or a git folder's. */
export const planTree = async (input: {
  readonly reader: TreeReader;
  readonly stretches: readonly Stretch[];
  readonly treeOf: (record: SnapshotRecord) => string | null;
  /** Hash of the tree as it is now, or how to find an entry of it. */
  readonly now: string | null | ((name: string) => Promise<Entry | null>);
  readonly same?: (a: Entry | null, b: Entry | null, name: string) => Promise<boolean> | boolean;
  readonly part?: (name: string) => boolean;
}): Promise<Plan<Entry>> => {
  const { reader, treeOf, part } = input;
  const stretches = await Promise.all(
    input.stretches.map(async ({ before, after, paths, forced }) => {
      const changes = new Map(await reader.changes(treeOf(before), treeOf(after)));
      for (const name of changes.keys())
        if ((paths !== null && !isWithin(name, paths)) || part?.(name) === false) changes.delete(name);
      return { forced, changes };
    }),
  );
  const { now, same = isSame } = input;
  return planBack({ stretches, now: typeof now === 'function' ? now : (name) => reader.at(now, name), same });
};

/** One of the paths, or a folder above one. */
const isWithin = (name: string, paths: ReadonlySet<string>): boolean =>
  paths.has(name) || [...paths].some((path) => path.startsWith(`${name}/`));
