import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '@tandem/core';
import { answer, type Intent, remembered } from '@tandem/merge';
import { AppError, isAppError } from '@tandem/protocol';
import { acquireLock } from '../store/lock.ts';
import { closeAside, openAside } from './aside.ts';
import { type Answers, conclude, finish, keep, type MergeRun, type Parts, reportOf } from './conclude.ts';
import type { MergeReport, Point } from './conflict.ts';
import { forgetKept, type Kept, readKept, readOpenFiles, writeKept } from './kept.ts';
import { forgetOngoing, land, refuseInTheWay } from './land.ts';
import { mergeTree } from './merge-tree.ts';
import {
  branchName,
  findPlace,
  type Head,
  headOf,
  listed,
  type Place,
  printable,
  refuseOngoing,
  resolveRef,
} from './place.ts';
import { recall, remembers } from './rerere.ts';
import { mergeText, type TextMerge } from './text-merge.ts';

export type MergeGateOptions = Parts & {
  /** A folder in the working tree that is merged into. */
  readonly folder: string;
  readonly stateDir: string;
  readonly ids: Ids;
  readonly now: () => string;
};

/**
 * Merges a commit into the branch that stands here, as a commit of its own. The person's files, index and branch are touched
 * once, at the end, when everything is decided and checked; until then a merge is a record in the state folder.
 * One process at a time. @throws AppError usage | conflict | busy | not_found | configuration
 */
export type MergeGate = {
  /** Null merges what the branch follows. */
  readonly start: (ref: string | null, run: MergeRun) => Promise<MergeReport>;
  /** Goes on with a merge that was left open, or that a kill cut off. */
  readonly resume: (run: MergeRun) => Promise<MergeReport>;
  /** Everything as it was before it began. */
  readonly abandon: () => Promise<MergeReport>;
};

export const createMergeGate = (options: MergeGateOptions): MergeGate => {
  const alone = async (work: (place: Place) => Promise<MergeReport>): Promise<MergeReport> => {
    const place = await findPlace(options.folder, await stateFolder(options.stateDir));
    const lock = await acquireLock(join(place.folder, 'lock'), process.pid).catch((error: unknown) => {
      throw isAppError(error) && error.code === 'busy' ? busy(error) : error;
    });
    try {
      return await work(place);
    } finally {
      await lock.release();
    }
  };
  return {
    start: (ref, run) => alone((place) => start(place, ref, run, options)),
    resume: (run) => alone((place) => resume(place, run, options)),
    abandon: () => alone(abandon),
  };
};

const stateFolder = (path: string): Promise<string> => realpath(path).catch(() => path);

const busy = ({ details }: AppError): AppError =>
  new AppError('busy', `Process ${String(details.pid)} is merging here; wait for it, or end it there.`, {
    details,
  });

const start = async (
  place: Place,
  ref: string | null,
  run: MergeRun,
  options: MergeGateOptions,
): Promise<MergeReport> => {
  const open = await readKept(place);
  if (open !== null) throw unfinished(open);
  await refuseOngoing(place);
  const into = await headOf(place);
  const from = await resolveRef(place, ref);
  const isOld = await place.git.ask(['merge-base', '--is-ancestor', from.commit, into.commit]);
  if (isOld.exit === 0) return upToDate(place, into, from);
  await refuseNobody(place);
  await refuseUnsigned(place, from);
  const asked = await mergeTree(place.git, into, from);
  run.signal.throwIfAborted();
  await refuseInTheWay(place, into.commit, asked.tree);
  const snapshot = options.ids.next('snp');
  const { notes } = await (await options.workspace(place.top)).snapshot(snapshot);
  const fresh: Kept = {
    ...{ v: 1, at: options.now(), into, from, asked, texts: [], choices: {}, snapshot, notes, landing: null },
  };
  const texts = await settleTexts(place, fresh, run, options);
  return decide(place, { ...fresh, texts }, { run, options, isFresh: true });
};

const upToDate = (place: Place, into: Head, from: Point): MergeReport => {
  const asked = { tree: '', texts: [], paths: [] };
  const kept = { into, from, asked, texts: [], choices: {}, snapshot: null, notes: [], landing: null };
  return reportOf(place, { v: 1, at: '', ...kept }, 'up_to_date');
};

const unfinished = ({ at, from, into, landing }: Kept): AppError =>
  new AppError(
    'conflict',
    `A merge of ${printable(from.name)} into ${printable(branchName(into))} from ${at} ${landing === null ? 'is open' : 'was cut off while it changed files'} here: tandem merge --continue ends it, tandem merge --abort takes it back.`,
  );

/** @throws AppError configuration before any work is done for a commit that cannot be made */
const refuseNobody = async ({ git }: Place): Promise<void> => {
  for (const name of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'])
    if ((await git.ask(['var', name])).exit !== 0)
      throw new AppError(
        'configuration',
        'git does not know who commits: git config --global user.name "…" and user.email "…", then again.',
      );
};

/** Where git would merge only what is signed, so do we. */
const refuseUnsigned = async ({ git }: Place, from: Point): Promise<void> => {
  const told = await git.ask(['config', '--type=bool', 'merge.verifySignatures']);
  if (told.stdout.toString().trim() !== 'true') return;
  if ((await git.ask(['verify-commit', from.commit])).exit !== 0)
    throw new AppError(
      'conflict',
      `${printable(from.name)} has no good signature, and merge.verifySignatures asks for one.`,
    );
};

/** What git remembers, then structure, then the model. */
const settleTexts = async (
  place: Place,
  kept: Kept,
  run: MergeRun,
  { syntaxError, mergeTexts }: Parts,
): Promise<readonly TextMerge[]> => {
  const { asked, from, into } = kept;
  if (asked.texts.length === 0) return [];
  const aside = await openAside(join(place.folder, 'aside'), { ...place, from });
  const known = (await remembers(aside, place.common))
    ? await recall(aside, asked)
    : new Map<string, Buffer>();
  await closeAside(aside);
  const labels = { ours: branchName(into), base: 'base', theirs: printable(from.name) };
  const parses = async (path: string, text: string): Promise<boolean> =>
    (await syntaxError(path, text)) === null;
  const texts: TextMerge[] = [];
  for (const conflict of asked.texts) {
    run.signal.throwIfAborted();
    const merge = await mergeText(place.git, conflict, {
      ...{ mergeTexts, labels, parses, intent: intentOf(place, kept), signal: run.signal },
      propose: known.has(conflict.path) ? null : (run.propose ?? null),
    });
    const text = known.get(conflict.path)?.toString(merge.encoding);
    texts.push({ ...merge, ...(text === undefined ? null : remembered(merge, text)) });
  }
  return texts;
};

/** What each side says it did to a path. */
const intentOf =
  ({ git }: Place, { into, from }: Kept) =>
  async (path: string): Promise<Intent> => {
    const subjects = async (side: string, other: string): Promise<readonly string[]> =>
      (await git.get(['log', '-3', '--format=%s', side, `^${other}`, '--', path]))
        .split('\n')
        .filter((one) => one !== '');
    return {
      ours: await subjects(into.commit, from.commit),
      theirs: await subjects(from.commit, into.commit),
    };
  };

/** Who wants none of it finds nothing changed: a merge that has just begun is forgotten, an older one stays open. */
const decide = async (
  place: Place,
  kept: Kept,
  {
    run,
    options,
    isFresh,
  }: { readonly run: MergeRun; readonly options: MergeGateOptions; readonly isFresh: boolean },
): Promise<MergeReport> => {
  let now = chosen(kept, run.choices ?? {});
  const isOpen = (): boolean => {
    const { open, openPaths } = reportOf(place, now);
    return open.length + openPaths.length > 0;
  };
  if (isOpen() && run.person !== undefined) {
    await writeKept(place, now);
    const answers = await run.person(reportOf(place, now));
    if (answers === null && !isFresh) return keep(place, now, 'open');
    if (answers === null) {
      await forgetKept(place);
      return reportOf(place, now, 'abandoned');
    }
    now = chosen(answered(now, answers), answers.choices);
  }
  return isOpen() ? keep(place, now, 'open') : conclude(place, now, run, options);
};

/** @throws AppError usage for a path that is not in conflict, or a side that it does not have */
const chosen = (kept: Kept, choices: Answers['choices']): Kept => {
  const texts = [...kept.texts];
  const taken: Record<string, Answers['choices'][string]> = {};
  for (const [path, choice] of Object.entries(choices)) {
    const at = texts.findIndex((merge) => merge.path === path);
    const conflict = kept.asked.paths.find(({ paths }) => paths.includes(path));
    const offered = conflict?.choices.map((one) => one.choice) ?? (at === -1 ? [] : ['ours', 'theirs']);
    if (!offered.includes(choice))
      throw new AppError(
        'usage',
        offered.length === 0
          ? `${printable(path)} is not in conflict; these are: ${listed(reportPaths(kept))}`
          : `${printable(path)} has no choice ${choice}; it has ${offered.join(', ')}`,
      );
    if (conflict !== undefined) taken[conflict.paths[0] ?? ''] = choice;
    else if (choice !== 'both') {
      const merge = texts[at] as TextMerge;
      texts[at] = { ...merge, ...answer(merge, choice, (hunk) => hunk[choice]) };
    }
  }
  return { ...kept, texts, choices: { ...kept.choices, ...taken } };
};

const reportPaths = ({ texts, asked }: Kept): readonly string[] => [
  ...texts.map(({ path }) => path),
  ...asked.paths.flatMap(({ paths }) => paths),
];

const answered = (kept: Kept, { hunks }: Answers): Kept => ({
  ...kept,
  texts: kept.texts.map((merge) => {
    const of = (index: number): string | undefined =>
      hunks.find((one) => one.path === merge.path && one.index === index)?.text;
    return { ...merge, ...answer(merge, 'asked', (_hunk, index) => of(index)) };
  }),
});

const required = async (place: Place): Promise<Kept> => {
  const kept = await readKept(place);
  if (kept === null)
    throw new AppError('usage', 'No merge of tandem is open here; tandem merge REF begins one.');
  return kept;
};

const resume = async (place: Place, run: MergeRun, options: MergeGateOptions): Promise<MergeReport> => {
  const kept = await required(place);
  const { commit } = await headOf(place);
  if (kept.landing !== null) {
    const { way } = kept.landing;
    if (commit !== way.from && commit !== way.to) throw movedOn(kept);
    await forgetOngoing(place, way.other);
    await refuseOngoing(place);
    if (commit !== way.to) await land(place, way, true);
    return finish(place, kept, run.signal);
  }
  await refuseOngoing(place);
  if (commit !== kept.into.commit) throw movedOn(kept);
  const texts = await readOpenFiles(place, kept.texts);
  return decide(place, { ...kept, texts }, { run, options, isFresh: false });
};

const movedOn = ({ from }: Kept): AppError =>
  new AppError(
    'conflict',
    `HEAD is not where the merge of ${printable(from.name)} began: somebody went on here. tandem merge --abort forgets that merge and leaves everything as it is.`,
  );

const abandon = async (place: Place): Promise<MergeReport> => {
  const kept = await required(place);
  const { commit } = await headOf(place);
  const way = kept.landing?.way;
  if (way !== undefined && (commit === way.from || commit === way.to)) {
    const reason = `tandem merge --abort ${printable(kept.from.name)}`;
    await forgetOngoing(place, way.other);
    await refuseOngoing(place);
    await land(place, { ...way, from: way.to, to: way.from, other: '', reason }, true);
  }
  const report = reportOf(place, kept, 'abandoned');
  await forgetKept(place);
  return { ...report, open: [], openPaths: [], files: [], snapshot: kept.snapshot };
};
