import { decodeFolder, type Entry, isSame } from './entry.ts';
import type { Objects } from './objects.ts';

/** Both sides of a path that differs. Null: nothing there. */
export type Change = { readonly before: Entry | null; readonly after: Entry | null };

/** Reads the trees of snapshots; every list of entries once. */
export class TreeReader {
  readonly objects: Objects;
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, Entry>>>();

  constructor(objects: Objects) {
    this.objects = objects;
  }

  folder(hash: string): Promise<ReadonlyMap<string, Entry>> {
    const known = this.#folders.get(hash);
    if (known !== undefined) return known;
    const reading = this.objects
      .get(hash)
      .then((bytes) => new Map(decodeFolder(bytes).map((entry) => [entry.name, entry])));
    this.#folders.set(hash, reading);
    return reading;
  }

  /** The entry at a path; `left` when it lies in what is not kept. */
  async at(tree: string | null, path: string): Promise<Entry | null> {
    let hash = tree;
    let found: Entry | null = null;
    for (const name of path.split('/')) {
      if (hash === null) return null;
      found = (await this.folder(hash)).get(name) ?? null;
      if (found === null || found.type === 'left') return found;
      hash = found.type === 'folder' ? found.hash : null;
    }
    return found;
  }

  /** Every path that differs, folders before what is in them. What either side does not know is no difference. */
  async changes(
    before: string | null,
    after: string | null,
    skip: (entry: Entry) => boolean = () => false,
  ): Promise<ReadonlyMap<string, Change>> {
    const found = new Map<string, Change>();
    await this.#compare({ before, after, path: '', skip, found });
    return found;
  }

  async #compare(input: {
    readonly before: string | null;
    readonly after: string | null;
    readonly path: string;
    readonly skip: (entry: Entry) => boolean;
    readonly found: Map<string, Change>;
  }): Promise<void> {
    const { before, after, skip, found } = input;
    if (before === after) return;
    const old: ReadonlyMap<string, Entry> = before === null ? new Map() : await this.folder(before);
    const now: ReadonlyMap<string, Entry> = after === null ? new Map() : await this.folder(after);
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const was = old.get(name) ?? null;
      const is = now.get(name) ?? null;
      if (was?.type === 'left' || is?.type === 'left') continue;
      if ([was, is].some((entry) => entry !== null && skip(entry))) continue;
      const path = input.path === '' ? name : `${input.path}/${name}`;
      if (!isSame(was, is)) found.set(path, { before: was, after: is });
      if (was?.type !== 'folder' && is?.type !== 'folder') continue;
      await this.#compare({ ...input, before: treeOf(was), after: treeOf(is), path });
    }
  }
}

const treeOf = (entry: Entry | null): string | null => (entry?.type === 'folder' ? entry.hash : null);
