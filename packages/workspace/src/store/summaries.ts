import type { FileHandle } from 'node:fs/promises';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionSummary } from '@tandem/core';
import type { Event } from '@tandem/protocol';
import { pool } from '../files/pool.ts';
import { replaceFile } from '../files/write.ts';
import { wholeBatches } from './log-file.ts';

type Remembered = { readonly size: number; readonly changedAt: number; readonly summary: SessionSummary };

/** What `list` shows, remembered by each log's size and time, so that only changed logs are looked into. */
export class Summaries {
  readonly #directory: string;
  #known: Map<string, Remembered> | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Newest first. A log that cannot be read is left out, not the whole list. */
  async list(): Promise<readonly SessionSummary[]> {
    const known = this.#known ?? (await this.#load());
    const next = new Map<string, Remembered>();
    let changed = false;
    const names = (await readdir(this.#directory, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory() && entry.name !== 'blobs')
      .map((entry) => entry.name);
    await pool(names, 16, async (name) => {
      const before = known.get(name);
      const found = await summarise(join(this.#directory, name, 'events.jsonl'), before).catch(() => null);
      if (found === null) return;
      if (found !== before) changed = true;
      next.set(name, found);
    });
    this.#known = next;
    if (changed || next.size !== known.size) await this.#save(next);
    return [...next.values()]
      .map((entry) => entry.summary)
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.id.localeCompare(a.id));
  }

  #file(): string {
    return join(this.#directory, 'summaries.json');
  }

  async #load(): Promise<Map<string, Remembered>> {
    try {
      return new Map(JSON.parse(await readFile(this.#file(), 'utf8')) as [string, Remembered][]);
    } catch {
      return new Map();
    }
  }

  /** It can be made again from the logs, so a failure to keep it is no failure to list. */
  async #save(entries: ReadonlyMap<string, Remembered>): Promise<void> {
    const bytes = Buffer.from(JSON.stringify([...entries]));
    await replaceFile({ absolute: this.#file(), bytes, mode: 0o600, durable: false }).catch(() => undefined);
  }
}

const summarise = async (file: string, before: Remembered | undefined): Promise<Remembered | null> => {
  const handle = await open(file);
  try {
    const { size, mtimeMs } = await handle.stat();
    if (before?.size === size && before.changedAt === mtimeMs) return before;
    const first = await firstEvent(handle, size);
    const last = await lastEvent(handle, size);
    if (first === null || last === null) return null;
    const created = first.type === 'session.created' ? first.data : { title: '', cwd: '', parent: undefined };
    const { title, cwd, parent } = created;
    const times = { createdAt: first.at, updatedAt: last.at };
    return {
      size,
      changedAt: mtimeMs,
      summary: {
        id: first.session,
        title,
        cwd,
        ...times,
        events: last.seq,
        ...(parent === undefined ? {} : { parent }),
      },
    };
  } finally {
    await handle.close();
  }
};

const window = 16 * 1024;

const firstEvent = async (handle: FileHandle, size: number): Promise<Event | null> => {
  for (let length = window; ; length *= 4) {
    const bytes = await readAt(handle, 0, Math.min(length, size));
    const end = bytes.indexOf(0x0a);
    if (end >= 0) return JSON.parse(bytes.toString('utf8', 0, end)) as Event;
    if (length >= size) return null;
  }
};

const lastEvent = async (handle: FileHandle, size: number): Promise<Event | null> => {
  for (let length = window; ; length *= 4) {
    const bytes = await readAt(handle, Math.max(0, size - length), Math.min(length, size));
    const end = wholeBatches(bytes);
    const start = end < 2 ? -1 : bytes.lastIndexOf(0x0a, end - 2);
    if (end > 0 && (start >= 0 || length >= size))
      return JSON.parse(bytes.toString('utf8', start + 1, end)) as Event;
    if (length >= size) return null;
  }
};

const readAt = async (handle: FileHandle, offset: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
};
