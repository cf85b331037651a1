import { hashOf } from './objects.ts';

/** Flags of an entry that mean something: assume-valid and the stage; not the length of its name. */
const meantFlags = 0xb000;
/** Of the second word of flags: skip-worktree and intent-to-add. */
const meantMore = 0x6000;

/**
 * What an index says, without what it only remembers to save time: looking at a repository rewrites the times in it.
 * A file of another form stands for itself, byte for byte.
 */
export const indexIdentity = (bytes: Buffer): string => {
  for (const size of hashSizes(bytes)) {
    const found = readEntries(bytes, size);
    if (found !== null) return found;
  }
  return hashOf(bytes);
};

/** SHA-1 first: a repository of SHA-256 does not end where it should when read so. */
const hashSizes = (bytes: Buffer): readonly number[] =>
  bytes.subarray(0, 4).toString('latin1') === 'DIRC' ? [20, 32] : [];

const readEntries = (bytes: Buffer, hashBytes: number): string | null => {
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return null;
  const meant: string[] = [];
  let at = 12;
  let name: Buffer = Buffer.alloc(0);
  for (let index = 0; index < count; index += 1) {
    const flagsAt = at + 40 + hashBytes;
    if (flagsAt + 4 > bytes.length) return null;
    const flags = bytes.readUInt16BE(flagsAt);
    const extended = (flags & 0x4000) !== 0;
    const nameAt = flagsAt + (extended ? 4 : 2);
    const more = extended ? bytes.readUInt16BE(flagsAt + 2) & meantMore : 0;
    const shared = version === 4 ? readVarint(bytes, nameAt) : { value: 0, next: nameAt };
    const end = bytes.indexOf(0, shared.next);
    if (end < 0 || shared.value > name.length) return null;
    name = Buffer.concat([
      version === 4 ? name.subarray(0, name.length - shared.value) : Buffer.alloc(0),
      bytes.subarray(shared.next, end),
    ]);
    const mode = bytes.readUInt32BE(at + 24);
    const object = bytes.toString('hex', at + 40, flagsAt);
    meant.push(`${mode} ${object} ${flags & meantFlags} ${more} ${name.toString('latin1')}`);
    at = version === 4 ? end + 1 : at + ((nameAt - at + (end - shared.next) + 8) & ~7);
  }
  const rest = extensionsAt(bytes, at, hashBytes);
  return rest === null ? null : hashOf(Buffer.from([...meant, ...rest].join('\n')));
};

/** The extensions that carry meaning: conflicts resolved, and a split or sparse index. Null when they do not fit. */
const extensionsAt = (bytes: Buffer, start: number, hashBytes: number): readonly string[] | null => {
  const meant: string[] = [];
  let at = start;
  while (at + 8 <= bytes.length - hashBytes) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32BE(at + 4);
    if (!/^[A-Za-z]{4}$/.test(name)) return null;
    if (['REUC', 'link', 'sdir'].includes(name))
      meant.push(`${name} ${bytes.toString('hex', at + 8, at + 8 + size)}`);
    at += 8 + size;
  }
  return at === bytes.length - hashBytes ? meant : null;
};

const readVarint = (bytes: Buffer, start: number): { readonly value: number; readonly next: number } => {
  let at = start;
  let byte = bytes[at] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at + 1 };
};
