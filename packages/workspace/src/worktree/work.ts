import { type FileDelta, isAppError } from '@tandem/protocol';
import { followIgnored, inShadow, lookAgain, type Shadow } from './shadow.ts';

export type Side = { readonly mode: string; readonly id: string };

/** One path that differs from what the worktree began with. Modes are git's; null where there is nothing. */
export type Change = { readonly path: string; readonly before: Side | null; readonly after: Side | null };

export type Work = {
  readonly changes: readonly Change[];
  readonly files: readonly FileDelta[];
  /** What could not be read: it may be work as well. */
  readonly unread: readonly string[];
  /** Untracked paths that git ignores; a folder ends with a slash. */
  readonly ignored: readonly string[];
};

export const noWork: Work = { changes: [], files: [], unread: [], ignored: [] };

const plainDiff = ['--no-renames', '--no-abbrev', '--no-color', '--no-ext-diff', '--no-textconv'];

/**
 * Own work since `base`, committed or not. What the shadow found among git's objects a sweep may have taken away since:
 * then everything is read again, and what is missing is written to its own objects.
 */
export const workSince = async (shadow: Shadow, base: string): Promise<Work> =>
  look(shadow, base).catch(async (error: unknown) => {
    if (!isAppError(error) || error.details.exit === undefined) throw error;
    await inShadow(shadow, ['read-tree', base]);
    return look(shadow, base);
  });

const look = async (shadow: Shadow, base: string): Promise<Work> => {
  const ignored = await followIgnored(shadow);
  const unread = await lookAgain(shadow);
  const answer = await inShadow(shadow, [
    ...['diff-index', '--cached', '-z', '--raw', '--numstat', ...plainDiff, base],
  ]);
  return { ignored, unread, ...readDiff(answer) };
};

/** After `workSince`: the same as one patch. */
export const patchSince = (shadow: Shadow, base: string): Promise<string> =>
  inShadow(shadow, ['diff-index', '--cached', '-p', ...plainDiff, base]);

/** Reads `--raw --numstat -z`: first one record a path, then the counts of each. */
const readDiff = (answer: string): Pick<Work, 'changes' | 'files'> => {
  const fields = answer.split('\0');
  const changes: Change[] = [];
  const files: FileDelta[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as string;
    if (field.startsWith(':')) {
      at += 1;
      changes.push(changeOf(field, fields[at] as string));
    } else if (field !== '') files.push(deltaOf(field));
  }
  return { changes, files };
};

const changeOf = (field: string, path: string): Change => {
  const [before = '', after = '', beforeId = '', afterId = ''] = field.slice(1).split(' ');
  return { path, before: sideOf(before, beforeId), after: sideOf(after, afterId) };
};

const sideOf = (mode: string, id: string): Side | null => (/^0+$/.test(mode) ? null : { mode, id });

const deltaOf = (field: string): FileDelta => {
  const [added = '', removed = '', ...path] = field.split('\t');
  return { path: path.join('\t'), added: Number(added) || 0, removed: Number(removed) || 0 };
};
