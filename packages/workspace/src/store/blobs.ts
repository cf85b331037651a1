import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, replaceFile } from '../files/write.ts';

/** Durable when it resolves. The same bytes are kept once. */
export const putBlob = async (folder: string, bytes: Uint8Array): Promise<string> => {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const absolute = blobPath(folder, hash);
  if ((await stat(absolute).catch(() => null))?.size === bytes.length) return hash;
  try {
    await mkdir(dirname(absolute), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw diskError(error, absolute);
  }
  await replaceFile({ absolute, bytes, mode: 0o600 });
  return hash;
};

export const getBlob = async (folder: string, hash: string): Promise<Uint8Array | null> => {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  return readFile(blobPath(folder, hash)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
};

const blobPath = (folder: string, hash: string): string => join(folder, hash.slice(0, 2), hash);
