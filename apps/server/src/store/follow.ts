import { AppError } from '@tandem/protocol/error';
import type { Doorbell } from './doorbell.ts';
import { pageSize } from './read.ts';

/** Events a follower may fall behind before it is cut; it can follow again from where it was. */
const maxBehind = 10_000;

type Input<Row> = {
  readonly bell: Doorbell;
  /** What the bell rings for, and what a person is told. */
  readonly name: string;
  /** @throws AppError not_found */
  readonly require: () => Promise<void>;
  /** The rows after a number, in order; fewer than `pageSize` where these are the last. */
  readonly page: (after: number) => Promise<readonly Row[]>;
  readonly after: number;
  readonly signal: AbortSignal;
};

/**
 * Replays, then goes on. Driven by its reader: nothing is queued for a slow one, whose next page waits in the log.
 * @throws AppError not_found; conflict for one that is too slow; offline
 */
export async function* followRows<Row extends { readonly seq: number }>(
  input: Input<Row>,
): AsyncGenerator<Row | { readonly type: 'caught_up' }> {
  const { bell, page: readPage, name, signal } = input;
  const ring = new Ring();
  const unsubscribe = bell.subscribe(name, (seq) => ring.ring(seq));
  const wake = (): void => ring.ring(0);
  signal.addEventListener('abort', wake);
  try {
    await input.require();
    let cursor = input.after;
    for (let live = false; !signal.aborted; live = true) {
      if (live) await ring.after(cursor, signal);
      if (live && ring.highest - cursor > maxBehind)
        throw new AppError(
          'conflict',
          `This follower of ${name} was too slow; follow again from its last event.`,
        );
      for (let full = true; full && !signal.aborted; ) {
        const page = await readPage(cursor);
        for (const row of page) {
          if (signal.aborted) return;
          yield row;
          cursor = row.seq;
        }
        full = page.length === pageSize;
      }
      if (!live && !signal.aborted) yield { type: 'caught_up' };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', wake);
  }
}

/** One waiter, and the highest number that anybody has named. */
class Ring {
  highest = 0;
  #wake: () => void = () => {};

  ring(seq: number): void {
    this.highest = Math.max(this.highest, seq);
    this.#wake();
  }

  /** Until there is something after `cursor`, or an abort. */
  async after(cursor: number, signal: AbortSignal): Promise<void> {
    while (this.highest <= cursor && !signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}
