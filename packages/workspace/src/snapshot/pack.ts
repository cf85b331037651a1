import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerName } from '../exec/owner.ts';

/** Where the bytes of a hash lie. */
export type Location = { readonly pack: string; readonly offset: number; readonly length: number };

export type PackFile = {
  readonly name: string;
  readonly size: number;
  readonly changedAt: number;
  readonly hashes: readonly string[];
};

export const packSuffix = '.objects';

const magic = Buffer.from('tandem1\n');
/** Hash, offset and length of one part. */
const rowBytes = 32 + 6 + 6;
const tailBytes = 6 + magic.length;

/**
 * One file: the parts, then a row for each, then the number of rows and a mark. Thousands of small contents cost
 * one file and one flush. Returns its name; it is whole or not there.
 */
export const writePack = async (folder: string, parts: ReadonlyMap<string, Buffer>): Promise<string> => {
  const name = `${randomBytes(8).toString('hex')}${packSuffix}`;
  const temporary = join(folder, `${ownerName()}-${name}.tmp`);
  const rows = Buffer.alloc(parts.size * rowBytes);
  let offset = 0;
  let row = 0;
  for (const [hash, part] of parts) {
    rows.write(hash, row, 'hex');
    rows.writeUIntBE(offset, row + 32, 6);
    rows.writeUIntBE(part.length, row + 38, 6);
    offset += part.length;
    row += rowBytes;
  }
  const tail = Buffer.alloc(tailBytes);
  tail.writeUIntBE(parts.size, 0, 6);
  magic.copy(tail, 6);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(Buffer.concat([...parts.values(), rows, tail]));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, name));
    await syncFolder(folder);
    return name;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
};

/** Null for a file that is no whole pack. */
export const readPackIndex = async (
  folder: string,
  name: string,
): Promise<readonly { readonly hash: string; readonly offset: number; readonly length: number }[] | null> => {
  const handle = await open(join(folder, name)).catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    if (size < tailBytes) return null;
    const tail = await readAt(handle, size - tailBytes, tailBytes);
    if (!tail.subarray(6).equals(magic)) return null;
    const count = tail.readUIntBE(0, 6);
    const start = size - tailBytes - count * rowBytes;
    if (start < 0) return null;
    const rows = await readAt(handle, start, count * rowBytes);
    return Array.from({ length: count }, (_, index) => {
      const at = index * rowBytes;
      return {
        hash: rows.toString('hex', at, at + 32),
        offset: rows.readUIntBE(at + 32, 6),
        length: rows.readUIntBE(at + 38, 6),
      };
    });
  } finally {
    await handle.close();
  }
};

export const readPart = async (folder: string, location: Location): Promise<Buffer> => {
  const handle = await open(join(folder, location.pack));
  try {
    return await readAt(handle, location.offset, location.length);
  } finally {
    await handle.close();
  }
};

/** Makes renames in a folder outlive a power cut, where the platform can. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder).catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
};

const readAt = async (
  handle: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<Buffer> => {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead !== length) throw new Error('it is shorter than it was');
  return bytes;
};
