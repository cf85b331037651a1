import { createHash } from 'node:crypto';
import { AppError } from '@tandem/protocol/error';
import { retrying } from '../database/retry.ts';
import type { StoreParts } from './open-postgres-store.ts';

/** A row is read and written whole. */
const maxBytes = 64_000_000;

/** Durable when it resolves. @throws AppError limit */
export const putBlob = async (parts: StoreParts, bytes: Uint8Array): Promise<string> => {
  if (bytes.length > maxBytes)
    throw new AppError('limit', `${bytes.length} bytes are too many for one blob; the most is ${maxBytes}.`);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const statement = 'insert into tandem.blob (hash, bytes) values ($1, $2) on conflict do nothing';
  await retrying(() => parts.pool.query(statement, [hash, Buffer.from(bytes)]), parts);
  return hash;
};

export const getBlob = async (parts: StoreParts, hash: string): Promise<Uint8Array | null> => {
  const asked = 'select bytes from tandem.blob where hash = $1';
  const { rows } = await retrying(() => parts.pool.query<{ bytes: Buffer }>(asked, [hash]), parts);
  return rows[0]?.bytes ?? null;
};
