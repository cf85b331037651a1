import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Aside, checkOut, writeInPlace } from './aside.ts';
import type { TextConflict } from './conflict.ts';
import type { WrittenText } from './result-tree.ts';

/** Git's own answer to whether it remembers resolutions here: told so, or its folder is there. */
export const remembers = async ({ git }: Aside, common: string): Promise<boolean> => {
  const told = (await git.ask(['config', '--type=bool', 'rerere.enabled'])).stdout.toString().trim();
  if (told !== '') return told === 'true';
  return await readFile(join(common, 'rr-cache')).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  );
};

type Conflicted = { readonly tree: string; readonly texts: readonly TextConflict[] };

/** What git remembers of these conflicts, by path: whole texts, as they would be committed. */
export const recall = async (aside: Aside, asked: Conflicted): Promise<ReadonlyMap<string, Buffer>> => {
  const before = await layOut(aside, asked);
  const found = new Map<string, Buffer>();
  for (const { path } of asked.texts) {
    const after = await readFile(join(aside.tree, path));
    if (before.get(path)?.equals(after) !== false) continue;
    const id = (await aside.git.get(['hash-object', '-w', '--', path])).trim();
    found.set(path, (await aside.git.ask(['cat-file', 'blob', id])).stdout);
  }
  // What it has only begun to remember would stay behind without an end.
  await aside.git.ask(['rerere', 'clear']);
  return found;
};

/** Lets git remember how these conflicts were settled. */
export const remember = async (
  aside: Aside,
  asked: Conflicted,
  written: readonly WrittenText[],
): Promise<void> => {
  await layOut(aside, asked);
  for (const { path, bytes } of written) {
    const id = (
      await aside.git.get(['hash-object', '-w', '--stdin', '--no-filters'], { input: bytes })
    ).trim();
    const smudged = await aside.git.ask(['cat-file', '--filters', `--path=${path}`, id]);
    await writeInPlace(aside, path, smudged.exit === 0 ? smudged.stdout : bytes);
  }
  await aside.git.ask(['-c', 'rerere.autoupdate=false', 'rerere']);
};

/** The conflicted files with their markers, as a merge would leave them, seen by rerere. Their bytes before it. */
const layOut = async (aside: Aside, asked: Conflicted): Promise<ReadonlyMap<string, Buffer>> => {
  const { git } = aside;
  await git.get(['read-tree', asked.tree]);
  await checkOut(
    aside,
    asked.texts.map(({ path }) => path),
  );
  const bytes = new Map<string, Buffer>();
  for (const { path } of asked.texts) bytes.set(path, await readFile(join(aside.tree, path)));
  const lines = asked.texts.flatMap(({ path, mode, base, ours, theirs }) => [
    `0 ${'0'.repeat(ours.length)}\t${path}`,
    ...(base === null ? [] : [`${mode} ${base} 1\t${path}`]),
    `${mode} ${ours} 2\t${path}`,
    `${mode} ${theirs} 3\t${path}`,
  ]);
  await git.get(['update-index', '-z', '--index-info'], { input: lines.map((line) => `${line}\0`).join('') });
  await git.ask(['-c', 'rerere.autoupdate=false', 'rerere']);
  return bytes;
};
