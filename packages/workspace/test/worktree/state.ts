import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Worktree } from '@tandem/core';

/** Every name, mode, link and byte below a folder. */
export const bytesBelow = (folder: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const absolute = join(folder, path);
    const stats = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isSymbolicLink()) found.set(path, `link ${readlinkSync(absolute)}`);
    else if (stats.isFile()) found.set(path, `${stats.mode.toString(8)} ${readFileSync(absolute, 'latin1')}`);
    else if (stats.isDirectory()) {
      found.set(path, `folder ${stats.mode.toString(8)}`);
      for (const name of readdirSync(absolute).sort()) visit(join(path, name));
    }
  };
  visit('');
  return found;
};

/** Where every ref of a repository points. */
export const refsOf = (common: string): ReadonlyMap<string, string> => {
  const refs = new Map<string, string>();
  for (const line of (textAt(join(common, 'packed-refs')) ?? '').split('\n')) {
    const match = /^([0-9a-f]{40,64}) (\S+)$/.exec(line);
    if (match !== null) refs.set(match[2] as string, match[1] as string);
  }
  for (const [path, text] of bytesBelow(join(common, 'refs')))
    if (!text.startsWith('folder')) refs.set(`refs/${path}`, text.slice(text.indexOf(' ') + 1).trim());
  return new Map([...refs].sort());
};

/** The folder that all worktrees of a repository share. */
export const commonOf = (root: string): string => {
  const git = join(root, '.git');
  if (lstatSync(git).isDirectory()) return git;
  return join(readFileSync(git, 'utf8').slice('gitdir: '.length).trim(), '../..');
};

/** All that a worktree is: its files, git's own folder of it (index, HEAD, logs), its branch with its log. */
export const stateOfWorktree = (
  { root, branch, name }: Pick<Worktree, 'root' | 'branch' | 'name'>,
  common = commonOf(root),
): { readonly files: ReadonlyMap<string, string>; readonly git: unknown } => {
  const admin = [...bytesBelow(join(common, 'worktrees', name))];
  return {
    files: bytesBelow(root),
    git: {
      admin: new Map(admin.map(([path, text]) => [path, path.startsWith('logs') ? logged(text) : text])),
      branch: refsOf(common).get(`refs/heads/${branch}`) ?? null,
      log: logged(textAt(join(common, 'logs/refs/heads', branch)) ?? ''),
    },
  };
};

const textAt = (path: string): string | null =>
  lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : readFileSync(path, 'utf8');

/** A sweep of git writes logs anew, with a tab where there is no message. */
const logged = (text: string): string => text.replaceAll('\t\n', '\n');
