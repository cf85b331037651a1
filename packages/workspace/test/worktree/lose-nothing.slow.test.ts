import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const cases = Number(process.env.TANDEM_TEST_RUNS ?? 10_000);
const seed = process.env.TANDEM_TEST_SEED ?? '20260101';
const seconds = process.env.TANDEM_TEST_SECONDS ?? '';
const program = join(import.meta.dirname, 'lose-nothing-process.mjs');

test('ten thousand generated states: each is named before it goes, and comes back byte for byte', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', program, String(cases), seed, seconds],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  expect(stderr).toBe('');
  const said = JSON.parse(stdout);
  console.log(`seed ${seed}`, said);
  expect(said.cases).toBeGreaterThanOrEqual(seconds === '' ? cases : 1);
  // A run that is cut short need not have met every kind.
  if (said.cases < cases) return;
  for (const kind of [
    'commits',
    'changes',
    'untracked',
    'ignored',
    'submodule',
    'locked',
    'process',
    'nested',
  ])
    expect(said.met[`held by ${kind}`], kind).toBeGreaterThan(0);
}, 14_400_000);
