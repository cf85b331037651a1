import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWorkspace } from '@tandem/workspace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCodeRunner } from '../../src/index.ts';

const runner = createCodeRunner();
let base: string;
let root: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tandem-packages-'));
  root = join(base, 'outer', 'work');
  mkdirSync(root, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: root });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const put = (files: Readonly<Record<string, string>>, folder = root): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};

const absent = async (path: string, modules: readonly string[]): Promise<readonly string[]> => {
  const signal = new AbortController().signal;
  const opened = await openWorkspace(root, { stateDir: join(base, 'state') });
  const files = new Set(await opened.list());
  const workspace = await opened.scratch('packages');
  try {
    return await runner.absentPackages({ workspace, root, path, modules, files, signal });
  } finally {
    await workspace.dispose();
  }
};

describe('JavaScript and TypeScript', () => {
  test('what is built in, declared, installed, aliased or part of the workspace is here', async () => {
    put({
      'package.json':
        '{"name":"self","dependencies":{"declared":"1","@scope/one":"1"},"imports":{"#x":"./x.js"}}',
      'packages/other/package.json': '{"name":"@own/other"}',
      'tsconfig.json': '{ // aliases\n "compilerOptions": { "paths": { "lib/*": ["./src/*"] } } }',
      'vite.config.ts': "export default { resolve: { alias: { 'aliased': './src' } } };",
      'src/a.ts': '',
      'utils/index.ts': '',
      '.gitignore': 'node_modules\n',
      'node_modules/hoisted/package.json': '{}',
      'node_modules/@types/typed/index.d.ts': '',
    });
    put({ 'node_modules/above/package.json': '{}' }, join(base, 'outer'));
    const here = [
      'fs',
      'node:fs/promises',
      'declared',
      'declared/deep',
      '@scope/one/x',
      '@own/other',
      'self',
    ];
    const alike = ['lib/a', 'aliased', 'aliased/b', 'hoisted', 'above', 'typed', '#x', '@/a', '~/a', 'utils'];
    const others = ['https://example.com/x.js', 'npm:x', 'bun:test', 'virtual:pages'];
    expect(await absent('src/a.ts', [...here, ...alike, ...others])).toEqual([]);
  });

  test('what is none of these is named', async () => {
    put({ 'package.json': '{"dependencies":{"lodash":"4"}}', 'src/a.js': '' });
    const named = ['lodash-es', 'left-pad/deep', '@scope/none', 'lodash'];
    expect(await absent('src/a.js', named)).toEqual(['lodash-es', 'left-pad/deep', '@scope/none']);
  });

  test('a bundler that resolves everything leaves nothing to say', async () => {
    put({ 'tsconfig.json': '{"compilerOptions":{"paths":{"*":["./vendor/*"]}}}', 'a.ts': '' });
    expect(await absent('a.ts', ['anything'])).toEqual([]);
  });
});

describe('Python', () => {
  test('the library, the workspace and what is declared are here; a stranger is named', async () => {
    put({
      'src/own/__init__.py': '',
      'space/deep/a.py': '',
      'requirements.txt': 'Some-Thing>=1\n',
      'src/a.py': '',
    });
    const named = ['json', 'os.path', 'own', 'own.b', 'space.deep', 'some_thing', 'nobody_has_this.x', '.c'];
    expect(await absent('src/a.py', named)).toEqual(['nobody_has_this.x']);
  });

  test('where another tool makes the environment nothing is said', async () => {
    put({ 'poetry.lock': '', 'a.py': '' });
    expect(await absent('a.py', ['nobody_has_this'])).toEqual([]);
  });

  test('nothing of a module is run to find it', async () => {
    put({ 'a.py': '', 'pkg/trap.py': 'open("ran", "w")' });
    expect(await absent('a.py', ['pkg.trap', 'nobody_has_this'])).toEqual(['nobody_has_this']);
  });
});

test('a language without packages has none that are absent', async () => {
  expect(await absent('a.go', ['anything'])).toEqual([]);
});
