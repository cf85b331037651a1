import { lstatSync } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownerName } from '../exec/owner.ts';
import type { Objects } from './objects.ts';
import { isSettled } from './scan.ts';

/** Which files of an object folder a snapshot needs. Each list is an object of the store: names, one a line. */
export type Kept = {
  /** By fan-out folder (`3f`) and for `pack`. */
  readonly lists: Readonly<Record<string, string>>;
  /** Content of `info/alternates`, an object of the store; null without one. */
  readonly alternates: string | null;
};

type SeenList = { mtime: number; ctime: number; inode: number; sure: boolean; list: string };
/** What was last seen of object folders, by absolute path. */
export type SeenLists = Map<string, SeenList>;

const loose = /^([0-9a-f]{38}|[0-9a-f]{62})$/;
const packed = /^pack-[0-9a-f]+\.(pack|idx|rev|keep|promisor|mtimes)$/;
/** git moves objects from loose files to packs and between packs while we list them. */
const tries = 5;

/**
 * Holds on to every object file of a repository by a second name for it (a hard link; a copy on another file
 * system), so that it outlives `gc --prune` and `rm -rf .git`. Files of one name have one content, so nothing is
 * held twice. Reads the repository and writes nothing into it.
 */
export const keepObjects = async (input: {
  readonly folder: string;
  /** Where they are held: laid out as an object folder of git. */
  readonly kept: string;
  readonly objects: Objects;
  readonly seen: SeenLists;
  /** What may still be copied, where no link can be made; less after. */
  readonly budget: { bytes: number };
}): Promise<Kept> => {
  for (let attempt = 1; ; attempt += 1) {
    const lists: Record<string, string> = {};
    let whole = true;
    // Loose ones first: what moves meanwhile moves into a pack, which is listed after.
    const names = (await readdir(input.folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
    for (const name of [...names, 'pack']) {
      const list = await keepList(input, name);
      if (list === null) whole = false;
      else if (list !== '') lists[name] = list;
    }
    if (!whole && attempt < tries) continue;
    const alternates = await readFile(join(input.folder, 'info/alternates')).catch(() => null);
    return { lists, alternates: alternates === null ? null : await input.objects.add(alternates) };
  }
};

/** Hash of the list of names; '' for none, null when one vanished while it was being kept. */
const keepList = async (input: Parameters<typeof keepObjects>[0], name: string): Promise<string | null> => {
  const folder = join(input.folder, name);
  const lookedAt = Date.now();
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return '';
  const seen = input.seen.get(folder);
  const { mtimeMs: mtime, ctimeMs: ctime, ino: inode } = stats;
  const same = seen?.mtime === mtime && seen.ctime === ctime && seen.inode === inode;
  if (seen?.sure === true && same && input.objects.has(seen.list)) return seen.list;
  const wanted = name === 'pack' ? packed : loose;
  const names = (await readdir(folder).catch(() => [])).filter((one) => wanted.test(one)).sort();
  if (names.length === 0) return '';
  await mkdir(join(input.kept, name), { recursive: true, mode: 0o700 });
  const held = new Set(await readdir(join(input.kept, name)));
  const kept: string[] = [];
  for (const one of names) {
    const got = held.has(one)
      ? 'held'
      : await hold(join(folder, one), join(input.kept, name, one), input.budget);
    if (got === 'gone') return null;
    if (got === 'held') kept.push(one);
  }
  if (kept.length === 0) return '';
  const list = await input.objects.add(Buffer.from(kept.join('\n')));
  input.seen.set(folder, { mtime, ctime, inode, list, sure: isSettled(Math.max(mtime, ctime), lookedAt) });
  return list;
};

const unlinkable = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EACCES']);

/** `left`: it could only be copied, and that would cost too much. */
const hold = async (
  from: string,
  to: string,
  budget: { bytes: number },
): Promise<'held' | 'gone' | 'left'> => {
  try {
    await link(from, to);
    return 'held';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return 'held';
    if (code === 'ENOENT') return 'gone';
    if (!unlinkable.has(code ?? '')) throw error;
  }
  const size = lstatSync(from, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'gone';
  budget.bytes -= size;
  if (budget.bytes < 0) return 'left';
  const temporary = join(dirname(to), `${ownerName()}-${to.slice(dirname(to).length + 1)}.tmp`);
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    await rename(temporary, to);
    return 'held';
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
};

/** Every file that a snapshot holds on to, as paths below the place where they are held. */
export const keptNames = async (objects: Objects, kept: Kept): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const [folder, list] of Object.entries(kept.lists))
    for (const name of (await objects.get(list)).toString('utf8').split('\n'))
      names.push(`${folder}/${name}`);
  return names;
};

/** Puts back what is missing of an object folder. Takes nothing away: more objects than needed do no harm. */
export const putObjectsBack = async (input: {
  readonly folder: string;
  readonly kept: string;
  readonly objects: Objects;
  readonly wanted: Kept;
}): Promise<void> => {
  const { folder, kept, objects, wanted } = input;
  await mkdir(join(folder, 'info'), { recursive: true });
  for (const name of await keptNames(objects, wanted)) {
    if (lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined) continue;
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await hold(join(kept, name), join(folder, name), { bytes: Number.POSITIVE_INFINITY });
  }
  const alternates = join(folder, 'info/alternates');
  if (wanted.alternates === null || lstatSync(alternates, { throwIfNoEntry: false }) !== undefined) return;
  await writeFile(alternates, await objects.get(wanted.alternates));
};

/** What is held and nowhere else any more: what holding on costs. */
export const heldBytes = async (kept: string): Promise<number> => {
  let bytes = 0;
  for (const folder of await readdir(kept).catch(() => []))
    for (const name of await readdir(join(kept, folder))) {
      const stats = lstatSync(join(kept, folder, name), { throwIfNoEntry: false });
      if (stats?.nlink === 1) bytes += stats.size;
    }
  return bytes;
};
