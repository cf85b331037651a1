import type { Conflict, Restored, RestoreRequest } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import { applySteps } from './apply.ts';
import { sideOf } from './changes.ts';
import type { Entry } from './entry.ts';
import type { Objects } from './objects.ts';
import { seenOnDisk } from './on-disk.ts';
import { type Clash, type Plan, planTree, type Stretch } from './plan.ts';
import { type GitPlan, lockOf, planRepositories } from './plan-git.ts';
import { readRecord, type SnapshotRecord } from './record.ts';
import { putRepositoryBack } from './restore-git.ts';
import { TreeReader } from './tree-reader.ts';
import { unifiedDiff } from './unified-diff.ts';

/** A person looks at the first screens of a difference. */
const maxDiffLines = 120;

type Input = {
  readonly root: string;
  readonly folder: string;
  readonly objects: Objects;
  readonly request: RestoreRequest;
};

/** Goes back over the segments of a request. Done again after a kill, it completes what was begun. */
export const restoreSnapshots = async (input: Input): Promise<Restored> => {
  const { request, objects, root } = input;
  const now = await readRecord(input.folder, request.now);
  const stretches = await readStretches(input, now);
  const reader = new TreeReader(objects);
  const unkept = new Set<string>();
  const plan = await planFiles({ ...input, reader, stretches, now, unkept });
  const repositories = await planRepositories({ root, reader, stretches, now });
  const conflicts = [...(await fileConflicts(objects, plan)), ...(await gitConflicts(objects, repositories))];
  const head = hasSteps(plan, repositories) ? headConflicts(repositories) : [];
  if (request.others !== 'overwrite' && head.length > 0)
    return { files: [], refs: [], conflicts: [...head, ...conflicts] };
  if (request.others === 'refuse' && conflicts.length > 0) return { files: [], refs: [], conflicts };
  refuseBusyGit(repositories, request);
  const chosen = choose(request, plan, unkept);
  const blocked: string[] = [];
  for (const one of repositories) {
    const git = {
      ...one,
      files: choose(request, one.files, unkept),
      refs: choose(request, one.refs, unkept),
    };
    blocked.push(...(await putRepositoryBack({ ...input, plan: git })));
  }
  const unchanged = await applySteps({ root, objects, steps: chosen.steps });
  const failed = new Set(unchanged);
  const refs = repositories.flatMap(({ refs: of }) =>
    choose(request, of, unkept).steps.map(({ name }) => name),
  );
  return {
    files: chosen.steps
      .map(({ name }) => name)
      .filter((name) => !failed.has(name))
      .sort(),
    refs: [...new Set(refs)].sort(),
    conflicts: [
      ...(request.others === 'leave' ? conflicts : conflicts.filter(({ path }) => unkept.has(path))),
      ...[...unchanged, ...blocked].map((path) => ({ path, diff: 'something else is in its place\n' })),
    ],
  };
};

const readStretches = async (input: Input, now: SnapshotRecord): Promise<readonly Stretch[]> => {
  const read = (id: string): Promise<SnapshotRecord> => readRecord(input.folder, id);
  const stretches: Stretch[] = [];
  for (const { before, after, paths, forced } of input.request.segments)
    stretches.push({
      before: await read(before),
      after: after === null ? now : await read(after),
      paths: paths === undefined ? null : new Set(paths),
      forced: forced === true,
    });
  return stretches;
};

const planFiles = (
  input: Input & {
    readonly reader: TreeReader;
    readonly stretches: readonly Stretch[];
    readonly now: SnapshotRecord;
    readonly unkept: Set<string>;
  },
): Promise<Plan<Entry>> =>
  planTree({
    ...input,
    treeOf: (record) => record.tree,
    now: async (name) => {
      const entry = await input.reader.at(input.now.tree, name);
      if (entry?.type !== 'left') return entry;
      // What is there now is in no snapshot: it may only go when the store has it all the same.
      const seen = await seenOnDisk(input.root, name);
      if (seen !== null && !input.objects.has(seen.hash)) input.unkept.add(name);
      return seen;
    },
  });

const choose = <T>(request: RestoreRequest, plan: Plan<T>, unkept: ReadonlySet<string>): Plan<T> =>
  request.others === 'overwrite'
    ? { steps: [...plan.steps, ...plan.clashes.filter(({ name }) => !unkept.has(name))], clashes: [] }
    : plan;

const hasSteps = (plan: Plan<Entry>, repositories: readonly GitPlan[]): boolean =>
  [plan, ...repositories.flatMap(({ files, refs }) => [files, refs])].some(({ steps }) => steps.length > 0);

const fileConflicts = (objects: Objects, plan: Plan<Entry>): Promise<readonly Conflict[]> =>
  Promise.all(plan.clashes.map((clash) => conflictOf(objects, clash, clash.name)));

const conflictOf = async (objects: Objects, clash: Clash<Entry>, path: string): Promise<Conflict> => {
  const now = clash.now !== null && objects.has(clash.now.hash) ? clash.now : null;
  const sides = { before: await sideOf(objects, clash.expected), after: await sideOf(objects, now) };
  if (sides.before === null && sides.after === null) return { path, diff: '' };
  const lines = unifiedDiff({ path, ...sides }).diff.split('\n');
  const more = lines.length > maxDiffLines ? [`(${lines.length - maxDiffLines} more lines)`, ''] : [];
  return { path, diff: [...lines.slice(0, maxDiffLines), ...more].join('\n') };
};

const gitConflicts = async (
  objects: Objects,
  repositories: readonly GitPlan[],
): Promise<readonly Conflict[]> => {
  const conflicts: Conflict[] = [];
  for (const { gitDir, files, refs } of repositories) {
    for (const { name, expected, now } of refs.clashes)
      conflicts.push({ path: name, diff: moved(name, expected, now) });
    for (const { name, expected, now } of files.clashes)
      conflicts.push(
        name.endsWith('index') || expected === null || now === null
          ? { path: `${gitDir}/${name}`, diff: '' }
          : await conflictOf(objects, { name, expected, now, target: null }, `${gitDir}/${name}`),
      );
  }
  return conflicts;
};

const headConflicts = (repositories: readonly GitPlan[]): readonly Conflict[] =>
  repositories.flatMap(({ movedHead }) =>
    movedHead === null ? [] : [{ path: 'HEAD', diff: moved('HEAD', movedHead.expected, movedHead.now) }],
  );

const moved = (name: string, expected: string | null, now: string | null): string =>
  `-${name} ${expected ?? '(nothing)'}\n+${name} ${now ?? '(nothing)'}\n`;

const refuseBusyGit = (repositories: readonly GitPlan[], request: RestoreRequest): void => {
  if (request.others === 'overwrite') return;
  for (const { gitDir, files, refs } of repositories) {
    const lock = files.steps.length + refs.steps.length > 0 ? lockOf(gitDir) : null;
    if (lock === null) continue;
    throw new AppError(
      'conflict',
      `git is at work in ${gitDir}; try again when it is done. If nothing runs there, remove ${gitDir}/${lock}.`,
    );
  }
};
