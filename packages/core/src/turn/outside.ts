import { isAppError, isKnown } from '@tandem/protocol';
import type { OpenCall } from './state.ts';
import type { Work } from './work.ts';

/** What is put away is deleted by the command itself; `refused` where it cannot be kept. */
export type PutAway =
  | { readonly type: 'kept'; readonly notes: readonly string[] }
  | { readonly type: 'refused'; readonly message: string };

/** More would be no slip that somebody wants back, but a clean-up; it is refused by name. */
const maxPaths = 50;

/**
 * Keeps what an allowed command says it deletes outside the workspace, where no snapshot reaches. The effects are those that
 * the guard wrote into the log; without a guard, or without a trash, nothing is kept.
 */
export const putAwayOutside = async (work: Work, call: OpenCall): Promise<PutAway> => {
  const { trash } = work.ports;
  const paths = trash === undefined ? [] : deletedOutside(work, call);
  if (trash === undefined || paths.length === 0) return { type: 'kept', notes: [] };
  if (paths.length > maxPaths) return refused(`${paths.length} paths outside the workspace`);
  const notes: string[] = [];
  for (const path of paths) {
    try {
      const { id } = await trash.put(path, 'copy');
      notes.push(`${path} is kept in the trash as ${id}`);
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.code !== 'not_found') return refused(`${path} (${error.message})`);
    }
  }
  return { type: 'kept', notes };
};

const refused = (what: string): PutAway => ({
  type: 'refused',
  message: `Not done: it would delete ${what}, which cannot be kept first. Delete less at once, or let a person do it.`,
});

const outside: ReadonlySet<unknown> = new Set(['outside', 'home', 'homeRoot', 'system']);

const deletedOutside = (work: Work, call: OpenCall): readonly string[] => {
  const evaluated = work.log.events.findLast(
    (event) => isKnown(event) && event.type === 'permission.evaluated' && event.data.callId === call.item,
  );
  if (evaluated === undefined || !isKnown(evaluated) || evaluated.type !== 'permission.evaluated') return [];
  const paths = (evaluated.data.effects ?? []).map(deletedPath);
  return [...new Set(paths.filter((path) => path !== null))];
};

/** An effect as it lies in the log is plain data of another room: read with care. */
const deletedPath = (effect: unknown): string | null => {
  const { type, path } = fieldsOf(effect);
  const { path: text, place, known, glob } = fieldsOf(path);
  if (type !== 'delete' || known !== true || glob === true || !outside.has(place)) return null;
  return typeof text === 'string' ? text : null;
};

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
