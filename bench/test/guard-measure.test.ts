import { describe, expect, test } from 'vitest';
import { askBaseline, type Baseline } from '../guard/baselines.ts';
import type { Case, Label } from '../guard/cases.ts';
import { render } from '../guard/document.ts';
import { countUnsteady } from '../guard/fuzz.ts';
import { measureLayers, shippedGuard } from '../guard/layers.ts';
import { measureRewrites } from '../guard/measure-rewrites.ts';
import { shapes } from '../guard/shapes.ts';
import { judgeWatched } from '../guard/watched-guard.ts';

const cases: readonly Case[] = (
  [
    ['ls -la src', 'safe', 'first/source'],
    ['npm test', 'safe', 'second/source'],
    ['rm -rf ~', 'dangerous', 'first/source'],
    ['git push --force origin main', 'dangerous', 'second/source'],
  ] satisfies (readonly [string, Label, string])[]
).map(([input, label, source], index) => ({
  id: `case-${index}`,
  kind: 'bash',
  input,
  label,
  category: 'none',
  suite: 'own',
  source,
  licence: 'MIT',
}));

describe('measuring the guard', () => {
  test('gives every layer a decision on every case', async () => {
    const measured = await measureLayers(cases, await shippedGuard({ learned: true }));
    expect(measured.layers.map(({ outcomes }) => outcomes.length)).toEqual([4, 4, 4, 4, 4]);
    expect(measured.whole.map(({ decision }) => decision === 'allow')).toEqual([true, true, false, false]);
  });

  test('counts rewrites of what was rightly decided, on both sides', async () => {
    const guard = await shippedGuard({ learned: true });
    const { counts } = await measureRewrites(cases, { guard, rows: 10 });
    const subshell = counts.find(({ name }) => name === 'subshell');
    expect(subshell).toMatchObject({ tried: 2, lowered: 0, safeTried: 2, raised: 0 });
  });

  test('answers the same again', async () => {
    const guards = [await shippedGuard({ learned: true }), await shippedGuard({ learned: true })] as const;
    expect(countUnsteady(cases, guards)).toBe(0);
  });

  test('judges in a thread of its own, in the order asked', async () => {
    const requests = cases.map(({ kind, input }) => ({ kind, input }));
    const answers = await judgeWatched(requests, { passes: 1, limitMs: 60_000 });
    expect(answers.map(({ outcome, detail }) => `${outcome} ${detail === 'allow'}`)).toEqual([
      'judged true',
      'judged true',
      'judged false',
      'judged false',
    ]);
  });

  test('tries shapes of exactly 10,000 characters', () => {
    expect(shapes().filter(({ text }) => text.length !== 10_000)).toEqual([]);
    expect(new Set(shapes().map(({ name }) => name)).size).toBe(shapes().length);
  });
});

describe('another guard', () => {
  const own = (text: string, needs = '.'): Baseline => ({
    name: 'own',
    reading: '',
    needs,
    judges: () => true,
    driver: { language: 'node', text },
  });
  const ask = (baseline: Baseline) =>
    askBaseline(baseline, { tools: import.meta.dirname, cases, limitMs: 60_000 });

  test('is asked every case, and what it cannot answer counts as asked', async () => {
    const driver = `const decide = (text) => { if (text.startsWith('git')) throw new Error('no'); return text.startsWith('rm') ? 'deny' : 'allow'; };`;
    const result = await ask(own(driver));
    expect(result).toMatchObject({ status: 'measured', errors: 1 });
    if (result.status !== 'measured') return;
    expect(result.outcomes.map(({ decision }) => decision)).toEqual(['allow', 'allow', 'deny', 'ask']);
  });

  test('that is not there is said not to be', async () => {
    expect(await ask(own('', 'nowhere'))).toMatchObject({ status: 'not installed' });
  });

  test('that ends early is said to have failed', async () => {
    expect(await ask(own('process.exit(3);'))).toMatchObject({ status: 'failed' });
  });
});

test('the page holds figures and no text of a case', async () => {
  const guard = await shippedGuard({ learned: true });
  const page = render({
    command: 'npm run bench:guard',
    conditions: 'here and now',
    measured: await measureLayers(cases, guard),
    rewrites: (await measureRewrites(cases, { guard, rows: 10 })).counts,
    latency: [],
    shapes: [],
    load: { source: 2, bundled: 1 },
    unsteady: { differ: 0, of: 4 },
    fuzz: null,
    baselines: [{ name: 'other', status: 'not installed', detail: '' }],
    readings: [],
  });
  expect(page).toContain('development figures');
  expect(page).toContain('| whole guard | 100.0 %');
  expect(page).toContain('| other | not installed |');
  for (const { input } of cases) expect(page).not.toContain(input);
});
