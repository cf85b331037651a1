import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../src/index.ts';

const line = fc.constantFrom('a = 1\n', 'b = 2\n', 'c = 3\n', 'def f():\n', '    return a\n', '\n', '}\n');
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(''));
const merge = (base: string, ours: string, theirs: string, path = 'code.py') =>
  mergeTexts({ path, base, ours, theirs });

describe('mergeTexts', () => {
  it('gives the side that changed where the other did not', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (base, side) => {
        expect((await merge(base, side, base)).text).toBe(side);
        expect((await merge(base, base, side)).text).toBe(side);
        expect((await merge(base, side, side)).text).toBe(side);
      }),
      { numRuns: 60 },
    );
  });

  it('lists every line that a side added and that is not in a text without conflict', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (base, ours, theirs) => {
        const merged = await merge(base, ours, theirs);
        const has = new Set(merged.text.split('\n').map((one) => one.trim()));
        const listed = new Set(merged.dropped.map((one) => one.text.trim()));
        const old = new Set(base.split('\n').map((one) => one.trim()));
        for (const one of `${ours}${theirs}`.split('\n').map((added) => added.trim()))
          if (one !== '' && !old.has(one)) expect(has.has(one) || listed.has(one)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('puts markers around what is open, and nowhere else', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (base, ours, theirs) => {
        const merged = await merge(base, ours, theirs);
        const markers = merged.text.split('\n').filter((one) => /^(?:<{7}|>{7}) /.test(one));
        expect(markers).toHaveLength(2 * merged.open.length);
      }),
      { numRuns: 100 },
    );
  });

  it('takes changes of both sides to lines that are apart', async () => {
    const base = 'one\ntwo\nthree\nfour\nfive\n';
    const merged = await merge(base, base.replace('one', 'ONE'), base.replace('five', 'FIVE'), 'notes.txt');
    expect(merged).toMatchObject({ text: 'ONE\ntwo\nthree\nfour\nFIVE\n', open: [], dropped: [] });
  });

  it('leaves two different values of one setting to a person', async () => {
    const merged = await merge('limit = 1\n', 'limit = 2\n', 'limit = 3\n');
    expect(merged.open).toHaveLength(1);
    expect(merged.text).toContain('<<<<<<< ours\nlimit = 2\n');
    expect(merged.text).toContain('limit = 3\n>>>>>>> theirs\n');
  });

  it('keeps line ends as ours has them', async () => {
    const base = 'one\r\ntwo\r\nthree\r\n';
    const merged = await merge(base, base.replace('one', 'ONE'), base.replace('three', 'THREE'));
    expect(merged.text).toBe('ONE\r\ntwo\r\nTHREE\r\n');
  });
});
