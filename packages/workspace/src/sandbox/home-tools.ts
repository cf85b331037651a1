import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Folders below a home that belong to many things: not to be shown whole because a tool lives in them. */
const crowded: readonly string[] = ['.local', '.local/share', '.config', '.cache', 'Library', '.local/state'];

/** Packages that were fetched before, so that builds go on without a network. Relative to a home. */
const caches: readonly string[] = [
  '.cargo/registry',
  '.cargo/git',
  '.rustup',
  'go/pkg/mod',
  '.m2/repository',
  '.npm/_cacache',
  '.cache/pip',
  '.cache/uv',
  '.cache/node',
  '.cache/ms-playwright',
  '.local/share/pnpm/store',
  '.gitconfig.d/ignore',
];

/** Existing folders below the home that commands need to see: toolchains on PATH, and caches of packages. Read-only. */
export const homeTools = async (input: {
  readonly home: string;
  readonly path: string;
  readonly named: readonly string[];
}): Promise<readonly string[]> => {
  const places = [...input.path.split(':'), ...input.named].flatMap((place) => toolRoot(input.home, place));
  const wanted = new Set([...places, ...caches.map((cache) => join(input.home, cache))]);
  const found = await Promise.all(
    [...wanted].map(async (path) => ((await stat(path).catch(() => null))?.isDirectory() ? path : null)),
  );
  return found.filter((path) => path !== null);
};

/** The smallest folder that holds the whole tool: `~/.nvm` for its `versions/…/bin`, `~/.local/bin` for itself. */
const toolRoot = (home: string, place: string): readonly string[] => {
  const way = relative(home, place);
  if (way === '' || way.startsWith('..') || way.startsWith(sep)) return [];
  const parts = way.split(sep);
  let depth = 1;
  while (depth < parts.length && crowded.includes(parts.slice(0, depth).join('/'))) depth++;
  const top = parts.slice(0, depth).join('/');
  if (crowded.includes(top)) return [];
  // A folder with a plain name is a person's, not a tool's: only the part on PATH is shown.
  if (!top.startsWith('.') && depth === 1) return [join(home, way)];
  return [join(home, top)];
};
