import { orAbort } from '../turn/abort.ts';

/** So many at one time; the others wait in the order they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Rejects with the signal's reason, also while it waits. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else {
      const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
      // One that was called and has left gives its turn to the next.
      await orAbort(turn, signal).catch((error: unknown) => {
        void turn.then(() => this.#give());
        throw error;
      });
    }
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** What this machine has to spare now. */
export type Capacity = { readonly cores: number; readonly freeBytes: number };

/** An agent's session with its tools, and a run of a test suite: rough, from what such processes take. */
const sessionBytes = 256 * 1024 * 1024;
const verifyBytes = 1024 * 1024 * 1024;
const usualParallel = 4;

/** How much runs at one time: sessions whose model is elsewhere, and commands that verify. */
export const parallelOf = (
  capacity: Capacity,
  wanted: number | undefined,
): { readonly sessions: number; readonly verifies: number } => {
  const fit = (bytes: number): number => Math.max(1, Math.floor(capacity.freeBytes / bytes));
  return {
    sessions: Math.min(wanted ?? usualParallel, fit(sessionBytes), Math.max(2, capacity.cores * 2)),
    // One core stays with whoever generates.
    verifies: Math.min(wanted ?? usualParallel, fit(verifyBytes), Math.max(1, capacity.cores - 1)),
  };
};
