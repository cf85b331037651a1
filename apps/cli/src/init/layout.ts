import { inLine, type Source, tableIn } from './source.ts';

/** A folder, and what the files say it is. */
export type Folder = { readonly path: string; readonly holds: string };

const folderLimit = 24;

/** Folders whose own folders are what a person means: packages of one repository. */
const holders = /^(?:packages|apps|crates|libs|services|modules|plugins)$/;

/** The top folders, and below those that hold packages, each of these. */
export const layoutOf = async (source: Source): Promise<readonly Folder[]> => {
  const top = foldersIn(source.files, '');
  const inner = top
    .filter((name) => holders.test(name))
    .flatMap((name) => foldersIn(source.files, `${name}/`));
  const shown = [...top.filter((name) => !name.startsWith('.')), ...inner];
  const paths = shown.filter((path) => !(holders.test(path) && inner.length > 0)).toSorted();
  return await Promise.all(
    paths
      .slice(0, folderLimit)
      .map(async (path) => ({ path: `${path}/`, holds: await holdsOf(source, path) })),
  );
};

const foldersIn = (files: readonly string[], below: string): readonly string[] => {
  const names = new Set<string>();
  for (const file of files) {
    if (!file.startsWith(below)) continue;
    const end = file.indexOf('/', below.length);
    if (end > 0) names.add(file.slice(0, end));
  }
  return [...names];
};

/** What it says of itself, else what is in it. */
const holdsOf = async (source: Source, path: string): Promise<string> => {
  const own = inLine((await tableIn(source, `${path}/package.json`)).description);
  if (own !== '') return own;
  const readme = await source.read(`${path}/README.md`);
  const said = readme === null ? '' : firstSentence(readme);
  if (said !== '') return said;
  const files = source.files.filter((file) => file.startsWith(`${path}/`));
  const kinds = endingsOf(files).slice(0, 2);
  const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
  return kinds.length === 0 ? count : `${count}, mostly ${kinds.join(' and ')}`;
};

/** Endings of names, the most frequent first. */
export const endingsOf = (files: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const file of files) {
    const ending = /[^/]\.([A-Za-z0-9]{1,8})$/.exec(file)?.[1];
    if (ending !== undefined) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts].toSorted((left, right) => right[1] - left[1]).map(([ending]) => `.${ending}`);
};

/** Of a page in Markdown: its first words that are no heading, picture, badge or comment. */
export const firstSentence = (markdown: string): string => {
  const text = markdown
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .find((part) => /^[\p{L}\p{N}*_`"“]/u.test(part) && !/^[=-]{3,}$/m.test(part));
  if (text === undefined) return '';
  const bare = inLine(text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*_]{2}/g, ''));
  return /^.{20,}?[.!?](?=\s|$)/.exec(bare)?.[0] ?? bare;
};
