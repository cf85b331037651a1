import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '@tandem/protocol';
import type { Location, PackFile } from './pack.ts';
import { packSuffix, readPackIndex, readPart, writePack } from './pack.ts';

/** Smaller contents are not worth a compressor's start, larger ones would hold up everything else. */
const rawBelow = 200;
const inlineBelow = 512 * 1024;
/** A pack is closed at this size, so that one snapshot never needs more memory than this for what it adds. */
const packBytes = 48 * 1024 * 1024;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const compress = promisify(zstdCompress);

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Contents by their hash, each once, in pack files that are never changed. What was added is durable, and seen by
 * others, after `commit`. One process at a time may add; the caller holds the lock of the folder.
 */
export class Objects {
  readonly folder: string;
  readonly #index = new Map<string, Location>();
  readonly #packs = new Map<string, PackFile>();
  #staged = new Map<string, Buffer>();
  #stagedBytes = 0;
  #writing = new Map<string, Buffer>();
  #writes: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Takes in what other processes have added or removed. True when something is gone. */
  async refresh(): Promise<boolean> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(packSuffix));
    const present = new Set(names);
    let gone = false;
    for (const name of [...this.#packs.keys()]) {
      if (present.has(name)) continue;
      this.#forget(name);
      gone = true;
    }
    for (const name of names) if (!this.#packs.has(name)) await this.#take(name);
    return gone;
  }

  get bytes(): number {
    return [...this.#packs.values()].reduce((sum, pack) => sum + pack.size, 0);
  }

  get packs(): readonly PackFile[] {
    return [...this.#packs.values()];
  }

  has(hash: string): boolean {
    return this.#index.has(hash) || this.#staged.has(hash) || this.#writing.has(hash);
  }

  locationOf(hash: string): Location | undefined {
    return this.#index.get(hash);
  }

  async add(bytes: Buffer, hash = hashOf(bytes)): Promise<string> {
    if (this.has(hash)) return hash;
    const packed =
      bytes.length < rawBelow
        ? bytes
        : bytes.length < inlineBelow
          ? zstdCompressSync(bytes, level)
          : await compress(bytes, level);
    const raw = packed.length >= bytes.length;
    await this.addStored(hash, Buffer.concat([Buffer.from([raw ? 0 : 1]), raw ? bytes : packed]));
    return hash;
  }

  /** A part as it lies in another pack. */
  async addStored(hash: string, part: Buffer): Promise<void> {
    this.#staged.set(hash, part);
    this.#stagedBytes += part.length;
    if (this.#stagedBytes > packBytes) await this.#write();
  }

  async commit(): Promise<void> {
    if (this.#staged.size > 0) await this.#write();
    await this.#writes;
  }

  /** Forgets what was added since, and a write that failed. */
  discard(): void {
    this.#writes = this.#writes.catch(() => this.#writing.clear());
    this.#staged = new Map();
    this.#stagedBytes = 0;
  }

  /** @throws AppError internal when it is not there, or damaged */
  async get(hash: string): Promise<Buffer> {
    const part = await this.stored(hash);
    const bytes = part[0] === 0 ? part.subarray(1) : zstdDecompressSync(part.subarray(1));
    if (hashOf(bytes) !== hash) throw damaged(this.folder, hash);
    return bytes;
  }

  async stored(hash: string): Promise<Buffer> {
    const staged = this.#staged.get(hash) ?? this.#writing.get(hash);
    if (staged !== undefined) return staged;
    const location = this.#index.get(hash);
    if (location === undefined) throw damaged(this.folder, hash);
    return readPart(this.folder, location).catch((cause: unknown) => {
      throw damaged(this.folder, hash, cause);
    });
  }

  async removePack(name: string): Promise<void> {
    await unlink(join(this.folder, name)).catch(() => undefined);
    this.#forget(name);
  }

  /** One pack after another; what is being written is still found, and what is added meanwhile is for the next. */
  #write(): Promise<void> {
    const parts = this.#staged;
    this.#writing = new Map([...this.#writing, ...parts]);
    this.discard();
    this.#writes = this.#writes.then(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.#take(await writePack(this.folder, parts));
      for (const hash of parts.keys()) this.#writing.delete(hash);
    });
    return this.#writes;
  }

  async #take(name: string): Promise<void> {
    const found = await readPackIndex(this.folder, name);
    if (found === null) return;
    const { size, mtimeMs } = await stat(join(this.folder, name));
    this.#packs.set(name, { name, size, changedAt: mtimeMs, hashes: found.map(({ hash }) => hash) });
    for (const { hash, offset, length } of found) this.#index.set(hash, { pack: name, offset, length });
  }

  #forget(name: string): void {
    for (const hash of this.#packs.get(name)?.hashes ?? [])
      if (this.#index.get(hash)?.pack === name) this.#index.delete(hash);
    this.#packs.delete(name);
  }
}

const damaged = (folder: string, hash: string, cause?: unknown): AppError =>
  new AppError(
    'internal',
    `The snapshot store in ${folder} is damaged: it has no sound content ${hash.slice(0, 12)}.`,
    {
      cause,
    },
  );
