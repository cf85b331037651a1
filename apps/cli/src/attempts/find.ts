import type { SessionInfo } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import { sessionById } from '../exec/choose-session.ts';

/** Sessions that have attempts: those that are a parent of others, newest first. */
export const parentsOf = (all: readonly SessionInfo[]): readonly SessionInfo[] => {
  const parents = new Set(all.flatMap(({ parent }) => parent ?? []));
  return all.filter(({ id }) => parents.has(id));
};

/** By id, or by a beginning of it that only one has; an attempt's own session stands for the one it belongs to. */
export const attemptsSession = async (client: Client, typed: string): Promise<SessionInfo> => {
  const found = await sessionById(client, typed);
  return found.parent === undefined ? found : sessionById(client, found.parent);
};
