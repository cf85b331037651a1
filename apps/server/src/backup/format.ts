import { createHash } from 'node:crypto';
import { AppError } from '@tandem/protocol/error';
import type { Applied } from '../database/migrate.ts';

/**
 * A backup is a gzip of frames: one letter, four bytes of length, the payload. `M` manifest; for each table `T` its head, `D`
 * its rows as PostgreSQL's text COPY writes them, `E` their count and hash; `Z` the end. A file without `Z` is no backup.
 */
export type Manifest = {
  readonly format: 'tandem-backup';
  readonly version: 1;
  readonly at: string;
  readonly migrations: readonly Applied[];
};
export type TableHead = { readonly table: string; readonly columns: readonly string[] };
export type TableEnd = { readonly rows: number; readonly sha256: string };

export type Frame =
  | { readonly type: 'M'; readonly manifest: Manifest }
  | { readonly type: 'T'; readonly head: TableHead }
  | { readonly type: 'D'; readonly bytes: Buffer }
  | { readonly type: 'E'; readonly end: TableEnd }
  | { readonly type: 'Z' };

/** A chunk of rows is some tens of kilobytes; a larger one is a damaged length. */
const maxFrame = 256 * 1024 * 1024;
const headBytes = 5;

export const encodeFrame = (frame: Frame): Buffer => {
  const payload = payloadOf(frame);
  const bytes = Buffer.alloc(headBytes + payload.length);
  bytes.write(frame.type, 0, 'latin1');
  bytes.writeUInt32BE(payload.length, 1);
  payload.copy(bytes, headBytes);
  return bytes;
};

const payloadOf = (frame: Frame): Buffer => {
  switch (frame.type) {
    case 'M':
      return Buffer.from(JSON.stringify(frame.manifest));
    case 'T':
      return Buffer.from(JSON.stringify(frame.head));
    case 'D':
      return frame.bytes;
    case 'E':
      return Buffer.from(JSON.stringify(frame.end));
    case 'Z':
      return Buffer.alloc(0);
  }
};

/** @throws AppError usage for anything that is not whole */
export async function* decodeFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let left: Buffer = Buffer.alloc(0);
  let ended = false;
  for await (const chunk of chunks) {
    left = left.length === 0 ? Buffer.from(chunk) : Buffer.concat([left, chunk]);
    for (;;) {
      if (left.length < headBytes) break;
      const length = left.readUInt32BE(1);
      if (length > maxFrame || ended) throw damaged('it goes on where it should end');
      if (left.length < headBytes + length) break;
      const frame = decode(left.toString('latin1', 0, 1), left.subarray(headBytes, headBytes + length));
      left = left.subarray(headBytes + length);
      ended = frame.type === 'Z';
      yield frame;
    }
  }
  if (!ended || left.length > 0) throw damaged('it is cut short');
}

const decode = (type: string, payload: Buffer): Frame => {
  try {
    if (type === 'D') return { type, bytes: payload };
    if (type === 'Z') return { type };
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (type === 'M') return { type, manifest: value as Manifest };
    if (type === 'T') return { type, head: value as TableHead };
    if (type === 'E') return { type, end: value as TableEnd };
  } catch (cause) {
    throw damaged('a part of it cannot be read', cause);
  }
  throw damaged(`it has a part of an unknown kind`);
};

export const damaged = (why: string, cause?: unknown): AppError =>
  new AppError('usage', `This is no whole backup: ${why}. Nothing was restored; take another file.`, {
    cause,
  });

/** Counts and hashes what passes. */
export const createTally = (): {
  readonly add: (bytes: Uint8Array) => void;
  readonly sha256: () => string;
} => {
  const hash = createHash('sha256');
  return { add: (bytes) => void hash.update(bytes), sha256: () => hash.digest('hex') };
};

/** In the order in which they may be filled again: a row comes after those that it refers to. */
export const savedTables = [
  'session',
  'event',
  'blob',
  'organisation',
  'member',
  'api_key',
  'repository',
  'idempotency',
  'task',
  'task_event',
  'run',
  'answer',
  'webhook',
  'delivery',
  'delivery_try',
  'audit',
  'usage',
] as const;
/** Of processes that live now, of the program's own book-keeping, and of files that lie beside the database. */
export const leftTables: readonly string[] = ['holder', 'migration', 'setup', 'bundle'];
export const leftColumns: readonly string[] = [
  'session.holder_id',
  'run.holder_id',
  'run.place',
  'delivery.holder_id',
];
