import { constants } from 'node:fs';
import { copyFile, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { copyTree } from '../scratch/copy-tree.ts';
import { isDependencyFolder, shareDependencies } from '../scratch/dependencies.ts';
import { ignoredInGit } from '../scratch/ignored.ts';
import { isThere, statsAt } from './record.ts';
import { git, parts } from './repository.ts';
import { readText } from './shadow.ts';

/** What `.worktreeinclude` names may cost where blocks cannot be shared; a folder of data is not what it is for. */
const maxBytes = 512 * 1024 * 1024;
const maxFiles = 20_000;

export type Brought = {
  /** State of each ignored file when it came. */
  readonly files: Readonly<Record<string, string>>;
  /** Named to come along, but too large to be copied. */
  readonly left: readonly string[];
};

/**
 * Brings along what git ignores and the work needs: installed packages, small files that code may need to run, and
 * what `.worktreeinclude` names. Where the file system can share blocks everything is a clone of its own; elsewhere
 * packages are links to the origin's, and nothing large is ever copied.
 */
export const bringIgnored = async (input: {
  readonly from: string;
  readonly to: string;
  /** For a probe of the file system. */
  readonly belongings: string;
}): Promise<Brought> => {
  const { from, to } = input;
  const usual = await ignoredInGit(from);
  const named = await namedFiles(from);
  const clones = await canClone(input);
  const { kept, left } = clones ? { kept: named, left: [] } : withinBudget(from, named);
  const files = [...new Set([...usual.copied, ...kept])].filter(
    (path) => isThere(join(from, path)) && !isThere(join(to, path)),
  );
  await copyTree({ from, to, paths: files });
  for (const path of usual.dependencies) {
    if (clones && statsAt(join(from, path))?.isDirectory() === true)
      await copyTree({ from, to, paths: await filesBelow(from, path) });
    else await shareDependencies({ from, to, path, as: 'folder' });
  }
  return { files: Object.fromEntries(files.map((path) => [path, stateOf(join(to, path))])), left };
};

/** Changes whenever the file is written. Empty for none. */
export const stateOf = (absolute: string): string => {
  const stats = statsAt(absolute);
  return stats === null ? '' : `${stats.mode}:${stats.size}:${stats.mtimeMs}:${stats.ino}`;
};

/** Files, not folders, that git ignores and `.worktreeinclude` matches, in the words of a `.gitignore`. */
const namedFiles = async (from: string): Promise<readonly string[]> => {
  const text = await readText(join(from, '.worktreeinclude'));
  if (text.trim() === '') return [];
  const wanted = ignore().add(text);
  const listed = parts(await git(from, ['ls-files', '-z', '-o', '-i', '--exclude-standard', '--directory']));
  const inside = (folder: string): Promise<readonly string[]> =>
    isDependencyFolder(folder) ? Promise.resolve([]) : filesBelow(from, folder);
  const found = await Promise.all(
    listed.map((entry) => (entry.endsWith('/') ? inside(entry.slice(0, -1)) : [entry])),
  );
  return found.flat().filter((path) => wanted.ignores(path));
};

/** Regular files and links below a folder, whatever ignore files say. Links are not entered. */
export const filesBelow = async (root: string, folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  const queue = [folder];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const entry of await readdir(join(root, next), { withFileTypes: true }).catch(() => [])) {
      const path = `${next}/${entry.name}`;
      if (entry.isDirectory()) queue.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
    }
  }
  return found;
};

const withinBudget = (
  from: string,
  paths: readonly string[],
): { readonly kept: readonly string[]; readonly left: readonly string[] } => {
  const kept: string[] = [];
  const left: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const size = statsAt(join(from, path))?.size ?? 0;
    const fits = kept.length < maxFiles && bytes + size <= maxBytes;
    if (fits) bytes += size;
    (fits ? kept : left).push(path);
  }
  return { kept, left };
};

/** Whether a file of the origin can be cloned to where worktrees are. */
const canClone = async ({
  from,
  belongings,
}: {
  readonly from: string;
  readonly belongings: string;
}): Promise<boolean> => {
  const file = (await readdir(from, { withFileTypes: true })).find((entry) => entry.isFile());
  const probe = join(belongings, 'probe');
  const cloned = copyFile(join(from, file?.name ?? ''), probe, constants.COPYFILE_FICLONE_FORCE);
  return cloned.then(
    () => unlink(probe).then(() => true),
    () => false,
  );
};
