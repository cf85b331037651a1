import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();

test('the catalogue, with what is used', async () => {
  machine.expectGolden('model-list', await machine.run(['model', 'list']));
  const { out } = await machine.run(['model', 'list', '--json']);
  expect(JSON.parse(out)[0]).toMatchObject({ id: 'local/qwen2.5-coder-1.5b', state: 'absent', used: true });
});

test('model use is remembered, and comments in the config are kept', async () => {
  const folder = join(machine.home, '.config/tandem');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.toml'), '# mine\nattempts = 3\n');
  const chosen = machine.script('chosen', [{ text: 'Chosen.' }]);
  expect((await machine.run(['model', 'use', chosen])).code).toBe(0);
  expect(readFileSync(join(folder, 'config.toml'), 'utf8')).toBe(
    `model = "${chosen}"\n# mine\nattempts = 3\n`,
  );
  expect((await machine.run(['exec', 'Who?'])).out).toBe('Chosen.\n');
  expect((await machine.run(['model', 'use', 'gpt'])).code).toBe(2);
});

test('doctor says what works, one line each, and never loads the weights', async () => {
  const { code, out } = await new Machine().run(['doctor']);
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => !/^(ok {4}|poor {2})\S/.test(line))).toEqual([]);
  expect(out).toMatch(/^ok {4}node 2\d\./);
  expect(out).toMatch(/poor {2}model local\/qwen2\.5-coder-1\.5b is not on disk yet; run: tandem model pull/);
});

test('doctor exits 1 where sessions cannot be kept', async () => {
  const file = join(machine.home, 'a-file');
  writeFileSync(file, '');
  const { code, out } = await machine.run(['doctor'], { env: { XDG_STATE_HOME: file } });
  expect([code, out]).toEqual([1, expect.stringContaining('bad ')]);
});

test('a damaged config file is named, with exit 2; what runs nothing goes on without it', async () => {
  const other = new Machine();
  mkdirSync(join(other.home, '.config/tandem'), { recursive: true });
  writeFileSync(join(other.home, '.config/tandem/config.toml'), 'model = [\n');
  const { code, err } = await other.run(['exec', 'x']);
  expect([code, err]).toEqual([2, expect.stringContaining('config.toml')]);
  const listed = await other.run(['sessions']);
  expect([listed.code, listed.err]).toEqual([0, expect.stringContaining('config.toml')]);
  const seen = await other.run(['doctor']);
  expect(seen.code).toBe(1);
  expect(seen.out).toMatch(/^bad {3}.*config\.toml/m);
  expect(seen.out).toMatch(/^ok {4}node .*/m);
});

test.each([
  ['local/nope', 'the catalogue has only'],
  ['anthropic/some', 'ANTHROPIC_API_KEY'],
  ['openai/some', 'OPENAI_API_KEY'],
  ['ollama/some', 'OLLAMA_HOST'],
])('%s, which is not set up, is a matter of configuration', async (model, advice) => {
  // No port that fetch refuses by itself, and none that a test is given.
  const env = { OLLAMA_HOST: 'http://127.0.0.1:1023', ANTHROPIC_API_KEY: '', OPENAI_API_KEY: '' };
  const { code, err } = await new Machine().run(['exec', '--model', model, 'Go'], { env });
  expect([code, err]).toEqual([2, expect.stringContaining(advice)]);
});
