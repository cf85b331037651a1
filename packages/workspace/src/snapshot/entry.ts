/** One thing in a folder of a snapshot. */
export type Entry = {
  readonly name: string;
  /** `left`: seen, but its content is not kept; `hash` then says why. */
  readonly type: 'file' | 'link' | 'folder' | 'left';
  /** Permission bits, setuid and sticky included. */
  readonly mode: number;
  readonly size: number;
  /** SHA-256 of a file's content, of a link's target, or of a folder's own list of entries. */
  readonly hash: string;
  /** Ignored by git, or what can be made again where there is no git: kept, but no part of a diff. */
  readonly ignored: boolean;
  /** A folder that is a repository of its own. */
  readonly nested: boolean;
};

type Row = readonly [name: string, type: string, mode: number, size: number, hash: string, flags: number];

const letters = { file: 'f', link: 'l', folder: 'd', left: 'x' } as const;
const types: Readonly<Record<string, Entry['type']>> = { f: 'file', l: 'link', d: 'folder', x: 'left' };

/** The bytes whose hash names a folder: the same entries always give the same bytes. */
export const encodeFolder = (entries: readonly Entry[]): Buffer => {
  const rows = entries.map(
    (entry): Row => [
      entry.name,
      letters[entry.type],
      entry.mode,
      entry.size,
      entry.hash,
      (entry.ignored ? 1 : 0) + (entry.nested ? 2 : 0),
    ],
  );
  return Buffer.from(JSON.stringify(rows.sort((a, b) => (a[0] < b[0] ? -1 : 1))));
};

export const decodeFolder = (bytes: Buffer): readonly Entry[] =>
  (JSON.parse(bytes.toString('utf8')) as readonly Row[]).map(([name, type, mode, size, hash, flags]) => ({
    name,
    type: types[type] ?? 'left',
    mode,
    size,
    hash,
    ignored: (flags & 1) !== 0,
    nested: (flags & 2) !== 0,
  }));

/** Whether putting one in the place of the other changes nothing. What a folder holds is compared entry by entry. */
export const isSame = (a: Entry | null, b: Entry | null): boolean => {
  if (a === null || b === null) return a === b;
  if (a.type !== b.type || (a.mode !== b.mode && a.type !== 'link')) return false;
  return a.type === 'folder' || a.hash === b.hash;
};
