/** Finds what must not be in the repository: paths of one machine, and hosts of package registries. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

type Forbidden = { readonly pattern: RegExp; readonly why: string };

/** Written in pieces, so that this file does not hold what it forbids. */
const spelled = (...pieces: readonly string[]): string => pieces.join('');
const registryHosts = [
  spelled('registry\\.', 'npm', 'js\\.'),
  spelled('\\bpyp', 'i\\.org'),
  spelled('python', 'hosted\\.org'),
];

const forbidden: readonly Forbidden[] = [
  { pattern: new RegExp(spelled('(?<![\\w.>])/wo', 'rk/')), why: 'a path of one machine' },
  {
    pattern: /\/(?:home|Users)\/(?!me\b|user\b|you\b|alice\b|bob\b|runner\b)[a-z]\w*\//,
    why: 'a home folder',
  },
  { pattern: new RegExp(registryHosts.join('|')), why: 'a registry host: npm and pip know theirs' },
];

/** One line per place: `path:line: why`. */
export const findWords = (
  files: readonly { readonly path: string; readonly text: string }[],
): readonly string[] =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = forbidden.find(({ pattern }) => pattern.test(line));
      return found === undefined ? [] : [`${path}:${index + 1}: ${found.why}: ${line.trim().slice(0, 80)}`];
    }),
  );

/** Files git tracks or would track; binary files and those over 1 MB left out. */
export const readRepository = (root: string): readonly { readonly path: string; readonly text: string }[] => {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  return listed.stdout
    .split('\0')
    .filter((path) => path !== '' && isSmallFile(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
};

const isSmallFile = (path: string): boolean => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= 1024 * 1024;
};

if (import.meta.main) {
  const found = findWords(readRepository(join(import.meta.dirname, '..')));
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
