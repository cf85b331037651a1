import { AppError, initialView, reduce, type SessionInfo } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import type { TurnPlan } from './plan.ts';

/** A session by its id, or by a beginning of it that only one has. @throws AppError not_found | usage */
export const sessionById = async (client: Client, typed: string): Promise<SessionInfo> => {
  const matches = (await client.sessions()).filter(
    ({ id }) => id.startsWith(typed) || id.startsWith(`ses_${typed}`),
  );
  const exact = matches.find(({ id }) => id === typed) ?? (matches.length === 1 ? matches[0] : undefined);
  if (exact !== undefined) return exact;
  if (matches.length === 0)
    throw new AppError('not_found', `there is no session ${typed}; see tandem sessions`);
  throw new AppError('usage', `${typed} begins the ids of ${matches.length} sessions; type more of it`);
};

/** @throws AppError not_found */
export const newestSession = async (client: Client, cwd: string): Promise<SessionInfo> => {
  // What an agent or an attempt did belongs to the session that it was made from.
  const own = (await client.sessions()).filter(({ parent }) => parent === undefined);
  const newest = own.find((session) => session.cwd === cwd);
  if (newest !== undefined) return newest;
  throw new AppError('not_found', `there is no session in ${cwd} yet; tandem sessions lists all of them`);
};

/** A session that a turn is added to, with the number of its last event. */
export type SessionInUse = { readonly id: string; readonly model: string; readonly seq: number };

/** @throws AppError usage when flags contradict what the session was made with */
export const useSession = async (
  client: Client,
  session: SessionInfo,
  plan: TurnPlan,
): Promise<SessionInUse> => {
  const { settings, seq } = (await client.events(session.id)).reduce(reduce, initialView);
  if (settings === null) throw new AppError('not_found', `session ${session.id} has no beginning`);
  if (plan.modelTyped && plan.model !== settings.model) {
    const message = `session ${session.id} works with ${settings.model}; leave --model out, or start a new session`;
    throw new AppError('usage', message);
  }
  if (plan.cwdTyped && plan.cwd !== settings.cwd) {
    throw new AppError('usage', `session ${session.id} works in ${settings.cwd}; leave --cwd out`);
  }
  return { id: session.id, model: settings.model, seq };
};
