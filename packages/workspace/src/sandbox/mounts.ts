import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeniedPaths } from './denied-paths.ts';

/** How one path looks from inside. A deeper path wins over what lies above it. */
export type Mount = {
  readonly path: string;
  /**
   * `ro`, `rw`: as outside, or what is at `from`. `empty`: a fresh writable folder that goes with the command.
   * `hidden`: there, and not to be opened. `proc`, `dev`: new ones.
   */
  readonly kind: 'ro' | 'rw' | 'empty' | 'hidden' | 'hidden-file' | 'proc' | 'dev';
  readonly from?: string;
};

/** Homes, sockets of services, other disks and other people's temporary files. */
const emptied: readonly string[] = ['/home', '/root', '/run', '/mnt', '/media', '/var/spool', '/var/mail'];

export type MountInput = {
  /** Absolute and real. */
  readonly root: string;
  readonly rootWritable: boolean;
  /** Inside the writable root and git's own folder. */
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  /** Seen read-only although a hidden folder holds them: tools, and the workspace that a scratch copy came from. */
  readonly readable: readonly string[];
  readonly home: string;
  readonly denied: DeniedPaths;
  /** Becomes `/tmp`. */
  readonly temporary: string;
  /** Other things to be seen at another place, read-only: by the path inside. */
  readonly placed: Readonly<Record<string, string>>;
};

/** What a confined command sees, sorted so that each folder comes before what is in it. One entry a path. */
export const mountsOf = async (input: MountInput): Promise<readonly Mount[]> => {
  const mounts = new Map<string, Mount>();
  const add = (mount: Mount): void => void mounts.set(mount.path, mount);
  add({ path: '/', kind: 'ro' });
  for (const path of [...emptied, input.home]) if (await isFolder(path)) add({ path, kind: 'empty' });
  for (const path of ['/tmp', '/var/tmp']) {
    if (await isFolder(path)) add({ path, kind: 'rw', from: input.temporary });
  }
  add({ path: '/proc', kind: 'proc' });
  add({ path: '/dev', kind: 'dev' });
  for (const path of input.readable) add({ path, kind: 'ro' });
  if (await isFolder('/run/current-system')) add({ path: '/run/current-system', kind: 'ro' });
  for (const path of input.writable) add({ path, kind: input.rootWritable ? 'rw' : 'ro' });
  add({ path: input.root, kind: input.rootWritable ? 'rw' : 'ro' });
  if (input.rootWritable) for (const path of input.readOnly) add({ path, kind: 'ro' });
  for (const [path, from] of Object.entries(input.placed)) add({ path, kind: 'ro', from });
  for (const mount of await hiddenOf(input, mounts)) add(mount);
  return [...mounts.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
};

const hiddenOf = async (input: MountInput, mounts: ReadonlyMap<string, Mount>): Promise<readonly Mount[]> => {
  const hidden: Mount[] = [];
  for (const path of [...input.denied.paths, ...(await hostSockets())]) {
    // The root itself was opened by a person; what is in it is still looked at.
    if (path === '/proc' || path === input.root) continue;
    // A link shows nothing by itself, and what it leads to is hidden where it is.
    const real = await realpath(path).catch(() => null);
    if (real === null || real === input.root || !isSeen(real, mounts)) continue;
    const at = (await closedAbove(real)) ?? real;
    hidden.push({ path: at, kind: await coverOf(at, mounts) });
  }
  return hidden;
};

/** Nothing could be mounted below what may not be entered: the root may lie in our own state, and that in a workspace. */
const coverOf = async (path: string, mounts: ReadonlyMap<string, Mount>): Promise<Mount['kind']> => {
  if (!(await isFolder(path))) return 'hidden-file';
  return [...mounts.keys()].some((other) => other.startsWith(`${path}/`)) ? 'empty' : 'hidden';
};

/** Whether the outside's entry would be seen at this path. */
const isSeen = (path: string, mounts: ReadonlyMap<string, Mount>): boolean => {
  for (let at = path; ; at = dirname(at)) {
    const mount = mounts.get(at);
    if (mount !== undefined) return mount.kind === 'ro' || (mount.kind === 'rw' && mount.from === undefined);
    if (at === dirname(at)) return false;
  }
};

/**
 * The first folder on the way that only another user may enter. User 0 enters it outside but not in a user namespace, where
 * nothing could be mounted inside it: the folder itself is hidden.
 */
const closedAbove = async (path: string): Promise<string | null> => {
  for (const folder of ancestorsOf(path)) {
    const stats = await stat(folder).catch(() => null);
    if (stats === null || !mayEnter(stats)) return folder;
  }
  return null;
};

/** Outermost first, without the root and the path itself. */
const ancestorsOf = (path: string): readonly string[] => {
  const parent = dirname(path);
  return parent === dirname(parent) ? [] : [...ancestorsOf(parent), parent];
};

/** By its mode alone, as without privileges. */
const mayEnter = ({ uid, gid, mode }: Stats): boolean => {
  if (uid === process.getuid?.()) return true;
  return (mode & (process.getgroups?.().includes(gid) === true ? 0o010 : 0o001)) !== 0;
};

/** Sockets that services of the machine listen on: a read-only mount would not keep a command from connecting. */
const hostSockets = async (): Promise<readonly string[]> => {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const paths = new Set<string>();
  for (const line of table.split('\n')) {
    const path = line.slice(line.indexOf(' /') + 1);
    if (path.startsWith('/') && !path.startsWith('/run/')) paths.add(path);
  }
  return [...paths];
};

const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isDirectory() === true;

/** Every entry that may be seen, as an allow-list: folders that hold something hidden are opened up. */
export const visibleEntries = async (
  mounts: readonly Mount[],
): Promise<readonly { readonly path: string; readonly writable: boolean }[]> => {
  const closed = new Map(mounts.map((mount) => [mount.path, mount]));
  const visible: { path: string; writable: boolean }[] = [];
  const open = async (path: string, mount: Mount): Promise<void> => {
    const inside = mounts.filter((other) => other.path.startsWith(path === '/' ? '/' : `${path}/`));
    const isOpen = mount.kind === 'ro' || mount.kind === 'rw';
    if (isOpen && !inside.some(({ kind, path: at }) => at !== path && kind !== mount.kind)) {
      visible.push({ path, writable: mount.kind === 'rw' });
      return;
    }
    for (const name of inside.length === 0 ? [] : await readdir(path).catch(() => [])) {
      const at = join(path, name);
      const own = closed.get(at);
      const holds = inside.some((other) => other.path.startsWith(`${at}/`));
      if (own !== undefined || isOpen || holds) await open(at, own ?? { path: at, kind: mount.kind });
    }
  };
  await open('/', closed.get('/') ?? { path: '/', kind: 'ro' });
  return visible;
};
