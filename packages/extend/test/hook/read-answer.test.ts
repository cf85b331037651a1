import { expect, test } from 'vitest';
import { merged, readAnswer, silence } from '../../src/hook/read-answer.ts';
import type { Moment } from '../../src/hook/read-hooks.ts';

const said = (
  moment: Moment,
  ended: { exit?: number; output?: string; errors?: string; timedOut?: boolean },
) =>
  readAnswer({
    moment,
    command: 'check',
    ended: { exit: 0, output: '', errors: '', timedOut: false, ...ended },
  });

const json = (value: object): string => JSON.stringify(value);
const own = (value: object): { output: string } => ({ output: json({ hookSpecificOutput: value }) });

test.each([
  ['PreToolUse', { exit: 2, errors: 'no' }, { block: 'no' }],
  ['PreToolUse', { exit: 2 }, { block: 'the hook `check` of PreToolUse refused it' }],
  ['PreToolUse', { exit: 1, errors: 'oops' }, { notes: [expect.stringContaining('failed (exit 1): oops')] }],
  ['PreToolUse', { exit: 127 }, { permission: 'ask' }],
  ['PreToolUse', { exit: 124, timedOut: true }, { permission: 'ask' }],
  ['PostToolUse', { exit: 127 }, { permission: null }],
  ['SessionStart', { exit: 2, errors: 'no' }, { block: null, notes: ['no'] }],
  ['UserPromptSubmit', { output: 'plain words\n' }, { context: 'plain words' }],
  ['PostToolUse', { output: 'plain words\n' }, silence],
  ['PostToolUse', { output: '{ broken' }, { notes: [expect.stringContaining('cannot be read')] }],
  ['PreToolUse', own({ permissionDecision: 'deny', permissionDecisionReason: 'no' }), { block: 'no' }],
  ['PreToolUse', own({ permissionDecision: 'allow' }), { permission: 'allow', block: null }],
  ['PreToolUse', { output: json({ decision: 'approve' }) }, { permission: 'allow' }],
  ['PreToolUse', { output: json({ decision: 'block', reason: 'no' }) }, { block: 'no' }],
  ['PostToolUse', own({ permissionDecision: 'deny' }), { block: null }],
  ['Stop', { output: json({ decision: 'block', reason: 'test first' }) }, { block: 'test first' }],
  ['Stop', { output: json({ continue: false, stopReason: 'enough' }) }, { stop: 'enough' }],
  [
    'PreToolUse',
    own({ permissionDecision: 'allow', updatedInput: { command: 'ls' } }),
    { block: expect.stringContaining('{"command":"ls"}'), permission: null },
  ],
] as const)('%s: %j', (moment, ended, expected) => {
  expect(said(moment, ended)).toMatchObject(expected);
});

test('of several the strictest word holds, and what they add is kept', () => {
  const answers = [
    { ...silence, permission: 'allow' as const, reason: 'fine', context: 'one' },
    { ...silence, permission: 'ask' as const, reason: 'look', context: 'two' },
    { ...silence, block: 'no', notes: ['told'] },
  ];
  expect(merged(answers)).toEqual({
    block: 'no',
    permission: 'ask',
    reason: 'look',
    context: 'one\ntwo',
    stop: null,
    notes: ['told'],
  });
});

test('words without end are cut', () => {
  expect(said('UserPromptSubmit', { output: 'x'.repeat(50_000) }).context.length).toBeLessThan(10_100);
});
