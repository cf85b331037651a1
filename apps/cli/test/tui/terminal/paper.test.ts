import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Paper } from '../../../src/tui/terminal/paper.ts';

const columns = 20;

const emulator = (rows: number) =>
  new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5_000 });
const feed = (to: InstanceType<typeof xterm.Terminal>, text: string): Promise<void> =>
  new Promise((resolve) => to.write(text, resolve));
const all = (of: InstanceType<typeof xterm.Terminal>): readonly string[] =>
  Array.from(
    { length: of.buffer.active.length },
    (_, row) => of.buffer.active.getLine(row)?.translateToString(true) ?? '',
  );

const lines = (least: number, most: number) =>
  fc.array(fc.stringMatching(/^[a-z]{0,19}$/), { minLength: least, maxLength: most });

test('whatever is painted, the terminal shows all that was committed and then what is live, each line once', async () => {
  const steps = fc.array(
    fc.record({ commit: lines(0, 9), live: lines(1, 6), row: fc.nat(5), column: fc.nat(19) }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 6, max: 12 }), fc.nat(4), steps, async (rows, before, pictures) => {
      const terminal = emulator(rows);
      await feed(terminal, 'x\r\n'.repeat(before));
      const paper = new Paper({ columns, rows });
      const committed: string[] = [];
      for (const { commit, live, row, column } of pictures) {
        committed.push(...commit);
        const cursor = { row: Math.min(row, live.length - 1), column };
        await feed(terminal, paper.paint({ commit, live, cursor }));
        const expected = [...Array(before).fill('x'), ...committed, ...live];
        const shown = all(terminal);
        // Below a live part that has shrunk, blank rows stay.
        expect([
          ...shown.slice(0, expected.length),
          ...shown.slice(expected.length).filter((text) => text !== ''),
        ]).toEqual(expected);
        const { baseY, cursorX, cursorY } = terminal.buffer.active;
        expect([baseY + cursorY, cursorX]).toEqual([before + committed.length + cursor.row, column]);
      }
      await feed(terminal, paper.end());
      expect(all(terminal).join('\n').trimEnd()).toBe(
        [...Array(before).fill('x'), ...committed].join('\n').trimEnd(),
      );
    }),
    { numRuns: 60 },
  );
});

test('a key costs one line', () => {
  const paper = new Paper({ columns, rows: 10 });
  const above = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  paper.paint({ commit: above, live: ['rule', 'a', 'rule', 'status'], cursor: { row: 1, column: 1 } });
  const written = paper.paint({
    commit: [],
    live: ['rule', 'ab', 'rule', 'status'],
    cursor: { row: 1, column: 2 },
  });
  expect(written.length).toBeLessThan(60);
  expect(written).not.toContain('status');
});
