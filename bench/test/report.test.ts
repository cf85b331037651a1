import { describe, expect, test } from 'vitest';
import { withSection } from '../document.ts';
import { plotSolved } from '../plot.ts';
import { mergeSummaries, renderSolved } from '../report.ts';
import type { TaskResult } from '../run-task.ts';
import { type RunHeader, summarise } from '../summary.ts';

const header: RunHeader = {
  type: 'run',
  label: 'tandem',
  model: 'local/some-model',
  without: [],
  sanity: false,
  commit: 'abc1234',
  at: '2026-01-02T03:04:05.000Z',
  machine: '2 cores, Some CPU',
};

const result = (facts: Partial<TaskResult>): TaskResult => ({
  type: 'task',
  id: 'a',
  kind: 'bugfix',
  lang: 'py',
  passed: false,
  testExit: 1,
  testSeconds: 0.1,
  tail: '',
  ...facts,
});

const results = [
  result({
    id: 'a',
    passed: true,
    agentSeconds: 10,
    first: false,
    oracle: true,
    told: { status: 'completed', attempts: 2, tokens: { in: 1000, cached: 500, out: 100 }, verifyExit: 0 },
  }),
  result({
    id: 'b',
    agentSeconds: 30,
    first: false,
    oracle: true,
    told: { status: 'failed', attempts: 4, tokens: { in: 3000, cached: 1500, out: 300 }, verifyExit: 1 },
  }),
  result({ id: 'c', agentSeconds: 20, first: null, oracle: null }),
  result({ id: 'd', kind: 'write', passed: true, agentSeconds: 5, first: true, oracle: false }),
];

describe('summarise', () => {
  test('counts each kind and all, each column of the tasks that have it', () => {
    const rows = summarise(header, results);
    expect(rows.map(({ kind, selected, first, oracle }) => ({ kind, selected, first, oracle }))).toEqual([
      {
        kind: 'bugfix',
        selected: { solved: 1, total: 3 },
        first: { solved: 0, total: 2 },
        oracle: { solved: 2, total: 2 },
      },
      {
        kind: 'write',
        selected: { solved: 1, total: 1 },
        first: { solved: 1, total: 1 },
        oracle: { solved: 1, total: 1 },
      },
      {
        kind: 'all',
        selected: { solved: 2, total: 4 },
        first: { solved: 1, total: 3 },
        oracle: { solved: 3, total: 3 },
      },
    ]);
    expect(rows[0]).toMatchObject({
      medianSeconds: 20,
      medianTokensIn: 2000,
      medianTokensOut: 200,
      cached: 0.5,
    });
  });
});

describe('renderSolved', () => {
  test('writes one row a summary, with what was not measured as a dash', () => {
    const text = renderSolved(summarise(header, results));
    expect(text).toContain(
      '| bugfix | tandem | 1 of 3 (33 %) | 6 % – 79 % | 0 of 2 (0 %) | 2 of 2 (100 %) | 20 | 2000 / 200 | 50 % |',
    );
    expect(text).toContain('| write | tandem | 1 of 1 (100 %) | 21 % – 100 % |');
    expect(text).toContain('| – / – | – |');
    expect(text).toContain('- tandem: local/some-model, commit abc1234, 2026-01-02, 2 cores, Some CPU');
  });
});

describe('mergeSummaries', () => {
  test('a fresh run replaces the rows of its label and leaves the others', () => {
    const old = summarise({ ...header, commit: 'old0000' }, results);
    const other = summarise({ ...header, label: 'another' }, results.slice(0, 1));
    const merged = mergeSummaries([...old, ...other], summarise(header, results));
    expect(merged.map(({ label, kind, commit }) => `${kind} ${label} ${commit}`)).toEqual([
      'all tandem abc1234',
      'bugfix another abc1234',
      'bugfix tandem abc1234',
      'write tandem abc1234',
    ]);
  });
});

describe('plotSolved', () => {
  test('places the point by its share and escapes labels', () => {
    const svg = plotSolved(summarise({ ...header, label: 'a<b&c' }, results.slice(3)));
    expect(svg).toContain('a&lt;b&amp;c · write');
    expect(svg).toContain('<circle cx="670.0"');
    expect(svg).not.toContain('NaN');
  });
});

describe('withSection', () => {
  const document = '# Title\n\nBefore.\n\n<!-- bench:a -->\n\nold\n\n<!-- /bench:a -->\n\nAfter.\n';

  test('replaces its own section and nothing else', () => {
    expect(withSection(document, 'a', 'new')).toBe(document.replace('old', 'new'));
  });

  test('adds a section that is not there', () => {
    expect(withSection(document, 'b', 'text')).toBe(
      `${document}\n<!-- bench:b -->\n\ntext\n\n<!-- /bench:b -->\n`,
    );
  });

  test('changes nothing the second time', () => {
    const once = withSection(document, 'b', 'text');
    expect(withSection(once, 'b', 'text')).toBe(once);
  });
});
