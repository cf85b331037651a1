import { expect, test } from 'vitest';
import { commands } from '../../src/args/commands.ts';
import { Machine } from './tandem.ts';

const machine = new Machine();

test.concurrent.each(['', ...commands.map(({ name }) => name)])('help of tandem %s', async (name) => {
  const outcome = await machine.run([...(name === '' ? [] : [name]), '--help']);
  machine.expectGolden(`help-${name || 'main'}`, outcome);
});

test('the version, alone on stdout', async () => {
  expect(await machine.run(['--version'])).toEqual({
    code: 0,
    out: expect.stringMatching(/^tandem \d+\.\d+\.\d+\n$/),
    err: '',
  });
});

test('usage errors', async () => {
  const lines = [
    [],
    ['exec', '--modle', 'x', 'hello'],
    ['exec', '--attempts', 'many', 'hello'],
    ['exec'],
    ['exec', ''],
    ['sesions'],
    ['exec', '--cwd', 'nowhere', 'hello'],
    ['exec', '--sandbox', 'prison', 'hello'],
    ['exec', '--files', '../x', 'hello'],
    ['exec', '--output-schema', 'nowhere.json', 'hello'],
    ['exec', '--ephemeral', '--continue', 'hello'],
    ['exec', '--model', 'nobody/x', 'hello'],
    ['exec', '--model', 'scripted/nowhere.json', 'hello'],
    ['resume'],
    ['undo', 'twice'],
    ['judge'],
    ['review', '--help'],
    ['serve', '--port', 'any'],
    ['serve', 'phone'],
  ];
  const outcomes = await Promise.all(
    lines.map(async (words) => {
      const { code, out, err } = await machine.run(words);
      return `$ tandem ${words.join(' ')}\n[${code}] ${out}${words.length === 0 ? '(help)\n' : err}`;
    }),
  );
  expect(outcomes.filter((outcome) => !outcome.includes('\n[2] '))).toEqual([]);
  machine.expectGolden('usage-errors', { code: 2, out: '', err: outcomes.join('') });
});
