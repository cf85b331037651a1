#!/usr/bin/env node
/**
 * npm's `prepare`: makes the bundle that bin/tandem starts several times faster from than from the sources. It never fails an
 * install: without a bundle the sources run.
 *
 * Plain JavaScript for Node 18 or newer, like setup.mjs; it changes nothing but dist/.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** The Node that npm brought along, or the running one where the platform has no pinned package. */
export const pinnedNode = () => {
  const pinned = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(pinned) ? pinned : process.execPath;
};

/** Bundles where a source changed since the last time. Says on stderr, in one line, what kept it from that. */
export const bundle = () => {
  // Installed without what only development needs.
  if (!existsSync(join(modules, 'esbuild')) || isFresh()) return;
  const result = spawnSync(pinnedNode(), [join(root, 'scripts', 'build.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  const lines = `${result.stderr ?? ''}${result.error?.message ?? ''}`.split('\n');
  const why = lines.find((line) => /error/i.test(line))?.trim() ?? 'scripts/build.ts failed';
  process.stderr.write(`tandem: not bundled, so it starts from its sources, which takes longer: ${why}\n`);
};

/** As in bin/tandem, which must not start a Node to find out: nothing changed after the stamp was made. */
const isFresh = () => {
  const stamp = statOf(join(root, 'dist', 'stamp'));
  return stamp !== null && inputs().every((path) => !isNewer(path, stamp.mtimeMs));
};

const inputs = () => [
  join(root, 'scripts', 'build.ts'),
  join(root, 'scripts', 'page.ts'),
  join(modules, '.package-lock.json'),
  ...['apps', 'packages'].flatMap((kind) =>
    readdirSync(join(root, kind)).flatMap((room) => [
      join(root, kind, room, 'src'),
      join(root, kind, room, 'package.json'),
    ]),
  ),
];

/** The time of the last change of anything about a file, which no tool sets back. */
const isNewer = (path, time) => {
  const stat = statOf(path);
  if (stat === null) return false;
  if (stat.ctimeMs > time) return true;
  return stat.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), time));
};

const statOf = (path) => statSync(path, { throwIfNoEntry: false }) ?? null;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) bundle();
