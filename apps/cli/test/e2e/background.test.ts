import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();
const call = (name: string, given: object) => ({ toolCalls: [{ name, arguments: given }] });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a server in the background runs on from step to step, and is gone with the session', async () => {
  const serve = 'echo $$ > pid; exec python3 -u -m http.server --bind 127.0.0.1 0';
  const model = machine.script('serve', [
    call('bash', { command: serve, background: true }),
    call('background', { id: 'bg_1' }),
    call('bash', { command: 'kill -0 $(cat pid) && echo alive' }),
    { text: 'Done.' },
  ]);
  const options = ['--model', model, '--permission-mode', 'bypass', '--output-format', 'stream-json'];
  const { code, out } = await machine.run(['exec', ...options, 'Serve']);
  expect(code).toBe(0);
  const outputs = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'tool.completed')
    .map(({ data }) => data.output as string);
  expect(outputs[0]).toMatch(/Serving HTTP on 127\.0\.0\.1[\s\S]*\(bg_1 runs\)/);
  expect(outputs[1]).toContain('(bg_1 runs)');
  expect(outputs[2]).toContain('alive');
  expect(isAlive(Number(machine.read('pid')))).toBe(false);

  const logs = globSync(join(machine.home, '.local/state/tandem/sessions/*/events.jsonl'));
  const events = logs.flatMap((log) =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  expect(events.at(-1)).toMatchObject({ type: 'background.ended', data: { id: 'bg_1', command: serve } });
});
