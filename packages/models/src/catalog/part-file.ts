import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';

/**
 * The beginning of a file that is being fetched, hashed as it grows. It outlives the process: whatever source goes on
 * appends at `size`, because all sources give the same bytes.
 */
export class PartFile {
  readonly path: string;
  #handle: FileHandle | null = null;
  #hash: Hash = createHash('sha256');
  #size = 0;

  constructor(path: string) {
    this.path = path;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes up what is there, up to `most` bytes; hashes it. Call it before anything else. */
  async open(most: number, signal: AbortSignal): Promise<void> {
    const there = await stat(this.path).catch(() => null);
    const keep = there?.isFile() ? Math.min(there.size, most) : 0;
    this.#handle = await open(this.path, keep > 0 ? 'r+' : 'w', 0o644);
    if (keep < (there?.size ?? 0) && keep > 0) await this.#handle.truncate(keep);
    await this.#rehash(keep, signal);
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#open().writeFileAt(bytes, this.#size);
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  /** Forgets everything after `size`. */
  async cut(size: number, signal: AbortSignal): Promise<void> {
    if (size >= this.#size) return;
    await this.#open().truncate(size);
    await this.#rehash(size, signal);
  }

  /** SHA-256 of the whole, hex. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Durable under its own name; nobody ever sees half of it there. */
  async finish(path: string): Promise<void> {
    await this.#open().sync();
    await this.close();
    await rename(this.path, path);
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  #open() {
    const handle = this.#handle;
    if (handle === null) throw new Error('the part file is closed');
    return {
      truncate: (size: number) => handle.truncate(size),
      sync: () => handle.sync(),
      writeFileAt: async (bytes: Uint8Array, at: number): Promise<void> => {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
          done += bytesWritten;
        }
      },
    };
  }

  async #rehash(size: number, signal: AbortSignal): Promise<void> {
    this.#hash = createHash('sha256');
    this.#size = size;
    if (size > 0) await hashFile(this.path, { hash: this.#hash, bytes: size, signal });
  }
}

/** Feeds the first `bytes` of a file to a hash. */
export const hashFile = async (
  path: string,
  options: {
    readonly hash: Hash;
    readonly bytes: number;
    readonly signal: AbortSignal;
    readonly onBytes?: (done: number) => void;
  },
): Promise<void> => {
  if (options.bytes === 0) return;
  let done = 0;
  const stream = createReadStream(path, { end: options.bytes - 1, highWaterMark: 1024 * 1024 });
  for await (const chunk of stream) {
    options.signal.throwIfAborted();
    options.hash.update(chunk as Buffer);
    done += (chunk as Buffer).length;
    options.onBytes?.(done);
  }
};
