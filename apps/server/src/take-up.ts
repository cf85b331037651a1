import type { Clock } from '@tandem/core';
import { isAppError } from '@tandem/protocol/error';
import type { Composed } from './compose.ts';

/** How often sessions are looked for whose process has died, here or on another machine. */
const lookMs = 5_000;

/** Sessions that a kill left open go on here, as long as nobody else takes them. Ends with the signal. */
export const takeUp = async (
  { engine, store }: Pick<Composed, 'engine' | 'store'>,
  given: { readonly clock: Clock; readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<void> => {
  const { clock, signal, say } = given;
  const failed = new Set<string>();
  while (!signal.aborted) {
    for (const session of await store.abandoned().catch(() => [])) {
      if (signal.aborted) return;
      try {
        await engine.recover(session);
        say(`${session} was held by a process that died; taken up`);
        await clearHolder(store, session);
      } catch (error) {
        if (isAppError(error) && error.code === 'busy') continue;
        if (!failed.has(session)) say(`${session} could not be taken up: ${String(error)}`);
        failed.add(session);
      }
    }
    await clock.sleep(lookMs, signal).catch(() => {});
  }
};

/** The kill came after the last turn: nothing is open, and nobody takes the lease that is left. */
const clearHolder = async (store: Composed['store'], session: string): Promise<void> => {
  if (!(await store.abandoned()).includes(session)) return;
  await (await store.acquire(session)).release();
};
