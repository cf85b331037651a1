import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome } from '../../../../test/support/watch-child.ts';
import { repository } from '../merge/repository.ts';
import type { Machine } from './tandem.ts';

const golden = (machine: Machine, name: string, outcome: Outcome): void => {
  const text = (of: string): string =>
    of
      .replace(/merges\/[0-9a-f]{16}/g, 'merges/<id>')
      .replace(/as [0-9a-f]{10}:/g, 'as <commit>:')
      .replace(/from \S+Z is/g, 'from <time> is');
  machine.expectGolden(name, { ...outcome, out: text(outcome.out), err: text(outcome.err) });
};

test('without conflicts it is done and said; a second time there is nothing to do', async () => {
  const { machine, git } = repository({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
  golden(machine, 'merge-clean', await machine.run(['merge', 'topic']));
  expect([git('status', '--porcelain'), git('log', '-1', '--format=%s')]).toEqual([
    '',
    "Merge branch 'topic'\n",
  ]);
  golden(machine, 'merge-up-to-date', await machine.run(['merge', 'topic']));
});

test('what nobody can be asked about is listed with what to do, and goes on from there', async () => {
  const { machine, git } = conflicting();
  const before = [git('status', '--porcelain'), git('rev-parse', 'HEAD')];
  const opened = await machine.run(['merge', 'topic']);
  golden(machine, 'merge-open', opened);
  expect([git('status', '--porcelain'), git('rev-parse', 'HEAD')]).toEqual(before);
  golden(machine, 'merge-unfinished', await machine.run(['merge', 'topic']));
  const file = /^ {4}(\S+1-cart\.js)$/m.exec(opened.out)?.[1] ?? '';
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('<<<<<<< main\n');
  writeFileSync(file, text.replace(/<{7}[\s\S]*>{7} topic\n/, 'export const rate = 0.22;\n'));
  const done = await machine.run(['merge', '--continue', '--theirs', 'old.txt', '--verify', 'node cart.js']);
  golden(machine, 'merge-done', done);
  expect([machine.read('cart.js'), git('status', '--porcelain')]).toEqual([
    'export const name = "cart";\nexport const rate = 0.22;\nexport const end = true;\n',
    '',
  ]);
  expect(git('log', '-1', '--format=%(trailers:only)')).toContain('Merge-Verify: passed: node cart.js');
});

test('--json has all of it', async () => {
  const { machine } = conflicting();
  const { code, out, err } = await machine.run(['merge', 'topic', '--json']);
  expect([code, err]).toEqual([1, '']);
  expect(JSON.parse(out)).toMatchObject({
    status: 'open',
    open: [{ path: 'cart.js', kind: 'content', hunk: { ours: 'export const rate = 0.2;\n' } }],
    openPaths: [
      { kind: 'modify/delete', paths: ['old.txt'], choices: [{ choice: 'ours' }, { choice: 'theirs' }] },
    ],
  });
  const choices = ['--ours', 'old.txt', '--theirs', 'cart.js'];
  const done = JSON.parse((await machine.run(['merge', '--continue', ...choices, '--json'])).out);
  expect(done).toMatchObject({
    status: 'merged',
    settled: [{ path: 'cart.js', line: 2, how: 'person', by: 'theirs' }],
    settledPaths: [{ path: 'old.txt', kind: 'modify/delete', choice: 'ours' }],
    dropped: [{ side: 'ours', path: 'cart.js', line: 2, text: 'export const rate = 0.2;' }],
  });
});

test('a verify that fails: exit 4, nothing is changed, and the way on is said', async () => {
  const { machine, git } = repository({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
  const head = git('rev-parse', 'HEAD');
  golden(
    machine,
    'merge-verify-failed',
    await machine.run(['merge', 'topic', '--verify', 'cat c.txt; exit 7']),
  );
  expect(git('rev-parse', 'HEAD')).toBe(head);
  expect(await machine.run(['merge', '--abort'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('taken back'),
  });
  expect(await machine.run(['merge', '--abort'])).toMatchObject({ code: 2 });
});

test('what is refused', async () => {
  const { machine, git } = repository({ 'a.txt': 'a\n' }, { 'a.txt': 'o\n' }, { 'a.txt': 't\n' });
  machine.write('a.txt', 'mine\n');
  const lines = [
    ['merge', 'topci'],
    ['merge', 'nothing-like-it'],
    ['merge'],
    ['merge', 'topic'],
    ['merge', '--continue'],
    ['merge', '--continue', '--abort'],
    ['merge', '--abort', 'topic'],
    ['merge', 'topic', '--model', 'nobody/x'],
    ['merge', 'topic', '--verify-timeout', '0'],
  ];
  const outcomes: string[] = [];
  for (const words of lines) {
    const { code, out, err } = await machine.run(words);
    outcomes.push(`$ tandem ${words.join(' ')}\n[${code}] ${out}${err}`);
  }
  machine.expectGolden('merge-refused', { code: 2, out: '', err: outcomes.join('') });
  expect([machine.read('a.txt'), git('status', '--porcelain')]).toEqual(['mine\n', ' M a.txt\n']);
});

test('the merge driver is installed once, beside what is there, and taken out again', async () => {
  const { machine, git } = repository({ 'a.txt': 'a\n' }, {}, {});
  const attributes = join(machine.workspace, '.git/info/attributes');
  writeFileSync(attributes, '*.bin -diff\n');
  const first = await machine.run(['merge', '--install-driver']);
  machine.expectGolden('merge-install-driver', {
    ...first,
    out: first.out.replace(/driver = .* merge --driver/, 'driver = <tandem> merge --driver'),
  });
  const once = [readFileSync(attributes, 'utf8'), git('config', '--list', '--local')];
  await machine.run(['merge', '--install-driver']);
  expect([readFileSync(attributes, 'utf8'), git('config', '--list', '--local')]).toEqual(once);
  expect(git('check-attr', 'merge', '--', 'src/x.ts', 'x.md')).toBe(
    'src/x.ts: merge: tandem\nx.md: merge: unspecified\n',
  );
  expect(await machine.run(['merge', '--uninstall-driver'])).toMatchObject({ code: 0 });
  expect(readFileSync(attributes, 'utf8')).toBe('*.bin -diff\n');
  expect(git('config', '--list', '--local')).not.toContain('merge.tandem');
  expect(await machine.run(['merge', '--uninstall-driver'])).toMatchObject({
    code: 0,
    out: 'The driver was not installed here.\n',
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)(
  '%s while verify runs changes nothing, and the merge goes on when it is asked to',
  async (signal, code) => {
    const { machine, git } = repository({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
    const started = join(machine.home, 'started');
    const before = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
    const { child, ended } = machine.start(['merge', 'topic', '--verify', `touch '${started}'; sleep 60`]);
    await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
    const second = await machine.run(['merge', 'topic']);
    expect([second.code, second.err]).toEqual([
      1,
      expect.stringMatching(/^tandem: Process \d+ is merging here/),
    ]);
    child.kill(signal);
    expect((await ended).code).toBe(code);
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual(before);
    expect(await machine.run(['merge', 'topic'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('is open here'),
    });
    expect(await machine.run(['merge', '--continue'])).toMatchObject({ code: 0 });
    expect(git('log', '-1', '--format=%P').trim().split(' ')).toHaveLength(2);
  },
);

test.each([
  ['full', true],
  ['workspace-write', false],
] as const)('with --sandbox %s verify reaches out of the scratch: %s', async (profile, reaches) => {
  const { machine } = repository({ 'a.txt': 'a\n' }, { 'b.txt': 'b\n' }, { 'c.txt': 'c\n' });
  const verify = `test -f c.txt && touch '${machine.home}/reached'`;
  const { code } = await machine.run(['merge', 'topic', '--sandbox', profile, '--verify', verify]);
  expect([code, existsSync(join(machine.home, 'reached'))]).toEqual([0, reaches]);
});

test('a model is asked about what is left only when it is named, and the commit says so', async () => {
  const { machine, git } = conflicting();
  const answer = '```\nexport const rate = [0.2, 0.21];\n```';
  const model = machine.script('merger', [{ text: answer }, { text: answer }], { strength: 'strong' });
  const { code, out } = await machine.run(['merge', 'topic', '--model', model, '--ours', 'old.txt']);
  expect([code, out]).toEqual([0, expect.stringContaining(`model      ${model}`)]);
  expect(machine.read('cart.js')).toContain('rate = [0.2, 0.21]');
  expect(git('log', '-1', '--format=%(trailers:key=Merged-Hunk,valueonly)').trim()).toBe(
    `cart.js:2 model(${model})`,
  );
  expect(git('log', '-1', '--format=%(trailers:key=Dropped-Line,valueonly)')).toContain('ours cart.js:2');
});

test('line ends, a byte order mark and a missing last line end stay as they are', async () => {
  const shapes = {
    'crlf.js': (text: string) => text.replaceAll('\n', '\r\n'),
    'mark.js': (text: string) => `\u{feff}${text}`,
    'open.js': (text: string) => text.replace(/\n$/, ''),
  };
  const side = (rate: string) =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        shape(`export const rate = ${rate};\nexport const name = 'cart';\nexport const last = ${rate};\n`),
      ]),
    );
  const { machine, git } = repository(side('0.19'), side('0.2'), side('0.21'));
  git('config', 'core.autocrlf', 'false');
  const theirs = Object.keys(shapes).flatMap((name) => ['--theirs', name]);
  await machine.run(['merge', 'topic']);
  expect(await machine.run(['merge', '--continue', ...theirs])).toMatchObject({ code: 0 });
  expect(Object.fromEntries(Object.keys(shapes).map((name) => [name, machine.read(name)]))).toEqual(
    side('0.21'),
  );
});

test('as a driver of git it asks a model only when one is named', async () => {
  const { machine } = conflicting();
  const answer = '```\nexport const rate = [0.2, 0.21];\n```';
  const model = machine.script('driven', [{ text: answer }, { text: answer }]);
  for (const name of ['base', 'ours', 'theirs'])
    machine.write(
      `.git/${name}`,
      cart(`export const rate = ${{ base: '0.19', ours: '0.2', theirs: '0.21' }[name]};\n`),
    );
  const words = ['merge', '--driver', '.git/base', '.git/ours', '.git/theirs', '7', 'cart.js'];
  expect(await machine.run(words)).toMatchObject({ code: 1 });
  machine.write('.git/ours', cart('export const rate = 0.2;\n'));
  expect(await machine.run(words, { env: { TANDEM_MERGE_MODEL: model } })).toMatchObject({ code: 0 });
  expect(machine.read('.git/ours')).toBe(cart('export const rate = [0.2, 0.21];\n'));
});

const conflicting = () =>
  repository(
    { 'cart.js': cart('export const rate = 0.19;\n'), 'old.txt': 'old\n' },
    { 'cart.js': cart('export const rate = 0.2;\n'), 'old.txt': null },
    { 'cart.js': cart('export const rate = 0.21;\n'), 'old.txt': 'changed\n', 'new.txt': 'new\n' },
  );

const cart = (line: string): string => `export const name = "cart";\n${line}export const end = true;\n`;
