import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

/** What a sequence of the engine can do with files; `tokens` of a state travel beside it, in our own record. */
export type StateHolder<T extends number> = {
  readonly contextTokens: readonly T[];
  readonly saveStateToFile: (file: string) => Promise<unknown>;
  readonly loadStateFromFile: (file: string, acceptRisk: { readonly acceptRisk: true }) => Promise<void>;
  readonly clearHistory: () => Promise<void>;
};

export type FoundState = { readonly name: string; readonly common: number };

/** Computed prompt states on disk, so that another process need not compute them again. Never fails a request. */
export type KvStore = {
  /** The state that shares the longest beginning with `tokens`, if any. */
  readonly find: (tokens: readonly number[]) => Promise<FoundState | null>;
  /** Loads it; a damaged one is removed and the sequence left empty. */
  readonly load: <T extends number>(holder: StateHolder<T>, found: FoundState) => Promise<void>;
  /** Keeps the state of a holder that holds exactly `tokens`, unless it is kept already. */
  readonly save: <T extends number>(holder: StateHolder<T>, tokens: readonly T[]) => Promise<void>;
};

type KvRecord = {
  readonly identity: string;
  readonly bytes: number;
  readonly crc32: number;
  readonly tokens: readonly number[];
};

/**
 * A state is two files: `NAME.kv` and then `NAME.json`, whose presence makes it count. Loading a state made by other
 * weights or another engine may crash the process, so `identity` is part of the name and of the record, and the
 * bytes are checked before the engine sees them.
 */
export const createKvStore = (input: {
  readonly directory: string;
  /** Everything that must be equal for a state to be valid: weights, engine version, context parameters. */
  readonly identity: string;
  readonly maxBytes?: number;
  readonly log?: (line: string) => void;
}): KvStore => {
  const store = {
    directory: input.directory,
    identity: input.identity,
    prefix: digest(input.identity).slice(0, 16),
    maxBytes: input.maxBytes ?? defaultMaxBytes,
    records: new Map<string, KvRecord>(),
  };
  const quietly = async <R>(what: string, otherwise: R, work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      input.log?.(`saved prompt state: ${what} failed (${error instanceof Error ? error.message : error})`);
      return otherwise;
    }
  };
  return {
    find: (tokens) => quietly('look-up', null, () => findLongest(store, tokens)),
    load: (holder, found) =>
      quietly('load', undefined, async () => {
        try {
          await loadState(store, holder, found);
        } catch (error) {
          await remove(store, found.name);
          await holder.clearHistory();
          throw error;
        }
      }),
    save: (holder, tokens) => quietly('save', undefined, () => saveState(store, holder, tokens)),
  };
};

/** About 35,000 tokens of a 1.5 B model: a few projects' worth of prompts. More would surprise on a small disk. */
const defaultMaxBytes = 1024 ** 3;
/** Names looked at per search: the cap on bytes keeps far fewer, this bounds a folder somebody else filled. */
const maxEntries = 1000;

type Store = {
  readonly directory: string;
  readonly identity: string;
  readonly prefix: string;
  readonly maxBytes: number;
  readonly records: Map<string, KvRecord>;
};

const findLongest = async (store: Store, tokens: readonly number[]): Promise<FoundState | null> => {
  let best: FoundState | null = null;
  for (const name of await names(store)) {
    const record = await readRecord(store, name);
    if (record === null) continue;
    const common = commonLength(record.tokens, tokens);
    if (best === null || common > best.common) best = { name, common };
  }
  return best !== null && best.common > 0 ? best : null;
};

const names = async (store: Store): Promise<readonly string[]> => {
  const files = await readdir(store.directory).catch(() => []);
  return files
    .filter((file) => file.startsWith(`${store.prefix}-`) && file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .slice(0, maxEntries);
};

const readRecord = async (store: Store, name: string): Promise<KvRecord | null> => {
  const known = store.records.get(name);
  if (known !== undefined) return known;
  const text = await readFile(path.join(store.directory, `${name}.json`), 'utf8').catch(() => null);
  if (text === null) return null;
  const record = parseRecord(text);
  if (record === null || record.identity !== store.identity) {
    await remove(store, name);
    return null;
  }
  store.records.set(name, record);
  return record;
};

const parseRecord = (text: string): KvRecord | null => {
  try {
    const value = JSON.parse(text) as Partial<KvRecord> | null;
    const whole =
      typeof value?.identity === 'string' &&
      Number.isInteger(value.bytes) &&
      Number.isInteger(value.crc32) &&
      Array.isArray(value.tokens) &&
      value.tokens.every((token) => Number.isInteger(token));
    return whole ? (value as KvRecord) : null;
  } catch {
    return null;
  }
};

const loadState = async <T extends number>(
  store: Store,
  holder: StateHolder<T>,
  found: FoundState,
): Promise<void> => {
  const record = store.records.get(found.name);
  const file = path.join(store.directory, `${found.name}.kv`);
  const size = (await stat(file)).size;
  if (record === undefined || size !== record.bytes) throw new Error('its size is not the one recorded');
  if ((await checksum(file)) !== record.crc32) throw new Error('its bytes are damaged');
  await holder.loadStateFromFile(file, { acceptRisk: true });
  if (commonLength(holder.contextTokens, record.tokens) !== record.tokens.length)
    throw new Error('it holds other tokens than recorded');
  const now = new Date();
  await utimes(path.join(store.directory, `${found.name}.json`), now, now);
};

const saveState = async <T extends number>(
  store: Store,
  holder: StateHolder<T>,
  tokens: readonly T[],
): Promise<void> => {
  const name = `${store.prefix}-${tokens.length}-${digest(tokens.join(',')).slice(0, 24)}`;
  if ((await readRecord(store, name)) !== null) return;
  await mkdir(store.directory, { recursive: true, mode: 0o700 });
  const temporary = path.join(store.directory, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    await holder.saveStateToFile(temporary);
    const bytes = (await stat(temporary)).size;
    if (bytes > store.maxBytes) return;
    await evict(store, store.maxBytes - bytes);
    const record: KvRecord = {
      identity: store.identity,
      bytes,
      crc32: await checksum(temporary),
      tokens: [...tokens],
    };
    await rename(temporary, path.join(store.directory, `${name}.kv`));
    await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
    await rename(temporary, path.join(store.directory, `${name}.json`));
    store.records.set(name, record);
  } finally {
    await rm(temporary, { force: true });
  }
};

/** Removes the longest unused states, of any weights, until at most `limit` bytes are left; then what a kill left. */
const evict = async (store: Store, limit: number): Promise<void> => {
  const files = await readdir(store.directory);
  const entries = await Promise.all(
    files
      .filter((file) => file.endsWith('.kv'))
      .map(async (file) => {
        const name = file.slice(0, -'.kv'.length);
        const { size, mtimeMs } = await stat(path.join(store.directory, file));
        const used = await stat(path.join(store.directory, `${name}.json`)).catch(() => null);
        return { name, size, usedMs: used?.mtimeMs ?? mtimeMs };
      }),
  );
  let total = entries.reduce((sum, entry) => sum + entry.size, 0);
  for (const entry of entries.sort((a, b) => a.usedMs - b.usedMs)) {
    if (total <= limit) break;
    await remove(store, entry.name);
    total -= entry.size;
  }
  await removeLeftovers(store, files);
};

const leftoverAgeMs = 60 * 60 * 1000;

const removeLeftovers = async (store: Store, files: readonly string[]): Promise<void> => {
  for (const file of files.filter((name) => name.startsWith('.'))) {
    const full = path.join(store.directory, file);
    const info = await stat(full).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > leftoverAgeMs) await rm(full, { force: true });
  }
};

const remove = async (store: Store, name: string): Promise<void> => {
  store.records.delete(name);
  await rm(path.join(store.directory, `${name}.json`), { force: true });
  await rm(path.join(store.directory, `${name}.kv`), { force: true });
};

const checksum = async (file: string): Promise<number> => {
  let sum = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    sum = crc32(chunk as Buffer, sum);
  return sum;
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const commonLength = (a: readonly number[], b: readonly number[]): number => {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  return at;
};
