import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError } from '@tandem/protocol';

/** A folder at or below the root, links resolved; both absolute. @throws AppError usage where it is not one, or lies elsewhere */
export const folderInside = (root: string, typed: unknown): string => {
  if (typed === undefined) return root;
  if (typeof typed !== 'string') throw new AppError('usage', '"workspace" must be a string');
  const folder = resolve(root, typed);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new AppError('usage', `there is no folder ${typed} in ${root}`);
  const real = realpathSync(folder);
  const way = relative(root, real);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new AppError('usage', `${typed} is not in ${root}, where this server was started`);
  return real;
};
