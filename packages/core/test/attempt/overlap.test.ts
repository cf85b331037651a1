import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, type SessionChanges } from '../../src/attempt/overlap.ts';
import type { Span } from '../../src/attempt/spans.ts';

const span: fc.Arbitrary<Span> = fc
  .record({ from: fc.integer({ min: 1, max: 30 }), size: fc.nat(4) })
  .map(({ from, size }) => ({ from, to: from + size - 1 }));
const file = fc.record({
  path: fc.constantFrom('a.ts', 'b.ts', 'c.ts'),
  spans: fc.array(span, { maxLength: 4 }),
  symbols: fc.uniqueArray(fc.constantFrom('f', 'g', 'C.m'), { maxLength: 2 }),
});
const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 3 });
const changes = (session: string): fc.Arbitrary<SessionChanges> =>
  fc
    .record({ since: fc.constantFrom('2026-01-01', '2026-01-02'), files })
    .map((rest) => ({ session, ...rest }));
const pair = fc.tuple(changes('ses_a'), changes('ses_b'));

/** Lines and the gaps between them that a change takes: what stands on a line takes the gaps around it too. */
const gaps = ({ from, to }: Span): ReadonlySet<number> =>
  new Set(Array.from({ length: to - from + 2 }, (_, index) => from - 1 + index));

const touch = (a: Span, b: Span): boolean => [...gaps(a)].some((gap) => gaps(b).has(gap));

describe('overlaps', () => {
  it('are the paths that both change, at the narrowest level that both share', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const found = overlaps([a, b])[0]?.overlaps ?? [];
        const expected = a.files.flatMap((one) => {
          const other = b.files.find(({ path }) => path === one.path);
          if (other === undefined) return [];
          const lines = one.spans.some((x) => other.spans.some((y) => touch(x, y)));
          const symbols = one.symbols.some((symbol) => other.symbols.includes(symbol));
          return [[one.path, lines ? 'line' : symbols ? 'symbol' : 'file']];
        });
        expect(found.map(({ path, level }) => [path, level]).sort()).toEqual(expected.sort());
      }),
    );
  });

  it('do not depend on the order in which sessions are looked at', () => {
    fc.assert(
      fc.property(fc.tuple(changes('ses_a'), changes('ses_b'), changes('ses_c')), ([a, b, c]) => {
        const byPair = (all: readonly SessionChanges[]): unknown =>
          [...overlaps(all)].sort((x, y) => `${x.earlier}${x.later}`.localeCompare(`${y.earlier}${y.later}`));
        expect(byPair([c, a, b])).toEqual(byPair([a, b, c]));
      }),
    );
  });

  it('never become fewer when a session changes one more file', () => {
    fc.assert(
      fc.property(pair, file, ([a, b], more) => {
        fc.pre(!a.files.some(({ path }) => path === more.path));
        const count = (one: SessionChanges): number => overlaps([one, b])[0]?.overlaps.length ?? 0;
        expect(count({ ...a, files: [...a.files, more] })).toBeGreaterThanOrEqual(count(a));
      }),
    );
  });

  it('lines lie inside both changes, or at the seam between them', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        for (const { path, lines } of overlaps([a, b])[0]?.overlaps ?? []) {
          const spans = [a, b].map((one) => one.files.find((each) => each.path === path)?.spans ?? []);
          for (const { from, to } of lines) {
            expect(from).toBeLessThanOrEqual(to);
            for (const own of spans)
              expect(own.some((each) => from <= each.to + 1 && each.from - 1 <= to)).toBe(true);
          }
        }
      }),
    );
  });

  it('a session without changes is in nobody’s way', () => {
    fc.assert(
      fc.property(changes('ses_a'), (a) => {
        expect(overlaps([a, { session: 'ses_b', since: '2026-01-01', files: [] }])).toEqual([]);
      }),
    );
  });
});

describe('advice for the later one', () => {
  const one = (session: string, given: SessionChanges['files']): SessionChanges => ({
    session,
    since: session,
    files: given,
  });
  const at = (path: string, from: number, to: number, ...symbols: string[]) => ({
    path,
    spans: [{ from, to }],
    symbols,
  });

  it.each([
    ['wait: all that it does is there too', [at('a.ts', 3, 5, 'f')], 'wait'],
    ['wait: the same symbol, other lines', [at('a.ts', 20, 21, 'f')], 'wait'],
    ['split: a part of it', [at('a.ts', 4, 4, 'f'), at('b.ts', 1, 1)], 'split'],
    ['go on: the same file, elsewhere', [at('a.ts', 40, 41, 'g')], 'go on'],
    ['wait: lines side by side', [at('a.ts', 6, 7)], 'wait'],
    ['go on: one line between', [at('a.ts', 7, 7)], 'go on'],
  ] as const)('%s', (_, later, advice) => {
    const found = overlaps([one('ses_2', [...later]), one('ses_1', [at('a.ts', 3, 5, 'f')])]);
    expect(found.map((each) => [each.earlier, each.later, each.advice])).toEqual([
      ['ses_1', 'ses_2', advice],
    ]);
  });
});
