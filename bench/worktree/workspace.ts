import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Size = { readonly tracked: number; readonly dependencies: number };

const perPackage = 55;

/** A repository with committed files, installed packages that git ignores, and some work that is not committed. */
export const makeWorkspace = (root: string, { tracked, dependencies }: Size): void => {
  mkdirSync(root, { recursive: true });
  const git = (...words: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...words], {
      cwd: root,
    });
  git('init', '-q', '-b', 'main');
  put(root, '.gitignore', 'node_modules/\n');
  for (let at = 0; at < tracked; at += 1) put(root, `src/part-${at % 40}/file-${at}.ts`, text(at, 60));
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  for (let at = 0; at < dependencies; at += 1) {
    const name = Math.floor(at / perPackage);
    const scope = name % 5 === 0 ? '@scope/' : '';
    put(root, `node_modules/${scope}package-${name}/lib/part-${at % 7}/file-${at}.js`, text(at, 30));
  }
  for (let at = 0; at < 50; at += 1) {
    put(root, `src/part-${at % 40}/file-${at}.ts`, text(at + 1, 60));
    put(root, `src/new/file-${at}.ts`, text(at, 60));
  }
};

const put = (root: string, path: string, content: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

const text = (seed: number, lines: number): string =>
  Array.from({ length: lines }, (_, line) => `export const value${line} = ${seed * 31 + line};\n`).join('');

export type Cost = { readonly megabytes: number; readonly inodes: number };

/** What a folder takes on disk and shares with nothing: a file with another name elsewhere costs no room. */
export const costOf = (folder: string): Cost => {
  let blocks = 0;
  let inodes = 0;
  const queue = [folder];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const stats = lstatSync(next);
    if (stats.isDirectory()) for (const name of readdirSync(next)) queue.push(join(next, name));
    if (!stats.isDirectory() && stats.nlink > 1) continue;
    blocks += stats.blocks;
    inodes += 1;
  }
  return { megabytes: (blocks * 512) / 1e6, inodes };
};
