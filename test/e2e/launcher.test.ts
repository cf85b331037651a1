/** bin/tandem starts the bundle only where that is sure to be what the sources say. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'tandem');
let root: string;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** What is done now is later than the stamp by the clock of the file system, whose ticks take milliseconds. */
const clockMovesOn = (): void => {
  const made = statSync(join(root, 'dist/stamp')).mtimeMs;
  const tick = join(root, 'tick');
  do writeFileSync(tick, '');
  while (statSync(tick).ctimeMs <= made);
};

const start = (env: NodeJS.ProcessEnv = {}, args: readonly string[] = ['judge']): string => {
  const result = spawnSync('/bin/sh', [join(root, 'bin/tandem'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: root, ...env },
    encoding: 'utf8',
  });
  return (result.stdout + result.stderr).trim();
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-launcher-'));
  mkdirSync(join(root, 'bin'));
  cpSync(launcher, join(root, 'bin/tandem'));
  write('node_modules/.package-lock.json', '{}');
  mkdirSync(join(root, 'node_modules/.bin'));
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  write('scripts/build.ts', '');
  write('scripts/page.ts', '');
  write('packages/room/package.json', '{}');
  write('packages/room/src/inner/one.ts', '');
  write('packages/room/src/two.ts', '');
  write('apps/cli/package.json', '{\n  "name": "cli",\n  "version": "7.8.9",\n  "private": true\n}\n');
  write('apps/cli/src/main.ts', "console.log('sources')");
  write('dist/stamp', 'one\n');
  write('dist/one/tandem.mjs', "console.log('bundle', process.argv[2])");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a bundle that is newer than every source is started, with its arguments', () => {
  expect(start()).toBe('bundle judge');
});

test('a changed source runs from the sources', () => {
  clockMovesOn();
  write('packages/room/src/inner/one.ts', 'changed');
  expect(start()).toBe('sources');
});

test('so does one that was put there with an old time', () => {
  clockMovesOn();
  utimesSync(join(root, 'packages/room/src/two.ts'), 1, 1);
  expect(start()).toBe('sources');
});

test('so does a source that is gone', () => {
  clockMovesOn();
  rmSync(join(root, 'packages/room/src/inner/one.ts'));
  expect(start()).toBe('sources');
});

test('so does a room that came later', () => {
  clockMovesOn();
  write('packages/new/package.json', '{}');
  write('packages/new/src/one.ts', '');
  expect(start()).toBe('sources');
});

test('so do other packages', () => {
  clockMovesOn();
  write('node_modules/.package-lock.json', '{ }');
  expect(start()).toBe('sources');
});

test('so does a stamp whose build is gone', () => {
  rmSync(join(root, 'dist/one'), { recursive: true });
  expect(start()).toBe('sources');
});

test('so does a checkout that was never bundled', () => {
  rmSync(join(root, 'dist'), { recursive: true });
  expect(start()).toBe('sources');
});

test('so does a machine on which nobody can tell', () => {
  expect(start({ PATH: join(root, 'bin') })).toBe('sources');
});

test('TANDEM_BUNDLE=off asks for the sources', () => {
  expect(start({ TANDEM_BUNDLE: 'off' })).toBe('sources');
});

test('the version is said without any Node', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(start({ PATH: join(root, 'bin') }, ['--version'])).toBe('tandem 7.8.9');
  expect(start({ PATH: join(root, 'bin') }, ['-V'])).toBe('tandem 7.8.9');
});
