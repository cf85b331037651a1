import { watch } from 'node:fs';
import type { Clock } from '@tandem/core';
import type { Envelope, Event } from '@tandem/protocol';
import { AppError } from '@tandem/protocol';
import { readFrom } from './log-file.ts';
import { notFound } from './session-log.ts';

/** Events a follower may fall behind before it is cut; it can follow again from where it was. */
const maxBehind = 10_000;
/** Where the system does not tell of changes, another process's events are seen this late. */
const pollMs = 500;

export type Followed = Event | Envelope | { readonly type: 'caught_up' };

/** Replays, then goes on. A ring only says "look": what is yielded always comes from the file, in whole batches. */
export async function* followLog(input: {
  readonly session: string;
  readonly folder: string;
  readonly file: string;
  readonly after: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Calls back at every append of this process; returns the way to stop that. */
  readonly onAppend: (ring: () => void) => () => void;
}): AsyncGenerator<Followed> {
  const { signal, after } = input;
  const bell = new Bell(input.clock);
  const stops = [input.onAppend(() => bell.ring()), watchFolder(input.folder, () => bell.ring())];
  const stop = (): void => bell.ring();
  signal.addEventListener('abort', stop);
  try {
    let piece = await readFrom(input.file, { end: 0, seq: 0, after });
    if (piece === null || piece.end === 0) throw notFound(input.session);
    for (let live = false; !signal.aborted; live = true) {
      if (live && piece.events.length > maxBehind) {
        throw new AppError(
          'conflict',
          `This follower of ${input.session} was too slow; follow again from its last event.`,
        );
      }
      yield* untilAborted(piece.events, signal);
      if (!live && !signal.aborted) yield { type: 'caught_up' };
      do {
        await bell.wait(signal);
        const next = await readFrom(input.file, { end: piece.end, seq: piece.seq, after });
        if (next === null) throw notFound(input.session);
        piece = next;
      } while (piece.events.length === 0 && !signal.aborted);
    }
  } finally {
    for (const end of stops) end();
    signal.removeEventListener('abort', stop);
  }
}

function* untilAborted<T>(items: readonly T[], signal: AbortSignal): Generator<T> {
  for (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}

/** One waiter; a ring while nobody waits is remembered. */
class Bell {
  readonly #clock: Clock;
  #rung = false;
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Until a ring, an abort or the next poll. */
  async wait(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    if (!this.#rung && !signal.aborted) {
      this.#wake = () => woken.abort();
      await this.#clock.sleep(pollMs, woken.signal).catch((error) => {
        if (!woken.signal.aborted) throw error;
      });
    }
    this.#rung = false;
  }
}

/** The system may have no watches left; polling then does alone. */
const watchFolder = (folder: string, ring: () => void): (() => void) => {
  try {
    const watcher = watch(folder, { persistent: false }, ring);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
};
