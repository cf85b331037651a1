import { execFileSync } from 'node:child_process';
import { AttemptsReport } from '@tandem/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { attemptsMachine, changeTo, git, goal, verify, withoutNames } from './attempts-machine.ts';
import type { Machine } from './tandem.ts';

let machine: Machine;
let session = '';

beforeAll(() => {
  machine = attemptsMachine();
});

const text = (): string | null => machine.read('greet.js');
const before = "export const greet = (name) => 'Hello' + name;\n";

describe('from a goal to the files', () => {
  test('three attempts: tests choose, the table says why, the files are as they were', async () => {
    const model = machine.script(
      'three',
      [...changeTo(1, "'Hello ' + name"), ...changeTo(2, 'name'), ...changeTo(3, '`Hello ${name}`')],
      { local: false },
    );
    const words = [
      'attempts',
      goal,
      '-n',
      '3',
      '--all',
      '--verify',
      verify,
      '--model',
      model,
      '--sandbox',
      'full',
    ];
    const outcome = await machine.run([...words, '-o', 'report.json'], { env: { COLUMNS: '80' } });
    const report = AttemptsReport.parse(JSON.parse(machine.read('report.json') ?? ''));
    session = report.session;
    // Progress comes in the order in which attempts that run side by side happen to get on.
    machine.expectGolden('attempts-table-80', withoutNames({ ...outcome, err: '' }));
    expect([text(), git(machine, 'status', '--porcelain')]).toEqual([before, '?? report.json\n']);
    expect(report).toMatchObject({
      version: 1,
      goal,
      status: 'ok',
      verify,
      baseline: { verify: { exit: 1 }, tests: null },
      sandbox: { profile: 'full', level: 'none' },
      chosen: 1,
      attempts: [
        { number: 1, status: 'verified', verify: { exit: 0 }, chosen: true, landed: false },
        { number: 2, status: 'verified', verify: { exit: 1 }, chosen: false },
        { number: 3, status: 'verified', verify: { exit: 0 }, chosen: false },
      ],
    });
  });

  test('show: the same at 40 columns, and one diff', async () => {
    const table = await machine.run(['attempts', 'show', session], { env: { COLUMNS: '40' } });
    machine.expectGolden('attempts-table-40', withoutNames(table));
    for (const line of table.out.split('\n')) expect([...line].length).toBeLessThanOrEqual(40);
    machine.expectGolden(
      'attempts-diff',
      withoutNames(await machine.run(['attempts', 'show', session, '2'])),
    );
  });

  test('list: the goal and how it stands; sessions shows the goal and not its attempts', async () => {
    const list = await machine.run(['attempts', 'list']);
    expect(list.out).toMatch(/^ses_\w+ {2}\S+ \S+ {2}1 of 3 chosen {2}Make greet/);
    const sessions = await machine.run(['sessions']);
    expect(sessions.out.trimEnd().split('\n')).toHaveLength(1);
  });

  test('accept, undo, accept another, discard', async () => {
    expect((await machine.run(['attempts', 'accept', session])).out).toBe('greet.js +1 −1\n');
    expect(text()).toContain("'Hello ' + name");
    expect((await machine.run(['attempts', 'accept', session, '3'])).code).toBe(1);
    expect((await machine.run(['undo', '--session', session])).code).toBe(0);
    expect(text()).toBe(before);
    expect((await machine.run(['attempts', 'accept', session, '3', '--json'])).out).toBe(
      `{"version":1,"session":"${session}","files":[{"path":"greet.js","added":1,"removed":1}]}\n`,
    );
    expect(text()).toContain('`Hello ${name}`');
    const discarded = await machine.run(['attempts', 'discard', session]);
    expect([discarded.code, discarded.out.trimEnd().split('\n')]).toEqual([0, expect.arrayContaining([])]);
    expect(discarded.out.trimEnd().split('\n')).toHaveLength(3);
    expect(git(machine, 'worktree', 'list').trimEnd().split('\n')).toHaveLength(1);
    git(machine, 'checkout', '-q', 'greet.js');
  });
});

test('ways in words, a model each, and --accept', async () => {
  const one = machine.script('one', changeTo(1, 'name'), { local: false });
  const two = machine.script('two', changeTo(2, "'Hello ' + name"), { local: false });
  const words = [
    'attempts',
    goal,
    '--try',
    'say nothing, ever',
    '--try',
    'with a blank',
    '--model',
    one,
    '--model',
    two,
  ];
  const outcome = await machine.run([
    ...words,
    '--verify',
    verify,
    '--accept',
    '--json',
    '--sandbox',
    'full',
  ]);
  const report = AttemptsReport.parse(JSON.parse(outcome.out));
  expect([outcome.code, report.attempts.map(({ hypothesis, landed }) => [hypothesis, landed])]).toEqual([
    0,
    [
      ['say nothing, ever', false],
      ['with a blank', true],
    ],
  ]);
  expect(text()).toContain("'Hello ' + name");
  git(machine, 'checkout', '-q', 'greet.js');
});

describe('exec --attempts with a model that drives itself', () => {
  test('exit 0: the best has landed, verified, and the worktrees are gone', async () => {
    const worktrees = git(machine, 'worktree', 'list');
    const model = machine.script('strong', [...changeTo(1, 'name'), ...changeTo(2, "'Hello ' + name")], {
      local: false,
    });
    const outcome = await machine.run([
      'exec',
      goal,
      '--attempts',
      '2',
      '--verify',
      verify,
      '--model',
      model,
      '--json',
    ]);
    const result = JSON.parse(outcome.out);
    expect(outcome.code).toBe(0);
    expect(result).toMatchObject({
      status: 'completed',
      files: [{ path: 'greet.js', added: 1, removed: 1 }],
      verify: { command: verify, exit: 0 },
    });
    const chosen = result.attempts.filter((one: { chosen: boolean }) => one.chosen);
    expect(new Set(chosen.map(({ id }: { id: string }) => id)).size).toBe(1);
    expect(Object.keys(result.attempts[0])).toEqual(['id', 'verify', 'chosen', 'ms', 'tokens']);
    expect(text()).toContain("'Hello ' + name");
    expect(git(machine, 'worktree', 'list')).toBe(worktrees);
    git(machine, 'checkout', '-q', 'greet.js');
  });

  test('exit 4: none passes, and nothing has changed', async () => {
    const model = machine.script('weak', [...changeTo(1, 'name'), ...changeTo(2, "'Hi' + name")], {
      local: false,
    });
    const status = git(machine, 'status', '--porcelain');
    const outcome = await machine.run([
      'exec',
      goal,
      '--attempts',
      '2',
      '--verify',
      verify,
      '--model',
      model,
      '--json',
    ]);
    expect([outcome.code, JSON.parse(outcome.out).files]).toEqual([4, []]);
    expect([text(), git(machine, 'status', '--porcelain')]).toEqual([before, status]);
  });
});

describe('what is refused', () => {
  test.each([
    [['attempts', 'Fix it', '--try', 'a', '--try', 'b', '-n', '1'], 2, /2 are named by --try or --model/],
    [['attempts', 'Fix', 'it', '--model', 'scripted/x'], 2, /one goal, in quotes/],
    [['attempts', 'show', 'ses_nobody'], 1, /there is no session/],
    [['attempts', 'accept'], 2, /which\?/],
    [['attempts', 'Fix it', '--model', 'nobody/x'], 2, /is no model id/],
  ])('%j', async (words, code, message) => {
    const outcome = await machine.run(words);
    expect([outcome.code, outcome.err]).toEqual([code, expect.stringMatching(message)]);
  });
});

test('no attempt passes: exit 4, each diff is kept, resume has nothing to do again', async () => {
  const model = machine.script('never', [...changeTo(1, 'name'), ...changeTo(2, "'Hi' + name")], {
    local: false,
  });
  const words = [
    'attempts',
    goal,
    '-n',
    '2',
    '--verify',
    verify,
    '--model',
    model,
    '--json',
    '--sandbox',
    'full',
  ];
  const outcome = await machine.run(words);
  const report = AttemptsReport.parse(JSON.parse(outcome.out));
  expect([outcome.code, report.chosen, report.error?.code]).toEqual([4, null, 'verify_failed']);
  for (const { diff } of report.attempts)
    expect(execFileSync('cat', [diff ?? ''], { encoding: 'utf8' })).toContain('@@');
  const again = await machine.run(['attempts', 'resume', report.session, '--json', '--sandbox', 'full']);
  expect(AttemptsReport.parse(JSON.parse(again.out)).attempts).toEqual(report.attempts);
});

test('two processes at work on the same lines: the later one says so, and sessions shows it', async () => {
  const own = attemptsMachine();
  const editing = (name: string, old: string, body: string): string =>
    own.script(name, [
      { toolCalls: [{ name: 'read', arguments: { path: 'greet.js' } }] },
      { toolCalls: [{ name: 'edit', arguments: { path: 'greet.js', old, new: body } }] },
      { text: 'Done.', delayMs: 60_000 },
    ]);
  const first = own.start(['exec', '--model', editing('first', "'Hello' + name", "'Hello, ' + name"), 'One']);
  await first.shows('edit greet.js');
  const second = own.start(['exec', '--model', editing('second', "'Hello, '", "'Hi, '"), 'Two']);
  await second.shows('overlap with ses_');
  await second.shows('greet.js greet lines 1–1: wait');
  const sessions = await own.run(['sessions']);
  expect(sessions.err).toMatch(/^ses_\w+: overlap with ses_\w+ \(One\) in greet\.js greet lines 1–1: wait;/);
  for (const { child, ended } of [first, second]) {
    child.kill('SIGINT');
    await ended;
  }
});
