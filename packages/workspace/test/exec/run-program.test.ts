import { expect, test } from 'vitest';
import { runProgram } from '../../src/index.ts';
import { tempDir } from '../support/temp.ts';

const base = {
  environment: { OWN: 'given' },
  stdin: 'line in\n',
  timeoutMs: 20_000,
  signal: new AbortController().signal,
  maxOutput: 10_000,
};

test('has its input, its two streams apart, its own variables and none of our secrets', async () => {
  process.env.SOME_TOKEN = 'secret';
  try {
    const command = 'cat; echo "$OWN,$SOME_TOKEN"; echo wrong >&2; exit 2';
    expect(await runProgram({ ...base, command, cwd: tempDir() })).toEqual({
      exit: 2,
      output: 'line in\ngiven,\n',
      errors: 'wrong\n',
      timedOut: false,
    });
  } finally {
    delete process.env.SOME_TOKEN;
  }
});

test('is ended with all it started when its time is over', async () => {
  const ran = await runProgram({
    ...base,
    command: 'sleep 60 & sleep 60',
    cwd: tempDir(),
    timeoutMs: 50,
  });
  expect(ran).toMatchObject({ exit: 124, timedOut: true });
});
