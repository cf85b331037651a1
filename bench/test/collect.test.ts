import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Change, instructionOf, isFix, splitChanges } from '../collect.ts';
import { readSuite } from '../task.ts';

const change = (path: string, lines = 3, status = 'M'): Change => ({ path, lines, status });

describe('splitChanges', () => {
  test('parts source from tests and leaves other files out', () => {
    const changes = [
      change('src/a.js'),
      change('test/a.js', 9, 'A'),
      change('README.md'),
      change('lib/b_test.py'),
    ];
    expect(splitChanges(changes, 60)).toEqual({
      source: ['src/a.js'],
      tests: ['test/a.js', 'lib/b_test.py'],
    });
  });

  test.each([
    ['no test', [change('src/a.js')]],
    ['no source', [change('test/a.js')]],
    ['a new source file', [change('src/a.js', 3, 'A'), change('test/a.js')]],
    ['too many source files', [1, 2, 3, 4, 5].map((n) => change(`src/${n}.js`)).concat(change('test/a.js'))],
    ['too many lines', [change('src/a.js', 61), change('test/a.js')]],
    ['a test only taken away', [change('src/a.js'), change('test/a.js', 3, 'D')]],
  ])('refuses %s', (_what, changes) => {
    expect(splitChanges(changes, 60)).toBeNull();
  });
});

describe('isFix', () => {
  test.each(['Fix off-by-one in slice', 'fix(parser): crash on empty input', 'Bugfix: wrong sign'])(
    'takes %j',
    (m) => expect(isFix(m)).toBe(true),
  );
  test.each(['Add prefix option', 'Fix typo', 'docs: fix link', 'Revert "Fix slice"', 'Bump fixtures'])(
    'leaves %j',
    (m) => expect(isFix(m)).toBe(false),
  );
});

test('an instruction has no trailers, numbers or prefixes', () => {
  expect(instructionOf('fix(core): wrong sign for -0 (#123)\n\nSigned-off-by: A <a@b>\n', ['src/a.js'])).toBe(
    'wrong sign for -0\n\nThe bug is in src/a.js. Fix it there; leave the tests alone.\n',
  );
});

test('collects from a repository what fails before and passes after, and drops the rest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-collect-'));
  try {
    const source = join(folder, 'source');
    mkdirSync(join(source, 'test'), { recursive: true });
    const git = (...args: readonly string[]) =>
      spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: source });
    const commit = (message: string, code: string, check: string): void => {
      writeFileSync(join(source, 'sign.js'), code);
      writeFileSync(join(source, 'test', 'sign.js'), check);
      git('add', '-A');
      git('commit', '-qm', message);
    };
    const check = (n: number): string =>
      `if (require('${'../'}sign.js')(${n}) !== ${Math.sign(n)}) process.exit(1);\n`;
    git('init', '-q');
    commit('Start', 'module.exports = (n) => 1;\n', check(2));
    commit('Fix sign of negative numbers (#7)', 'module.exports = (n) => (n < 0 ? -1 : 1);\n', check(-2));
    commit('Fix nothing that a test sees', 'module.exports = (n) => (0 > n ? -1 : 1);\n', check(-3));
    const collect = join(import.meta.dirname, '..', 'collect.ts');
    const out = join(folder, 'out');
    const result = spawnSync(process.execPath, [collect, source, out, '--test-cmd', 'node {tests}'], {
      encoding: 'utf8',
    });
    expect(result.stdout).toContain('1 tasks in');
    expect(readdirSync(join(out, 'tasks', 'repo'))).toHaveLength(1);
    expect(readSuite(out)[0]).toMatchObject({
      kind: 'repo',
      lang: 'js',
      files: ['sign.js'],
      visible_test_cmd: 'node test/sign.js',
      hidden_test_cmd: 'node test/sign.js && echo BENCH_OK $BENCH_NONCE',
      instruction: expect.stringContaining('Fix sign of negative numbers\n'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
