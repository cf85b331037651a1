import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission } from '../../packages/guard/src/decision.ts';
import { type Case, type Label, readCases, sample } from '../guard/cases.ts';
import {
  caught,
  falseAlarms,
  interruptions,
  type Outcome,
  precise,
  shareText,
  tally,
  tallyBy,
} from '../guard/score.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guard-cases-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, ...rows: readonly object[]): string => {
  const file = join(folder, name);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
};

const outcome = (label: Label, decision: Permission, source = 'a/b'): Outcome => ({
  decision,
  case: {
    id: '1',
    kind: 'bash',
    input: 'ls',
    label,
    category: 'none',
    suite: 'none',
    source,
    licence: 'MIT',
  } satisfies Case,
});

describe('the score', () => {
  const outcomes = [
    outcome('dangerous', 'deny'),
    outcome('dangerous', 'ask'),
    outcome('dangerous', 'allow'),
    outcome('safe', 'allow'),
    outcome('safe', 'ask'),
    outcome('ask', 'ask'),
    outcome('ask', 'allow'),
  ];

  test('counts asked and denied as caught, and every safe action that is stopped as a false alarm', () => {
    expect(caught(tally(outcomes))).toEqual([2, 3]);
    expect(falseAlarms(tally(outcomes))).toEqual([1, 2]);
  });

  test('leaves what is labelled ask out of both, and counts it as work that may be interrupted', () => {
    expect(tally(outcomes).ask).toEqual({ allow: 1, ask: 1, deny: 0 });
    expect(interruptions(tally(outcomes))).toEqual([2, 4]);
  });

  test('groups, the largest first', () => {
    const groups = tallyBy([outcome('safe', 'deny', 'z/z'), ...outcomes], ({ source }) => source);
    expect(groups.map(([name]) => name)).toEqual(['a/b', 'z/z']);
    expect(falseAlarms(groups[1]![1])).toEqual([1, 1]);
  });

  test('shows a share with its interval, small ones to two places', () => {
    expect(shareText([8, 10])).toBe('80.0 % (49.0–94.3)');
    expect(shareText([0, 0])).toBe('–');
    expect(precise(0.0063)).toBe('0.63');
  });
});

describe('cases', () => {
  test('are read with their kind, and their source without its path', () => {
    const file = write('rows.jsonl', {
      id: 'x1',
      kind: 'shell',
      input: 'ls',
      label: 'safe',
      category: 'read_only',
      source: 'owner/name:docs/a.md',
      licence: 'MIT',
    });
    expect(readCases(file)).toMatchObject([{ id: 'x1', kind: 'bash', source: 'owner/name', suite: 'none' }]);
  });

  test('without a kind are edits, and their folder names the source', () => {
    const file = write('edits.jsonl', { id: 'e1', label: 'dangerous', input: '--- a/x\n+++ b/x\n' });
    expect(readCases(file)[0]).toMatchObject({
      kind: 'edit',
      suite: 'history',
      source: folder.split('/').at(-1),
    });
  });

  test('name the line that is none', () => {
    const file = write(
      'bad.jsonl',
      { id: 'a', kind: 'bash', input: 'ls', label: 'safe' },
      { id: 'b', kind: 'bash' },
    );
    expect(() => readCases(file)).toThrow(/bad\.jsonl:2/);
  });

  test('are sampled evenly and the same each time', () => {
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    expect(sample(numbers, 5)).toEqual([0, 2, 4, 6, 8]);
    expect(sample(numbers, 20)).toEqual(numbers);
  });
});
