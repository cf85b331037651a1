import type { AttemptsReport } from '@tandem/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableOf } from '../../src/attempts/table.ts';

const anyText = fc.string({ unit: 'binary-ascii', maxLength: 120 });
const row = fc.record({
  number: fc.integer({ min: 1, max: 64 }),
  id: fc.constant('att_1'),
  session: fc.constant('ses_2'),
  worktree: fc.constant('attempt-1'),
  path: fc.constant(null),
  model: anyText,
  hypothesis: fc.option(anyText),
  seed: fc.nat(99),
  status: fc.constantFrom('open', 'verified', 'failed'),
  verify: fc.option(fc.record({ command: anyText, exit: fc.nat(255) })),
  flaky: fc.boolean(),
  regressions: fc.array(anyText, { maxLength: 5 }),
  checks: fc.option(fc.record({ held: fc.nat(24), total: fc.constant(24) })),
  agreement: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  files: fc.array(fc.record({ path: anyText, added: fc.nat(99_999), removed: fc.nat(99_999) }), {
    maxLength: 3,
  }),
  diff: fc.constant(null),
  ms: fc.nat(10_000_000),
  tokens: fc.record({ in: fc.nat(9_999_999), out: fc.nat(99_999) }),
  costUsd: fc.constant(0),
  note: anyText,
  error: fc.option(fc.record({ code: fc.constantFrom('disk', 'interrupted'), message: anyText })),
  chosen: fc.boolean(),
  landed: fc.boolean(),
  discarded: fc.boolean(),
  why: anyText,
});
const report = fc
  .record({
    goal: anyText,
    attempts: fc.array(row, { maxLength: 4 }),
    steps: fc.array(anyText, { maxLength: 4 }),
    stopped: fc.option(anyText),
    sandbox: fc.option(
      fc.record({ profile: fc.constant('full'), level: fc.constantFrom('none', 'bubblewrap') }),
    ),
  })
  .map(
    (made) =>
      ({ ...made, version: 1, session: 'ses_1', status: 'ok', overlaps: [] }) as unknown as AttemptsReport,
  );

test('every line fits, whatever models and tests say, and nothing of it moves the cursor', () => {
  fc.assert(
    fc.property(report, fc.integer({ min: 20, max: 140 }), (made, columns) => {
      const table = tableOf(made, columns);
      for (const line of table.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
