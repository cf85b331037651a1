import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './entry.ts';
import { isSame } from './entry.ts';
import { indexIdentity } from './git-index.ts';
import { branchesElsewhere, type Refs, refsIn, resolveRef, worktreesElsewhere } from './git-refs.ts';
import { type Plan, planBack, planTree, type Stretch } from './plan.ts';
import type { GitRecord, SnapshotRecord } from './record.ts';
import type { TreeReader } from './tree-reader.ts';

/** What is to be done in one git folder. */
export type GitPlan = {
  readonly gitDir: string;
  readonly worktree: string | null;
  readonly files: Plan<Entry>;
  readonly refs: Plan<string>;
  /** The repository as it is to be; null when there was none. */
  readonly target: GitRecord | null;
  readonly now: GitRecord | null;
  /** The commit HEAD meant when the last stretch ended, where it means another now. */
  readonly movedHead: { readonly expected: string | null; readonly now: string | null } | null;
};

/** What a reader of the repository does not depend on: others write it all the time. */
const soft =
  /^(FETCH_HEAD|ORIG_HEAD|COMMIT_EDITMSG|AUTO_MERGE|gc\.log|description|logs\/(?!refs\/stash$).*)$/;
const isRef = (name: string): boolean =>
  name === 'HEAD' || name === 'packed-refs' || name === 'refs' || name.startsWith('refs/');
const isIndex = (name: string): boolean => name === 'index' || name.endsWith('/index');

/** What worktrees have in common, by git's own list (gitrepository-layout); all else there is the main worktree's. */
const isShared = (name: string): boolean =>
  shared.test(name) && name !== 'info/sparse-checkout' && name !== 'logs/HEAD';
const shared =
  /^(branches|common|config|gc\.log|hooks|info|lfs|logs|lost-found|objects|packed-refs|refs|remotes|rr-cache|shallow|svn|worktrees)(\/|$)/;

/** The plans for every repository that any of the stretches touched. */
export const planRepositories = async (input: {
  readonly root: string;
  readonly reader: TreeReader;
  readonly stretches: readonly Stretch[];
  readonly now: SnapshotRecord;
}): Promise<readonly GitPlan[]> => {
  // The paths of a stretch are the workspace's: of a git folder nothing is its own.
  const stretches = input.stretches.map((one) =>
    one.paths === null ? one : { ...one, paths: new Set<string>() },
  );
  const records = [...input.stretches.flatMap(({ before, after }) => [before, after]), input.now];
  const places = new Map<string, GitRecord>();
  for (const record of records) for (const one of record.repositories) places.set(one.gitDir, one);
  // One after another: they share the reader, and there are few.
  const plans: GitPlan[] = [];
  for (const place of places.values()) plans.push(await planRepository({ ...input, stretches }, place));
  return plans;
};

const planRepository = async (
  input: Parameters<typeof planRepositories>[0],
  { gitDir, worktree }: GitRecord,
): Promise<GitPlan> => {
  const { reader, stretches } = input;
  const at = (record: SnapshotRecord | undefined): GitRecord | null =>
    record?.repositories.find((one) => one.gitDir === gitDir) ?? null;
  const treeOf = (record: SnapshotRecord): string | null => at(record)?.tree ?? null;
  const now = at(input.now);
  const left = await planTree({
    reader,
    stretches,
    treeOf,
    now: now?.tree ?? null,
    same: sameInGit(reader),
    part: await ownPart({
      root: input.root,
      reader,
      worktree,
      trees: [stretches[0]?.before, stretches.at(-1)?.after].map(at),
    }),
  });
  const refs = await planRefs(input, { worktree, treeOf });
  return {
    ...{ gitDir, worktree, refs, now },
    files: { steps: left.steps, clashes: left.clashes.filter(({ name }) => !soft.test(name)) },
    target: at(stretches[0]?.before),
    movedHead: await movedHead({ reader, worktree, left: at(stretches.at(-1)?.after), now }),
  };
};

/** Refs are planned for themselves, and another worktree's state is its own as long as it lasts. */
const ownPart = async (input: {
  readonly root: string;
  readonly reader: TreeReader;
  readonly worktree: string | null;
  readonly trees: readonly (GitRecord | null)[];
}): Promise<(name: string) => boolean> => {
  const names = await Promise.all(
    input.trees.map((record) => worktreesElsewhere(input.reader, record?.tree ?? null, input)),
  );
  const lasting = (names[0] ?? []).filter((name) => names[1]?.includes(name));
  const ownHead = input.worktree === null ? 'HEAD' : `worktrees/${input.worktree}/HEAD`;
  return (name) => {
    if (isRef(name) || name === ownHead) return false;
    if (input.worktree !== null && !isShared(name)) return false;
    return !lasting.some((other) => name.startsWith(`worktrees/${other}/`));
  };
};

const sameInGit = (reader: TreeReader) => {
  const identities = new Map<string, Promise<string>>();
  const identity = (hash: string): Promise<string> => {
    const known = identities.get(hash) ?? reader.objects.get(hash).then(indexIdentity);
    identities.set(hash, known);
    return known;
  };
  return async (a: Entry | null, b: Entry | null, name: string): Promise<boolean> => {
    if (isSame(a, b) || !isIndex(name) || a?.type !== 'file' || b?.type !== 'file') return isSame(a, b);
    return (await identity(a.hash)) === (await identity(b.hash));
  };
};

const planRefs = async (
  input: Parameters<typeof planRepositories>[0],
  given: {
    readonly worktree: string | null;
    readonly treeOf: (record: SnapshotRecord) => string | null;
  },
): Promise<Plan<string>> => {
  const { reader, now } = input;
  const { worktree, treeOf } = given;
  const nowTree = treeOf(now);
  const elsewhere =
    nowTree === null
      ? new Set<string>()
      : await branchesElsewhere(reader, nowTree, { root: input.root, worktree });
  const refsOf = (record: SnapshotRecord): Promise<Refs> => refsIn(reader, treeOf(record), worktree);
  const refsNow = await refsOf(now);
  const stretches = [];
  for (const { before, after, paths, forced } of input.stretches) {
    const untouched = paths !== null || treeOf(before) === treeOf(after);
    const [old, fresh] = untouched ? [refsNow, refsNow] : [await refsOf(before), await refsOf(after)];
    const names = [...new Set([...old.keys(), ...fresh.keys()])].filter(
      (name) => old.get(name) !== fresh.get(name) && !elsewhere.has(name),
    );
    const changes = new Map(
      names.map((name) => [name, { before: old.get(name) ?? null, after: fresh.get(name) ?? null }]),
    );
    stretches.push({ forced, changes });
  }
  return planBack({
    stretches,
    now: async (name) => refsNow.get(name) ?? null,
    same: (a, b) => a === b,
  });
};

const movedHead = async (input: {
  readonly reader: TreeReader;
  readonly worktree: string | null;
  readonly left: GitRecord | null;
  readonly now: GitRecord | null;
}): Promise<GitPlan['movedHead']> => {
  const { reader, worktree } = input;
  if (input.left === null || input.now === null || input.left.tree === input.now.tree) return null;
  const expected = resolveRef(await refsIn(reader, input.left.tree, worktree), 'HEAD');
  const now = resolveRef(await refsIn(reader, input.now.tree, worktree), 'HEAD');
  return expected === now ? null : { expected, now };
};

/** The lock of a git command that is at work in a repository, null when there is none. */
export const lockOf = (gitDir: string): string | null =>
  ['index.lock', 'HEAD.lock', 'packed-refs.lock'].find((name) => existsSync(join(gitDir, name))) ?? null;
