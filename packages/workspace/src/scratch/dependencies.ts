import { lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pool } from '../files/pool.ts';

/** Folders of installed packages: large, the same for every attempt, and not what an attempt changes. */
const names = new Set([
  'node_modules',
  'bower_components',
  '.venv',
  'venv',
  'env',
  'vendor',
  'Pods',
  'elm-stuff',
  'deps',
]);

/** As many as the file-system threads of the runtime can take. */
const parallel = 16;

/** Folders of links and packages in which an installer makes entries of its own: real ones in a folder that is. */
const opened = /^(@.+|\.bin|bin|lib|python[\d.]+|site-packages)$/;

export const isDependencyFolder = (path: string): boolean => names.has(basename(path));

/**
 * Makes `to/path` stand for the dependency folder `from/path`, by one symlink where possible. Packages that are links
 * back into the workspace (npm workspaces and the like) must lead to the copy, or a test in the copy would run the
 * user's own files: such a folder becomes a real one whose entries are links. `as: 'folder'` always makes it so: then
 * git ignores it by a rule for folders, and what is installed there does not get into the user's.
 */
export const shareDependencies = async (input: {
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly as?: 'link' | 'folder';
}): Promise<void> => {
  const source = join(input.from, input.path);
  const target = join(input.to, input.path);
  if ((await lstat(target).catch(() => null)) !== null) return;
  await mkdir(dirname(target), { recursive: true });
  const inner = await linksInto(input.from, source);
  const isLink = (await lstat(source)).isSymbolicLink();
  if (isLink || (inner.length === 0 && input.as !== 'folder')) return symlink(source, target);
  await shareEntries({ source, target, inner, to: input.to, open: input.as === 'folder' });
};

type InnerLink = { readonly path: string; readonly way: string };

/** Links at the first level and below `@scope`, as package managers make them, with where in the workspace they lead. */
const linksInto = async (root: string, folder: string): Promise<readonly InnerLink[]> => {
  const found: InnerLink[] = [];
  for (const path of await packageEntries(folder)) {
    if ((await readlink(join(folder, path)).catch(() => null)) === null) continue;
    const real = await realpath(join(folder, path)).catch(() => null);
    if (real === null) continue;
    const way = relative(root, real);
    const parts = way.split(sep);
    // A link from one dependency folder to another (a store of hard links) is shared like the rest.
    if (way !== '' && parts[0] !== '..' && !parts.some((part) => names.has(part))) found.push({ path, way });
  }
  return found;
};

const packageEntries = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const scoped = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith('@'));
  const inner = await Promise.all(
    scoped.map(async (scope) =>
      (await readdir(join(folder, scope.name))).map((name) => `${scope.name}/${name}`),
    ),
  );
  return [...entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name), ...inner.flat()];
};

const shareEntries = async (input: {
  readonly source: string;
  readonly target: string;
  readonly inner: readonly InnerLink[];
  readonly to: string;
  /** Also where nothing leads back: what installers write into. */
  readonly open: boolean;
}): Promise<void> => {
  const ways = new Map(input.inner.map((link) => [link.path, link.way]));
  const scopes = new Set([...ways.keys()].filter((path) => path.includes('/')).map((path) => dirname(path)));
  const links: (readonly [target: string, path: string])[] = [];
  const share = async (folder: string): Promise<void> => {
    await mkdir(join(input.target, folder), { recursive: true });
    for (const entry of await readdir(join(input.source, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const way = ways.get(path);
      if (scopes.has(path) || (input.open && entry.isDirectory() && opened.test(entry.name)))
        await share(path);
      else links.push([way === undefined ? join(input.source, path) : join(input.to, way), path]);
    }
  };
  await share('');
  await pool(links, parallel, ([target, path]) => symlink(target, join(input.target, path)));
};
