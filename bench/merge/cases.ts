/** Recorded merges, as folders outside of this repository: `DIR/[NAME/]ID/{base,ours,theirs,resolved}.EXT` and `case.json`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type MergeCase = {
  readonly repository: string;
  /** Begins with the commit of the merge: files of one merge are not independent of each other. */
  readonly id: string;
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** What people committed. */
  readonly resolved: string;
};

/** The cases below a folder, or below each of its folders. */
export const readCases = (folder: string): readonly MergeCase[] =>
  casesIn(folder).length > 0
    ? casesIn(folder)
    : folders(folder).flatMap((name) => casesIn(join(folder, name)));

const casesIn = (folder: string): readonly MergeCase[] =>
  folders(folder)
    .filter((id) => existsSync(join(folder, id, 'case.json')))
    .map((id) => readCase(join(folder, id), basename(folder)));

const folders = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

const readCase = (folder: string, repository: string): MergeCase => {
  const { path, ext } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
    readonly path: string;
    readonly ext: string;
  };
  const read = (name: string): string => readFileSync(join(folder, `${name}.${ext}`), 'utf8');
  const texts = {
    base: read('base'),
    ours: read('ours'),
    theirs: read('theirs'),
    resolved: read('resolved'),
  };
  return { repository, id: basename(folder), path, ...texts };
};
