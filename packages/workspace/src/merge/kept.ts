import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { edited, textOf } from '@tandem/merge';
import { AppError } from '@tandem/protocol';
import { replaceFile } from '../files/write.ts';
import type { Choice, MergeReport, Point } from './conflict.ts';
import type { Landing } from './land.ts';
import type { MergedTree } from './merge-tree.ts';
import type { Head, Place } from './place.ts';
import type { TextMerge } from './text-merge.ts';

/** A merge that is not at its end: what is decided, and from when the files are touched how to end it. */
export type Kept = {
  readonly v: 1;
  readonly at: string;
  readonly into: Head;
  readonly from: Point;
  readonly asked: MergedTree;
  readonly texts: readonly TextMerge[];
  /** By the first path of the conflict. */
  readonly choices: Readonly<Record<string, Choice>>;
  readonly snapshot: string | null;
  readonly notes: readonly string[];
  /** Null until the person's files are touched. */
  readonly landing: { readonly way: Landing; readonly report: MergeReport } | null;
};

const nameOf = (place: Place): string => join(place.folder, 'merge.json');

export const readKept = async (place: Place): Promise<Kept | null> => {
  const text = await readFile(nameOf(place), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as Kept);
};

/** Durable when it resolves. */
export const writeKept = async (place: Place, kept: Kept): Promise<void> => {
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  await replaceFile({ absolute: nameOf(place), bytes: Buffer.from(JSON.stringify(kept)), mode: 0o600 });
};

/** The record goes first: what is left after a kill in between has no meaning without it, and goes with the next merge. */
export const forgetKept = async (place: Place): Promise<void> => {
  await rm(nameOf(place), { force: true });
  await rm(openFolder(place), { recursive: true, force: true });
};

export const openFolder = (place: Place): string => join(place.folder, 'open');

/** Where the text of a conflict lies for a person to edit. A number makes it unique; the path itself is not trusted. */
export const openFile = (place: Place, texts: readonly TextMerge[], path: string): string => {
  const number = texts.findIndex(({ conflict }) => conflict.path === path) + 1;
  return join(
    openFolder(place),
    `${number}-${basename(path)
      .replace(/[^\w.-]/g, '_')
      .slice(-80)}`,
  );
};

/** Puts every text in conflict where a person can edit it. */
export const writeOpenFiles = async (place: Place, texts: readonly TextMerge[]): Promise<void> => {
  await rm(openFolder(place), { recursive: true, force: true });
  await mkdir(openFolder(place), { recursive: true, mode: 0o700 });
  for (const merge of texts)
    await replaceFile({
      absolute: openFile(place, texts, merge.conflict.path),
      bytes: bytesOf(merge),
      mode: 0o600,
    });
};

export const bytesOf = (merge: TextMerge): Buffer => Buffer.from(textOf(merge), merge.encoding);

/** What a person made of the files; one that is as we wrote it stands. */
export const readOpenFiles = async (
  place: Place,
  texts: readonly TextMerge[],
): Promise<readonly TextMerge[]> => {
  const read: TextMerge[] = [];
  for (const merge of texts) {
    const file = openFile(place, texts, merge.conflict.path);
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      // A kill came before it was written, or between the old and the new one: the record has all of it.
      if (error.code === 'ENOENT') return bytesOf(merge);
      throw error;
    });
    const text = bytes.toString(merge.encoding);
    const now = bytes.equals(bytesOf(merge)) ? merge : edited(merge, text);
    if (now === null)
      throw new AppError(
        'usage',
        `The markers in ${file} are not whole; put them right, or take them all out.`,
      );
    read.push({ ...merge, ...now });
  }
  return read;
};
