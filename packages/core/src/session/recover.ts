import { openTurn } from '../turn/state.ts';
import type { Session } from './session.ts';

/**
 * Takes up what a kill left open: the drive goes on from the log. There, a call with an intent and no outcome is made
 * again when its replay class is `safe` and becomes an interrupted result when it is `never`; a step without its end is
 * asked again; attempts cut short are discarded and made anew; a question to a person waits on.
 */
export const recover = async (session: Session): Promise<void> => {
  if (session.busy || openTurn(await session.log.refresh()) === null) return;
  await session.log.hold();
  try {
    if (openTurn(session.log.events) !== null) session.wake();
  } finally {
    await session.log.release();
  }
};
