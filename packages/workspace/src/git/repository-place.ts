import { realpath } from 'node:fs/promises';
import type { RepositoryPlace } from '@tandem/core';
import { gitCommand } from './git-command.ts';

/** Which repository a directory lies in, and where in it; null for none. Each directory is asked for once. */
export const createRepositoryPlaces = (): ((cwd: string) => Promise<RepositoryPlace | null>) => {
  const known = new Map<string, Promise<RepositoryPlace | null>>();
  return async (cwd) => {
    const asking = known.get(cwd) ?? placeOf(cwd);
    known.set(cwd, asking);
    const place = await asking;
    // A repository may be made at any time.
    if (place === null) known.delete(cwd);
    return place;
  };
};

const placeOf = async (cwd: string): Promise<RepositoryPlace | null> => {
  const folder = await realpath(cwd).catch(() => null);
  if (folder === null) return null;
  const words = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--show-prefix'];
  const { exit, stdout } = await gitCommand(folder, words);
  const [common = '', prefix = ''] = stdout.toString('utf8').split('\n');
  if (exit !== 0 || common === '') return null;
  return { id: await realpath(common), prefix: prefix.replace(/\/$/, '') };
};
