import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bash, edit, Ground, outcomes, user } from './ground.ts';

const sum = `/** sum([1, 2]) => 3, sum([5]) => 5, sum([]) => 0 */
export const sum = (list) => {
  let total = 0;
  for (let i = 1; i < list.length; i++) total += list[i];
  return total;
};
`;
const check = `import assert from 'node:assert';
import { sum } from './sum.js';
assert.equal(sum([1, 2]), 3);
`;
const files = { 'sum.js': sum, 'check.mjs': check, 'package.json': '{"type":"module"}' };
const verify = 'node check.mjs';
const right = edit('sum.js', 'let i = 1', 'let i = 0');
const wrong = edit('sum.js', 'let i = 1', 'let i = 2');
const longer = edit(
  'sum.js',
  '  let total = 0;\n',
  '  let total = list[0] ?? 0;\n  // the first is counted\n',
);

test('tests choose; the person’s files, staged or not, are as they were, and each attempt saw them', async () => {
  const ground = new Ground(files);
  ground.write('staged.txt', 'staged\n');
  ground.git('add', 'staged.txt');
  ground.write('loose.txt', 'untracked\n');
  const before = ground.git('status', '--porcelain');
  const app = ground.open({ 1: wrong, 2: right, 3: [{ text: 'I did nothing.' }] });
  const { run } = await app.attempts({ count: 3 }, { verify });
  expect(outcomes(run)).toEqual([[1], [0, 'chosen'], ['verify_failed']]);
  expect(run.reason).toBe('the only one that passes');
  expect([ground.git('status', '--porcelain'), ground.read('sum.js')]).toEqual([before, sum]);
  const paths = run.attempts.map(({ path }) => path ?? '');
  expect(new Set(paths).size).toBe(3);
  for (const path of paths)
    expect([ground.read('staged.txt', path), ground.read('loose.txt', path)]).toEqual([
      'staged\n',
      'untracked\n',
    ]);
  const kept = run.attempts.find(({ chosen }) => chosen)?.diff ?? '';
  expect(readFileSync(kept, 'utf8')).toContain('+  for (let i = 0; i < list.length; i++)');
  await app.engine.close();
});

test('hypotheses in words reach one attempt each, and all are made', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: right, 2: longer });
  const { run } = await app.attempts({ count: 2, hypotheses: ['begin at 0', 'keep the first'] }, { verify });
  const asked = app.requests.map(({ seed, messages }) => [seed, messages[1]?.text]);
  expect(asked).toContainEqual([1, 'Fix it\n\nDo it this way: begin at 0']);
  expect(asked).toContainEqual([2, 'Fix it\n\nDo it this way: keep the first']);
  expect(run.attempts.map(({ hypothesis }) => hypothesis)).toEqual(['begin at 0', 'keep the first']);
  expect(outcomes(run)).toEqual([[0, 'chosen'], [0]]);
  expect(run.reason).toBe('of 2 that pass: the smallest change (2 lines)');
  await app.engine.close();
});

test('examples that only some hold, then votes by behaviour, tell those apart that pass', async () => {
  const ground = new Ground(files);
  // Passes verify, but sum([5]) is 0 in it.
  const partly = edit('sum.js', 'return total', 'return list.length > 1 ? total + list[0] : 0');
  const app = ground.open({ 1: partly, 2: longer, 3: right });
  const { run } = await app.attempts({ count: 3, all: true }, { verify });
  const ranks = run.attempts.map(({ rank }) => [rank?.checks, (rank?.agreement ?? 0) > 0.9]);
  expect(ranks).toEqual([
    [{ held: 0, total: 1 }, false],
    [{ held: 1, total: 1 }, true],
    [{ held: 1, total: 1 }, true],
  ]);
  expect(outcomes(run)).toEqual([[0], [0], [0, 'chosen']]);
  await app.engine.close();
});

test('one that breaks what passed before is not chosen by itself, and a person may take it all the same', async () => {
  const tests = `import test from 'node:test';
import assert from 'node:assert';
import { twice } from './twice.js';
test('twice', () => assert.equal(twice(2), 4));
`;
  const ground = new Ground({
    ...files,
    'twice.js': 'export const twice = (n) => n * 2;\n',
    'twice.test.js': tests,
  });
  const breaks = [...right.slice(0, 2), ...edit('twice.js', '* 2', '* 3')];
  const app = ground.open({ 1: breaks });
  const { session, run } = await app.attempts({ count: 1 }, { verify });
  expect(run.attempts[0]).toMatchObject({ verify: { exit: 0 }, regressions: ['twice'], chosen: false });
  expect([run.status, run.error?.code]).toEqual(['failed', 'verify_failed']);
  expect(run.error?.message).toContain('break what passed before');
  await app.engine.acceptAttempt({ session, attempt: '1', actor: user });
  expect(ground.read('twice.js')).toContain('n * 3');
  await app.engine.close();
});

test('what verify writes is no part of an attempt, and what a person does in git meanwhile stays', async () => {
  const ground = new Ground(files);
  ground.write('new.txt', 'new\n');
  const app = ground.open({ 1: right });
  const meanwhile = `git -C ${ground.root} add new.txt; git -C ${ground.root} tag -f mine`;
  const { run } = await app.attempts(
    { count: 1 },
    { verify: `echo x >> report.txt; ${meanwhile}; ${verify}` },
  );
  expect([ground.git('tag').trim(), ground.git('diff', '--cached', '--name-only').trim()]).toEqual([
    'mine',
    'new.txt',
  ]);
  const [attempt] = run.attempts;
  expect(attempt?.files).toEqual([{ path: 'sum.js', added: 1, removed: 1 }]);
  expect(ground.read('report.txt', attempt?.path ?? '')).toBe(null);
  await app.engine.close();
});

test('a verify that passes once and then fails chooses nothing; the next best is looked at', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: longer, 2: right });
  // Passes at its second run in each worktree (the session's own is the first), then never again for the smaller change.
  const count = `${ground.folder}/count-$(basename "$PWD")`;
  const flaky = `echo >> ${count}; grep -q 'i = 0' sum.js && [ $(wc -l < ${count}) -gt 2 ] && exit 9; ${verify}`;
  const { run } = await app.attempts({ count: 2, all: true }, { verify: flaky });
  expect(run.attempts.map(({ flaky: is, chosen }) => [is, chosen])).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(run.attempts[1]?.note).toBe('passed, then failed with exit 9');
  await app.engine.close();
});

test('two that pass and do the same are enough; the others are ended', async () => {
  const ground = new Ground(files);
  const never = new Promise<void>(() => {});
  const app = ground.open({ 1: right, 2: right, 3: [{ until: never }], 4: right });
  const { run } = await app.attempts({ count: 4, maxParallel: 1 }, { verify });
  expect(outcomes(run)).toEqual([[0, 'chosen'], [0], ['interrupted'], ['interrupted']]);
  expect(run.stopped).toBe('attempts 1 and 2 pass and do the same');
  await app.engine.close();
});

test('without any command that verifies, the others and the size decide', async () => {
  const ground = new Ground({ 'note.txt': 'one\ntwo\n' });
  const app = ground.open({
    1: edit('note.txt', 'two', 'three'),
    2: edit('note.txt', 'two', 'zwei'),
    3: edit('note.txt', 'two', 'three'),
  });
  const { run } = await app.attempts({ count: 3, all: true });
  expect(run.baseline).toEqual({ verify: null, tests: null });
  expect(run.reason).toBe('most of the others behave as it does, level with 3 and made first');
  expect(run.attempts.find(({ chosen }) => chosen)?.number).toBe(1);
  await app.engine.close();
});

test('a turn that is to land what it chose: landed, worktrees in the trash, and undone again', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: wrong, 2: right });
  const { session, run } = await app.attempts({ for: 'strong', count: 2, land: true }, { verify });
  expect(ground.read('sum.js')).toBe(sum.replace('let i = 1', 'let i = 0'));
  expect(run.attempts.map(({ landed, discarded }) => [landed, discarded !== null])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(run.attempts.some(({ path }) => existsSync(path ?? ''))).toBe(false);
  await app.engine.undo({ session, turns: 1, force: false, actor: user });
  expect(ground.read('sum.js')).toBe(sum);
  await app.engine.close();
});

test('a model too small to drive itself makes its attempts in the pipeline, where sessions were asked of strong ones', async () => {
  const ground = new Ground(files);
  const small = { turns: [], facts: { strength: 'small', parameters: 1.5, nativeTools: false } } as const;
  const app = ground.open({}, { models: { 'scripted/memory': small } });
  const { session } = await app.attempts(
    { for: 'strong', count: 4, land: true },
    { verify, files: ['sum.js'] },
  );
  expect(ground.read('sum.js')).toBe(sum.replace('let i = 1', 'let i = 0'));
  const types = (await app.engine.events(session)).map(({ type }) => type);
  expect(types).not.toContain('attempt.started');
  await app.engine.close();
});

test('bash in an attempt works in its own worktree', async () => {
  const ground = new Ground(files);
  const app = ground.open({ 1: bash('sed -i "s/let i = 1/let i = 0/" sum.js && git commit -qam mine') });
  const { session, run } = await app.attempts({ count: 1 }, { verify });
  expect(outcomes(run)).toEqual([[0, 'chosen']]);
  expect(ground.git('log', '--format=%s', 'main').trim()).toBe('first');
  await app.engine.acceptAttempt({ session, actor: user });
  expect(ground.read('sum.js')).toContain('let i = 0');
  await app.engine.close();
});
