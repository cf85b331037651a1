import { readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '@tandem/protocol';
import type { DeniedPaths } from '../sandbox/denied-paths.ts';

const maxSymlinks = 40;

/** Resolves workspace paths to absolute ones; every file access of a workspace goes through one of these. */
export type PathGuard = {
  readonly root: string;
  /** Where the content lives: symlinks followed, also a dangling one. @throws AppError usage when that is outside */
  readonly target: (path: string) => Promise<string>;
  /** The entry itself: only its folder is followed. @throws AppError usage */
  readonly entry: (path: string) => Promise<string>;
};

/** `root` must be absolute and free of symlinks. What is `denied` is as closed as what lies outside. */
export const createPathGuard = (root: string, denied?: DeniedPaths): PathGuard => {
  const open = (path: string, absolute: string): string => {
    if (denied?.has(absolute) !== true) return absolute;
    throw refuse(path, 'may hold credentials, or data of other programs, and is closed to every tool');
  };
  return {
    root,
    target: async (path) =>
      open(path, inside(root, path, await followLinks(join(root, checkRelative(path)), 0))),
    entry: async (path) => {
      const clean = checkRelative(path);
      if (clean === '.') return root;
      const full = join(root, clean);
      const folder = await followLinks(dirname(full), 0);
      return open(path, inside(root, path, join(folder, full.slice(dirname(full).length + 1))));
    },
  };
};

/** A clean relative path with forward slashes. @throws AppError usage for an absolute path, `..`, NUL or emptiness */
export const checkRelative = (path: string): string => {
  if (path === '') throw refuse(path, 'is empty');
  if (path.includes('\0')) throw refuse(path, 'contains a NUL character');
  const slashed = sep === '\\' ? path.replaceAll('\\', '/') : path;
  if (isAbsolute(path) || slashed.startsWith('/') || /^[A-Za-z]:[/\\]/.test(path)) {
    throw refuse(path, 'is absolute; give it relative to the workspace root');
  }
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => part === '..'))
    throw refuse(path, 'contains `..`; give it relative to the workspace root');
  return parts.length === 0 ? '.' : parts.join('/');
};

/**
 * Hooks and configuration of git run programs: nothing writes there through the file port. Case and the short names
 * of other file systems are folded, so that `.GIT/hooks/x` is the same door.
 */
export const refuseGitFolder = (path: string): void => {
  const parts = checkRelative(path).split(/[/\\]/);
  const git = parts.find((part) => /^(\.git|git~\d+)$/i.test(part.replace(/[\s.]+$/, '').normalize('NFKC')));
  if (git !== undefined) throw refuse(path, "is inside git's own folder; use a git command instead");
};

const refuse = (path: string, why: string): AppError =>
  new AppError('usage', `The path ${JSON.stringify(path)} ${why}.`, { details: { path } });

const inside = (root: string, path: string, absolute: string): string => {
  const way = relative(root, absolute);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw refuse(path, 'leads out of the workspace through a symbolic link');
  }
  return absolute;
};

/** Like realpath, but what does not exist yet is kept as written after the deepest existing folder. */
const followLinks = async (absolute: string, hops: number): Promise<string> => {
  if (hops > maxSymlinks) throw refuse(absolute, 'goes through too many symbolic links');
  try {
    return await realpath(absolute);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw refuse(absolute, 'is a symbolic link to itself');
    if (code === 'ENAMETOOLONG') throw refuse(absolute, 'is too long');
    if (code === 'ENOTDIR') throw refuse(absolute, 'goes through a file as if it were a folder');
    if (code !== 'ENOENT') throw error;
  }
  const parent = dirname(absolute);
  if (parent === absolute) return absolute;
  const realParent = await followLinks(parent, hops + 1);
  const name = absolute.slice(parent.endsWith(sep) ? parent.length : parent.length + 1);
  const link = await readlink(join(realParent, name)).catch(() => null);
  return link === null ? join(realParent, name) : followLinks(resolve(realParent, link), hops + 1);
};
