import { isAppError } from '@tandem/protocol';
import type { Followed, TeamClient } from '@tandem/sdk';

const soonMs = 400;

/** The log of a task's session. A task knows its session's name a moment before the agent has written anything there. */
export async function* followLog(
  client: TeamClient,
  id: string,
  options: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<Followed> {
  while (!options.signal.aborted) {
    try {
      return yield* client.followLog(id, options);
    } catch (error) {
      if (options.after > 0 || !isAppError(error) || error.code !== 'not_found') throw error;
      await new Promise((resolve) => setTimeout(resolve, soonMs));
    }
  }
}
