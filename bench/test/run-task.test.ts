import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Agent, attemptsFile, commandAgent } from '../agent.ts';
import { appendResult, readResults } from '../results.ts';
import { runTask, type Subject } from '../run-task.ts';
import { readSuite, readTask, type Task } from '../task.ts';

let folder: string;
let task: Task;

const write = (path: string, text: string): void => {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  const facts = {
    id: 'say-right',
    kind: 'bugfix',
    lang: 'sh',
    files: ['answer.txt'],
    visible_test_cmd: 'grep -q i answer.txt',
    hidden_test_cmd: 'sh check.sh',
    timeout_s: 5,
  };
  write('tasks/bugfix/say-right/task.json', JSON.stringify(facts));
  write('tasks/bugfix/say-right/instruction.md', "Make it say 'right'.");
  write('tasks/bugfix/say-right/start/answer.txt', 'wrong\n');
  write('tasks/bugfix/say-right/start/check.sh', 'exit 1\n');
  write(
    'tasks/bugfix/say-right/hidden/check.sh',
    'grep -qx right answer.txt && echo "BENCH_OK $BENCH_NONCE"\n',
  );
  write('tasks/bugfix/say-right/reference/answer.txt', 'right\n');
  task = readTask(join(folder, 'tasks/bugfix/say-right'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runSubject = (subject: Subject) => runTask(task, { subject, runtime: folder });
const runAgent = (agent: Agent, timeoutSeconds = 10) => runSubject({ type: 'agent', agent, timeoutSeconds });

describe('runTask', () => {
  test('the start state fails and the reference passes', async () => {
    expect(await runSubject({ type: 'start' })).toMatchObject({ passed: false });
    expect(await runSubject({ type: 'reference' })).toMatchObject({ passed: true });
  });

  test('an agent works in a repository with one commit, and what it changed is told', async () => {
    const agent = commandAgent(
      'test "$(git rev-list --count HEAD)" = 1 && test "$BENCH_FILES" = answer.txt &&' +
        ' grep -q right "$BENCH_INSTRUCTION" && printf %s {instruction} | grep -q "\'right\'" && echo right > answer.txt',
    );
    expect(await runAgent(agent)).toMatchObject({ passed: true, agentExit: 0, changed: ['answer.txt'] });
  });

  test('an agent that rewrites the test gains nothing', async () => {
    const result = await runAgent(commandAgent('echo \'echo "BENCH_OK $BENCH_NONCE"\' > check.sh'));
    expect(result).toMatchObject({ passed: false, changed: ['check.sh'] });
  });

  test('exit 0 without the nonce does not pass', async () => {
    const silent = { ...task, hidden_test_cmd: 'true' };
    expect(await runTask(silent, { subject: { type: 'reference' }, runtime: folder })).toMatchObject({
      passed: false,
      testExit: 0,
    });
  });

  test('an agent past its limit is stopped with everything it started', async () => {
    const before = performance.now();
    const result = await runAgent(commandAgent('sleep 60 & sleep 60'), 0.3);
    expect(result).toMatchObject({ passed: false, agentExit: 124 });
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test('kept attempts are scored one by one', async () => {
    const attempt = (id: string, source: string, text: string) => ({
      id,
      source,
      verifyExit: 0,
      chosen: id === 'att_3',
      files: [{ path: 'answer.txt', text }],
    });
    const agent: Agent = async ({ attempts, env }) => {
      expect(env.BENCH_VISIBLE_TEST).toBe('grep -q i answer.txt');
      mkdirSync(attempts);
      const kept = [
        attempt('att_1', 'mutation', 'right\n'),
        attempt('att_2', 'sample', 'is wrong\n'),
        attempt('att_3', 'sample', 'is wrong\n'),
      ];
      writeFileSync(attemptsFile(attempts), JSON.stringify(kept));
      return { exit: 0, seconds: 1, tail: '' };
    };
    const result = await runAgent(agent);
    expect(result).toMatchObject({ passed: false, first: false, oracle: true });
    expect(result.attempts?.map(({ passed }) => passed)).toEqual([true, false, false]);
  });
});

test.each([
  ['nothing kept', null, null, null],
  ['the model was not asked', { attempts: [], draws: 0 }, null, false],
  ['every answer was rejected', { attempts: [], draws: 3 }, false, false],
])('%s', async (_what, kept, first, oracle) => {
  const agent: Agent = async ({ attempts }) => {
    mkdirSync(attempts);
    if (kept !== null) writeFileSync(attemptsFile(attempts), JSON.stringify(kept));
    return { exit: 1, seconds: 1, tail: '' };
  };
  expect(await runAgent(agent)).toMatchObject({ first, oracle });
});

describe('readSuite', () => {
  test('finds tasks below any of the upper folders', () => {
    expect(readSuite(folder).map(({ id }) => id)).toEqual(['say-right']);
    expect(readSuite(join(folder, 'tasks')).map(({ id }) => id)).toEqual(['say-right']);
    expect(readSuite(join(folder, 'tasks/bugfix/say-right')).map(({ id }) => id)).toEqual(['say-right']);
  });
});

describe('results files', () => {
  test('a line torn by a kill is left out, and what follows it is kept', async () => {
    const file = join(folder, 'out', 'run.jsonl');
    const row = await runSubject({ type: 'start' });
    appendResult(file, row);
    writeFileSync(file, '{"type":"task","id":"torn', { flag: 'a' });
    appendResult(file, { ...row, id: 'second' });
    expect(readResults(file).tasks.map(({ id }) => id)).toEqual(['say-right', 'second']);
  });
});
