import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeKnowledge, Workspace } from '@tandem/core';
import {
  droppedLines,
  joinPieces,
  type Merged,
  type MergeInput,
  openHunks,
  type ProposeHunk,
  settledHunks,
  textOf,
} from '@tandem/merge';
import { AppError } from '@tandem/protocol';
import { replaceFile } from '../files/write.ts';
import { closeAside, openAside } from './aside.ts';
import { checkMerge, runHook } from './checks.ts';
import type { Choice, MergeReport, PathConflict } from './conflict.ts';
import { createGit, said } from './git.ts';
import { bytesOf, forgetKept, type Kept, openFile, writeKept, writeOpenFiles } from './kept.ts';
import { type Landing, land, refuseInTheWay } from './land.ts';
import { mergeMessage } from './message.ts';
import { branchName, headOf, type Place, printable } from './place.ts';
import { remember, remembers } from './rerere.ts';
import { type WrittenText, writeResult } from './result-tree.ts';
import type { TextMerge } from './text-merge.ts';

export type Answers = {
  /** `index` counts the open hunks of that path. */
  readonly hunks: readonly { readonly path: string; readonly index: number; readonly text: string }[];
  /** By the first path of the conflict. */
  readonly choices: Readonly<Record<string, Choice>>;
};

/** Asks a person about all that is open; null when they want none of it. */
export type Person = (report: MergeReport) => Promise<Answers | null>;

export type MergeRun = {
  /** Absent: what structure does not settle is a person's. */
  readonly propose?: ProposeHunk;
  /** Absent: nobody can be asked, and what is open is kept for later. */
  readonly person?: Person;
  readonly verify?: { readonly command: string; readonly timeoutMs: number };
  /** Sides already chosen, by path. */
  readonly choices?: Readonly<Record<string, Choice>>;
  readonly signal: AbortSignal;
};

export type Parts = {
  readonly workspace: (top: string) => Promise<Workspace>;
  readonly syntaxError: CodeKnowledge['syntaxError'];
  readonly mergeTexts: (input: MergeInput) => Promise<Merged>;
};

/** What is known of a merge that is not at its end. */
export const reportOf = (place: Place, kept: Kept, status: MergeReport['status'] = 'open'): MergeReport => {
  const { into, from, asked, texts, choices, snapshot, notes } = kept;
  const isOpen = ({ paths }: PathConflict): boolean => choices[paths[0] ?? ''] === undefined;
  return {
    ...{ status, from, commit: null, changed: 0, snapshot, notes, verify: null },
    into: { name: branchName(into), commit: into.commit },
    conflicted: [...texts.map(({ path }) => path), ...asked.paths.map(({ paths }) => paths[0] ?? '')],
    settled: texts.flatMap(settledHunks),
    settledPaths: asked.paths.flatMap(({ kind, paths: [path = ''] }) => {
      const choice = choices[path];
      return choice === undefined ? [] : [{ path, kind, choice }];
    }),
    dropped: texts.flatMap((merge) =>
      openHunks(merge.pieces).length > 0
        ? []
        : droppedLines(merge.versions, textOf(merge)).map((line) => ({ path: merge.path, ...line })),
    ),
    open: texts.flatMap(openIn),
    openPaths: asked.paths.filter(isOpen),
    files: texts.map(({ conflict: { path } }) => ({ path, file: openFile(place, texts, path) })),
  };
};

const openIn = ({ conflict: { path, kind }, pieces, markers }: TextMerge): MergeReport['open'] => {
  const { lines } = joinPieces(pieces, markers);
  return pieces.flatMap((piece, index) =>
    piece.type === 'open' ? [{ path, kind, line: lines[index] ?? 1, hunk: piece.hunk }] : [],
  );
};

/** Everything is decided: checks it, commits it and brings the person's files to it. */
export const conclude = async (
  place: Place,
  kept: Kept,
  run: MergeRun,
  parts: Parts,
): Promise<MergeReport> => {
  const unread = await unreadable(kept, parts);
  const fresh = unread.filter((note) => !kept.notes.includes(note));
  if (fresh.length > 0) return keep(place, { ...kept, notes: [...kept.notes, ...fresh] }, 'open');
  const written = kept.texts.map((merge): WrittenText => {
    const { path, mode } = merge.conflict;
    return { path, mode, bytes: bytesOf(merge) };
  });
  const tree = await resultOf(place, kept, written);
  await keep(place, kept, 'open');
  await refuseInTheWay(place, kept.into.commit, tree);
  const report = reportOf(place, kept, 'merged');
  const verified = run.verify === undefined ? null : { command: run.verify.command, exit: 0, output: '' };
  const message = await mergeMessage(place, { ...report, verify: verified }, kept.from);
  const checked = await checkMerge({
    ...{ git: place.git, place: { ...place, from: kept.from }, folder: join(place.folder, 'aside') },
    ...{ workspace: await parts.workspace(place.top), head: kept.into.commit, tree, message },
    ...{ verify: run.verify ?? null, signal: run.signal },
  });
  if (checked.verify !== null && checked.verify.exit !== 0)
    return { ...reportOf(place, kept, 'verify_failed'), verify: checked.verify };
  if (checked.refusal !== null) {
    const { hook, output } = checked.refusal;
    const notes = [...kept.notes, `the hook ${hook} refused: ${output.trim()}`];
    return { ...reportOf(place, kept, 'hook_failed'), verify: checked.verify, notes };
  }
  const byHooks = checked.tree === tree ? [] : ['a hook changed what is committed'];
  const to = await commit(place, kept, checked);
  const way: Landing = {
    ...{ from: kept.into.commit, to, other: kept.from.commit, message: checked.message },
    reason: `tandem merge ${printable(kept.from.name)}`,
  };
  const changed = await refuseInTheWay(place, way.from, to);
  const notes = [...kept.notes, ...byHooks];
  const done = { ...report, commit: to, changed, verify: checked.verify, files: [], notes };
  const landing: Kept = { ...kept, landing: { way, report: done } };
  // From here on it is ended, whatever is pressed.
  run.signal.throwIfAborted();
  await writeKept(place, landing);
  await land(place, way, false);
  return finish(place, landing, run.signal);
};

/** Kept for `--continue`, with the texts where a person can edit them. */
export const keep = async (place: Place, kept: Kept, status: MergeReport['status']): Promise<MergeReport> => {
  await writeKept(place, kept);
  await writeOpenFiles(place, kept.texts);
  return reportOf(place, kept, status);
};

/** Files that no longer parse although both sides did. Said once; who goes on after that has been told. */
const unreadable = async (kept: Kept, { syntaxError }: Parts): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const merge of kept.texts) {
    const { path, versions } = merge;
    const error = await syntaxError(path, textOf(merge));
    if (error === null) continue;
    if ((await syntaxError(path, versions.ours)) !== null) continue;
    if ((await syntaxError(path, versions.theirs)) !== null) continue;
    notes.push(`${printable(path)} does not parse as merged: line ${error.line}: ${error.message}`);
  }
  return notes;
};

const resultOf = (place: Place, kept: Kept, texts: readonly WrittenText[]): Promise<string> => {
  const index = { GIT_INDEX_FILE: join(place.folder, 'result.index') };
  const chosen = kept.asked.paths.flatMap((conflict) => {
    const choice = kept.choices[conflict.paths[0] ?? ''];
    return choice === undefined ? [] : [{ conflict, choice }];
  });
  const sides = { ours: kept.into.commit, theirs: kept.from.commit };
  return writeResult(createGit(place.top, index), kept.asked, { ...sides, texts, chosen });
};

const commit = async (
  place: Place,
  kept: Kept,
  { tree, message }: { readonly tree: string; readonly message: string },
): Promise<string> => {
  const now = await headOf(place);
  if (now.commit !== kept.into.commit || now.branch !== kept.into.branch)
    throw new AppError('conflict', 'HEAD moved meanwhile; tandem merge --abort, then merge again.');
  const signs = (await place.git.ask(['config', '--type=bool', 'commit.gpgsign'])).stdout.toString().trim();
  const words = ['commit-tree', ...(signs === 'true' ? ['-S'] : []), '-p', kept.into.commit];
  const made = await place.git.ask([...words, '-p', kept.from.commit, '-F', '-', tree], { input: message });
  if (made.exit === 0) return made.stdout.toString().trim();
  throw new AppError(
    'configuration',
    `The commit could not be made: ${said(made)}. Nothing was changed; put that right, then tandem merge --continue.`,
  );
};

/** After the branch has moved: the note, git's memory of the resolutions, and the hook that is told of merges. */
export const finish = async (place: Place, kept: Kept, signal: AbortSignal): Promise<MergeReport> => {
  const report = kept.landing?.report;
  if (report === undefined) throw new Error('a merge that never landed cannot be finished');
  await mkdir(join(place.folder, 'notes'), { recursive: true });
  await replaceFile({
    absolute: join(place.folder, 'notes', `${report.commit}.json`),
    bytes: Buffer.from(`${JSON.stringify(report, null, 2)}\n`),
    mode: 0o600,
  });
  const aside = await openAside(join(place.folder, 'aside'), { ...place, from: kept.from });
  const texts = kept.texts.map((merge) => ({ ...merge.conflict, bytes: bytesOf(merge) }));
  if (texts.length > 0 && (await remembers(aside, place.common)))
    await remember(aside, { tree: kept.asked.tree, texts }, texts).catch(() => undefined);
  await closeAside(aside);
  await forgetKept(place);
  await rm(join(place.folder, 'result.index'), { force: true });
  const { exit, output } = await runHook(place.top, 'post-merge', ['0'], { environment: {}, signal });
  return exit === 0
    ? report
    : { ...report, notes: [...report.notes, `the hook post-merge failed: ${output.trim()}`] };
};
