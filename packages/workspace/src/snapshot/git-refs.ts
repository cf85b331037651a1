import { mkdir, open, readdir, readFile, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { ownerName } from '../exec/owner.ts';
import type { TreeReader } from './tree-reader.ts';

/** Where every ref of a repository points, by full name; `HEAD` among them. A symbolic one begins with `ref: `. */
export type Refs = ReadonlyMap<string, string>;

const none: Refs = new Map();

/** The refs in the tree of a git folder: loose ones before packed ones. Null has none. */
export const refsIn = async (
  reader: TreeReader,
  tree: string | null,
  worktree: string | null,
): Promise<Refs> => {
  if (tree === null) return none;
  const text = async (path: string): Promise<string> => {
    const entry = await reader.at(tree, path);
    return entry?.type === 'file' ? (await reader.objects.get(entry.hash)).toString('utf8') : '';
  };
  const refs = new Map(packedIn(await text('packed-refs')));
  const head = await text(worktree === null ? 'HEAD' : `worktrees/${worktree}/HEAD`);
  if (head !== '') refs.set('HEAD', head.trim());
  const folder = await reader.at(tree, 'refs');
  if (folder?.type !== 'folder') return refs;
  for (const [path, { after }] of await reader.changes(null, folder.hash)) {
    if (after?.type !== 'file') continue;
    const value = (await reader.objects.get(after.hash)).toString('utf8').trim();
    if (value !== '') refs.set(`refs/${path}`, value);
  }
  return refs;
};

const packedIn = (text: string): readonly (readonly [string, string])[] =>
  text.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]{40,64}) (\S+)$/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [[match[2], match[1]] as const];
  });

/** The commit that a ref leads to, null for none. */
export const resolveRef = (refs: Refs, name: string): string | null => {
  let value = refs.get(name);
  for (let hops = 0; hops < 5 && value?.startsWith('ref: ') === true; hops += 1)
    value = refs.get(value.slice(5));
  return value === undefined || value.startsWith('ref: ') ? null : value;
};

/** Worktrees of a repository, by name, that somebody else may be working in: their files are outside the workspace. */
export const worktreesElsewhere = async (
  reader: TreeReader,
  tree: string | null,
  here: { readonly root: string; readonly worktree: string | null },
): Promise<readonly string[]> => {
  const folder = await reader.at(tree, 'worktrees');
  if (folder?.type !== 'folder') return [];
  const found: string[] = [];
  for (const name of (await reader.folder(folder.hash)).keys()) {
    if (name === here.worktree) continue;
    const entry = await reader.at(tree, `worktrees/${name}/gitdir`);
    const path = entry?.type === 'file' ? (await reader.objects.get(entry.hash)).toString('utf8').trim() : '';
    if (!path.startsWith(`${here.root}${sep}`)) found.push(name);
  }
  return found;
};

/** Branches that those worktrees stand on. */
export const branchesElsewhere = async (
  reader: TreeReader,
  tree: string,
  here: { readonly root: string; readonly worktree: string | null },
): Promise<ReadonlySet<string>> => {
  const heads = (await worktreesElsewhere(reader, tree, here)).map((name) => `worktrees/${name}/HEAD`);
  if (here.worktree !== null) heads.push('HEAD');
  const found = new Set<string>();
  for (const path of heads) {
    const entry = await reader.at(tree, path);
    const head = entry?.type === 'file' ? (await reader.objects.get(entry.hash)).toString('utf8') : '';
    if (head.startsWith('ref: ')) found.add(head.slice(5).trim());
  }
  return found;
};

/** Makes refs point where they should; null removes one. Each is whole: the old value or the new one. */
export const writeRefs = async (
  gitDir: string,
  wanted: ReadonlyMap<string, string | null>,
): Promise<void> => {
  const gone = [...wanted].flatMap(([name, value]) => (value === null ? [name] : []));
  await dropPacked(gitDir, new Set(gone));
  for (const name of gone) {
    await unlink(join(gitDir, name)).catch(missing);
    await removeEmpty(gitDir, dirname(name));
  }
  for (const [name, value] of wanted) {
    if (value === null) continue;
    await removeEmptyTree(join(gitDir, name));
    await mkdir(dirname(join(gitDir, name)), { recursive: true });
    await replace(gitDir, name, `${value}\n`);
  }
};

const dropPacked = async (gitDir: string, gone: ReadonlySet<string>): Promise<void> => {
  const text = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  let dropping = false;
  const kept = text.split('\n').filter((line) => {
    // A line that begins so tells what the tag on the line before it leads to.
    if (!line.startsWith('^')) dropping = gone.has(line.slice(line.indexOf(' ') + 1));
    return !dropping;
  });
  if (kept.length < text.split('\n').length) await replace(gitDir, 'packed-refs', kept.join('\n'));
};

const replace = async (gitDir: string, name: string, text: string): Promise<void> => {
  const temporary = join(gitDir, `.tandem-${ownerName()}-ref.tmp`);
  const handle = await open(temporary, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(gitDir, name));
};

const removeEmpty = async (gitDir: string, folder: string): Promise<void> => {
  for (let current = folder; current.split('/').length > 2; current = dirname(current))
    if (!(await removed(join(gitDir, current)))) return;
};

/** What a deleted `a/b` leaves stands in the way of a ref `a`. */
const removeEmptyTree = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyTree(join(folder, entry.name));
  await removed(folder);
};

const removed = (folder: string): Promise<boolean> =>
  rmdir(folder).then(
    () => true,
    () => false,
  );

/** Nothing there; or, for a ref that was packed only, the folder that others of its name once needed. */
const missing = (error: NodeJS.ErrnoException): void => {
  if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM'].includes(error.code ?? '')) throw error;
};
