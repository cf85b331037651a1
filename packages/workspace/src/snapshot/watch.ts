import { type FSWatcher, readFileSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The kernel drops events past its queue; half of it is a sign that it may have come to that. */
const queueShare = 0.5;
/** Of the watches that a user may have, those that one process may take. */
const watchShare = 0.25;
/** Everything is looked at again this often: writes through a memory mapping raise no event. */
const trustMs = 60_000;
/** For an event to come back; later than this the machine is too busy to be trusted. */
const patienceMs = 250;

/**
 * Says which folders may have changed since they were last looked at, so that the rest needs no look. Only where the
 * kernel tells in order and says when it lost something (Linux); elsewhere, and in any doubt, nothing is trusted.
 */
export class Watch {
  readonly #cookieFolder: string;
  readonly #limits: { readonly queue: number; readonly watches: number };
  readonly #watched = new Map<string, FSWatcher>();
  #dirty = new Set<string>();
  #events = 0;
  #fullAt = Number.NEGATIVE_INFINITY;
  #broken = process.platform !== 'linux';
  #awaited: { readonly name: string; readonly came: () => void } | null = null;
  #cookies = 0;
  /** Whether the watch of a folder may have lost it. */
  #isSuspect: (absolute: string) => boolean = () => true;

  /** @param folder for files of our own whose events tell that all earlier ones have come */
  constructor(folder: string) {
    this.#cookieFolder = folder;
    this.#limits = {
      queue: numberIn('/proc/sys/fs/inotify/max_queued_events') * queueShare,
      watches: numberIn('/proc/sys/fs/inotify/max_user_watches') * watchShare,
    };
  }

  /** Whether a folder needs a look, for all that happened until now. Null: all of them do. */
  async changes(): Promise<((absolute: string) => boolean) | null> {
    const trusted = !this.#broken && (await this.#catchUp());
    const dirty = this.#dirty;
    const overflowed = this.#events >= this.#limits.queue;
    const old = performance.now() - this.#fullAt > trustMs;
    this.#dirty = new Set();
    this.#events = 0;
    const known = trusted && !overflowed;
    const mayDiffer = (absolute: string): boolean =>
      !this.#watched.has(absolute) || dirty.has(absolute) || dirty.has(dirname(absolute));
    this.#isSuspect = known ? mayDiffer : () => true;
    if (known && !old) return mayDiffer;
    this.#fullAt = performance.now();
    return null;
  }

  /** What was to be looked at was not, or not to the end: the next time it is all looked at. */
  doubt(): void {
    this.#fullAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Begins to watch a folder; called before it is looked at, so that nothing falls in between. Where something happened
   * (or `anew`, because it did above) the watch is made again: a folder may have gone and another of its name, even of
   * its inode, have come.
   */
  follow(absolute: string, anew = false): void {
    if (this.#broken || !(anew || this.#isSuspect(absolute))) return;
    this.#watched.get(absolute)?.close();
    this.#watched.delete(absolute);
    if (this.#watched.size >= this.#limits.watches) {
      this.#give();
      return;
    }
    try {
      const watcher = watch(absolute, { persistent: false }, (_type, name) => this.#see(absolute, name));
      watcher.on('error', () => this.#give());
      this.#watched.set(absolute, watcher);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') this.#give();
    }
  }

  /** Forgets the folders that are there no more. */
  keep(absolutes: ReadonlySet<string>): void {
    for (const [absolute, watcher] of this.#watched) {
      if (absolutes.has(absolute) || absolute === this.#cookieFolder) continue;
      watcher.close();
      this.#watched.delete(absolute);
    }
  }

  #see(absolute: string, name: string | null): void {
    this.#events += 1;
    if (absolute !== this.#cookieFolder) this.#dirty.add(absolute);
    else if (name === this.#awaited?.name) this.#awaited?.came();
  }

  /** Events come in the order of what happened: when that of our own write is here, all before it are. */
  async #catchUp(): Promise<boolean> {
    await mkdir(this.#cookieFolder, { recursive: true });
    if (!this.#watched.has(this.#cookieFolder)) this.follow(this.#cookieFolder);
    this.#cookies += 1;
    const name = `${process.pid}-${this.#cookies}`;
    let timer: NodeJS.Timeout | undefined;
    const seen = new Promise<boolean>((resolve) => {
      this.#awaited = { name, came: () => resolve(true) };
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    writeFileSync(join(this.#cookieFolder, name), '');
    unlinkSync(join(this.#cookieFolder, name));
    const came = await seen;
    clearTimeout(timer);
    this.#awaited = null;
    return came;
  }

  /** No more watches to be had: everything is looked at every time. */
  #give(): void {
    this.#broken = true;
    for (const watcher of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }
}

const numberIn = (path: string): number => {
  try {
    return Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    return 0;
  }
};
