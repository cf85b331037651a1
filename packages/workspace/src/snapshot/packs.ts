import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '@tandem/protocol';
import type { Location } from './manifest.ts';

/**
 * Contents of one snapshot's new files, one after another in one file: writing thousands of small files would cost
 * seconds where one costs milliseconds.
 */
export class PackWriter {
  readonly #folder: string;
  readonly #name: string;
  #file: FileHandle | null = null;
  #offset = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
    this.#name = `${randomBytes(8).toString('hex')}.pack`;
  }

  /** Adds bytes; they are durable after `finish`. */
  add(bytes: Uint8Array): Promise<Location> {
    const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    const location = { pack: this.#name, offset: this.#offset, length: packed.length };
    this.#offset += packed.length;
    const written = this.#last.then(() => this.#write(packed, location.offset));
    // A failed write fails `finish`, through this chain; here it only must not go unhandled.
    this.#last = written;
    written.catch(() => undefined);
    return written.then(() => location);
  }

  async finish(): Promise<void> {
    await this.#last;
    if (this.#file === null) return;
    await this.#file.datasync();
    await this.#file.close();
    this.#file = null;
    await rename(this.#temporary(), join(this.#folder, this.#name));
  }

  async discard(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#file?.close();
    await unlink(this.#temporary()).catch(() => undefined);
  }

  #temporary(): string {
    return join(this.#folder, `${this.#name}.tmp`);
  }

  async #write(packed: Uint8Array, offset: number): Promise<void> {
    if (this.#file === null) {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#file = await open(this.#temporary(), 'wx', 0o600);
    }
    let done = 0;
    while (done < packed.length) {
      const { bytesWritten } = await this.#file.write(packed, done, packed.length - done, offset + done);
      done += bytesWritten;
    }
  }
}

/** @throws AppError internal when the pack is gone or damaged */
export const readPacked = async (folder: string, location: Location): Promise<Buffer> => {
  try {
    const file = await open(join(folder, location.pack));
    try {
      const packed = Buffer.alloc(location.length);
      const { bytesRead } = await file.read(packed, 0, location.length, location.offset);
      if (bytesRead !== location.length) throw new Error('it is shorter than it was');
      return zstdDecompressSync(packed);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new AppError('internal', `The snapshot store is damaged: ${join(folder, location.pack)}.`, {
      cause: error,
    });
  }
};

export type PackFile = { readonly name: string; readonly size: number; readonly changedAt: number };

export const listPacks = async (folder: string): Promise<readonly PackFile[]> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.pack(\.tmp)?$/.test(name));
  const packs = names.map(async (name) => {
    const stats = await stat(join(folder, name)).catch(() => null);
    return { name, size: stats?.size ?? 0, changedAt: stats?.mtimeMs ?? 0 };
  });
  return Promise.all(packs);
};
