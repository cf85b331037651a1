import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectFrame, Terminal } from '../tui/terminal.ts';
import { repository } from './repository.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const file = (...rates: readonly string[]): string =>
  rates.map((rate, index) => `export const rate${index} = ${rate};\n${'\n'.repeat(12)}`).join('');

const begun = (
  options: { readonly columns?: number; readonly rows?: number; readonly editor?: string } = {},
) => {
  const place = repository(
    { 'rates.js': file('1', '1', '1', '1'), 'old.txt': 'old\n' },
    { 'rates.js': file('2', '2', '2', '2'), 'old.txt': null },
    { 'rates.js': file('3', '3', '3', '3'), 'old.txt': 'changed\n' },
  );
  const editor = join(place.machine.home, 'editor');
  writeFileSync(editor, `#!/bin/sh\n${options.editor ?? 'exit 1'}\n`);
  chmodSync(editor, 0o755);
  const terminal = new Terminal([bin, 'merge', 'topic'], {
    ...options,
    cwd: place.machine.workspace,
    env: { PATH: process.env.PATH, HOME: place.machine.home, LC_ALL: 'C.UTF-8', EDITOR: editor },
  });
  const press = async (key: string, then: string): Promise<void> => {
    terminal.type(key);
    await terminal.shows(then);
  };
  return { ...place, terminal, press };
};

test.each([
  [80, 24],
  [40, 16],
] as const)('hunk by hunk in a terminal of %i columns', async (columns, rows) => {
  const { machine, git, terminal, press } = begun({
    columns,
    rows,
    editor: 'echo "export const rate3 = 99;" > "$1"',
  });
  await terminal.shows('1/5 rates.js:1');
  expectFrame(`merge-ask-${columns}`, terminal.screen());
  await press('o', '2/5');
  await press('t', '3/5');
  await press('B', '4/5');
  await press('e', '5/5 old.txt');
  expectFrame(`merge-ask-path-${columns}`, terminal.screen());
  terminal.type('t');
  expect(await terminal.ended).toBe(0);
  expect(terminal.modesAtEnd()).toBe('canonical');
  expect(machine.read('rates.js')).toBe(
    file('2', '3', '3', '99').replace('rate2 = 3;\n', 'rate2 = 3;\nexport const rate2 = 2;\n'),
  );
  expect([machine.read('old.txt'), git('status', '--porcelain')]).toEqual(['changed\n', '']);
  expect(terminal.history()).toContain('Merged topic as');
});

test('q leaves everything as it was', async () => {
  const { git, terminal, press } = begun();
  const before = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
  await terminal.shows('1/5');
  await press('o', '2/5');
  terminal.type('q');
  expect(await terminal.ended).toBe(1);
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual(before);
  expect(terminal.history()).toContain('is taken back; nothing of yours has changed');
});

test('what is skipped stays open, and is asked about again', async () => {
  const { machine, terminal, press } = begun();
  await terminal.shows('1/5');
  for (const [key, then] of ['o2', 's3', 'o4', 'o5'].map((both) => [both[0] ?? '', `${both[1]}/5`] as const))
    await press(key, then);
  terminal.type('o');
  expect(await terminal.ended).toBe(1);
  expect(terminal.history()).toContain('1 conflict is open');
  const again = new Terminal([bin, 'merge', '--continue'], {
    cwd: machine.workspace,
    env: { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8' },
  });
  await again.shows('1/1 rates.js');
  again.type('t');
  expect(await again.ended).toBe(0);
  expect(machine.read('rates.js')).toBe(file('2', '3', '2', '2'));
});

test('Ctrl-C keeps the merge and gives the terminal back; an editor that is left decides nothing', async () => {
  const { machine, terminal } = begun();
  await terminal.shows('1/5');
  terminal.type('e');
  await terminal.until(() => terminal.raw.split('1/5').length > 2, 'the screen after the editor');
  terminal.resize(60, 20);
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  expect(terminal.modesAtEnd()).toBe('canonical');
  expect(await machine.run(['merge', '--abort'])).toMatchObject({ code: 0 });
});
