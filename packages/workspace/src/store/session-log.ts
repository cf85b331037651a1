import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Lease } from '@tandem/core';
import type { Envelope, Event, NewEvent } from '@tandem/protocol';
import { AppError } from '@tandem/protocol';
import { diskError } from '../files/write.ts';
import type { Lock } from './lock.ts';
import { acquireLock } from './lock.ts';
import { countLines, formatBatch, parseLines, readFrom, wholeBatches } from './log-file.ts';

/** Where the log ends: bytes in whole batches, and the number of the last event. */
type End = { readonly size: number; readonly seq: number };

/** One session's folder: `events.jsonl` and its lock. */
export class SessionLog {
  readonly session: string;
  readonly folder: string;
  readonly file: string;
  readonly #pid: number;
  #end: End | null = null;
  #held: Lock | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(input: { readonly session: string; readonly folder: string; readonly pid: number }) {
    this.session = input.session;
    this.folder = input.folder;
    this.file = join(input.folder, 'events.jsonl');
    this.#pid = input.pid;
  }

  /** @throws AppError not_found */
  async read(after: number): Promise<readonly (Event | Envelope)[]> {
    const piece = await readFrom(this.file, { end: 0, seq: 0, after });
    if (piece === null || piece.end === 0) throw notFound(this.session);
    return piece.events;
  }

  acquire(): Promise<Lease> {
    return this.#inTurn(async () => {
      const lock = await acquireLock(this.folder, this.#pid);
      this.#held = lock;
      this.#end = null;
      const release = (): Promise<void> =>
        this.#inTurn(async () => {
          if (this.#held !== lock) return;
          this.#held = null;
          await lock.release();
        });
      return { session: this.session, fence: lock.fence, release };
    });
  }

  append(input: {
    readonly expectedSeq: number;
    readonly events: readonly NewEvent[];
    readonly fence?: number;
  }): Promise<readonly Event[]> {
    return this.#inTurn(async () => {
      if (this.#held === null && input.fence === undefined) {
        const lock = await acquireLock(this.folder, this.#pid);
        this.#end = null;
        return this.#write(input).finally(lock.release);
      }
      const current = this.#held;
      const stale = current === null || (input.fence !== undefined && input.fence !== current.fence);
      if (stale || !(await current.isHeld())) {
        throw new AppError(
          'conflict',
          `The right to write to ${this.session} was taken over; open the session again.`,
        );
      }
      return this.#write(input);
    });
  }

  async #write(input: {
    readonly expectedSeq: number;
    readonly events: readonly NewEvent[];
  }): Promise<readonly Event[]> {
    const handle = await this.#open();
    try {
      const end = this.#end ?? (await this.#findEnd(handle));
      this.#end = end;
      if (end.seq !== input.expectedSeq) {
        throw new AppError(
          'conflict',
          `The log of ${this.session} has moved on to ${end.seq}, expected ${input.expectedSeq}; read it again.`,
          { details: { expected: input.expectedSeq, actual: end.seq } },
        );
      }
      if (input.events.length === 0) return [];
      const events = input.events.map((event, index) => ({ ...event, seq: end.seq + 1 + index }) as Event);
      const size = await this.#commit(handle, end, formatBatch(events));
      this.#end = { size, seq: end.seq + events.length };
      return events;
    } finally {
      await handle.close();
    }
  }

  /** One write and one sync. On failure the file is as it was. */
  async #commit(handle: FileHandle, end: End, batch: string): Promise<number> {
    const bytes = Buffer.from(batch);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, end.size + done)).bytesWritten;
      }
      await handle.datasync();
    } catch (error) {
      this.#end = null;
      await handle.truncate(end.size).catch(() => undefined);
      throw diskError(error, this.file);
    }
    return end.size + bytes.length;
  }

  /** What a kill left after the last whole batch is cut off, before anything is written after it. */
  async #findEnd(handle: FileHandle): Promise<End> {
    const bytes = await handle.readFile();
    const size = wholeBatches(bytes);
    if (size < bytes.length) await handle.truncate(size);
    if (size === 0) return { size, seq: 0 };
    const lines = countLines(bytes, size);
    const start = bytes.lastIndexOf(0x0a, size - 2) + 1;
    parseLines({ file: this.file, text: bytes.toString('utf8', start, size), firstSeq: lines, after: 0 });
    return { size, seq: lines };
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.file, 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw diskError(error, this.file);
    }
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const handle = await open(this.file, 'wx+', 0o600);
      await syncFolder(this.folder);
      await syncFolder(dirname(this.folder));
      return handle;
    } catch (error) {
      throw diskError(error, this.file);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

export const notFound = (session: string): AppError =>
  new AppError('not_found', `There is no session ${session}; list them to see which there are.`);

/** Makes the names in a folder durable. Some systems cannot, and then need not. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder).catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
};
