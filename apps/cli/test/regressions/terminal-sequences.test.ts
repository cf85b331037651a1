import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';
import { Terminal } from '../tui/terminal.ts';

const bin = join(import.meta.dirname, '../../../../bin/tandem');

/** Only the terminal screen cleaned what it drew: answers and names printed by the other commands spoke to the terminal. */
test('text of a model or a repository does not speak to the terminal outside of the screen either', async () => {
  const machine = new Machine();
  const evil = '\x1b]0;owned\x07\x1b[2Jname';
  machine.write('.mcp.json', JSON.stringify({ mcpServers: { [evil]: { command: 'true' } } }));
  const model = machine.script('mind', [{ text: `one\n\t${evil}` }]);
  const rawOf = async (...words: string[]): Promise<string> => {
    const env = { PATH: process.env.PATH, HOME: machine.home, LC_ALL: 'C.UTF-8', CI: '1' };
    const terminal = new Terminal([bin, ...words], { cwd: machine.workspace, env });
    await terminal.ended;
    return terminal.raw;
  };
  const outputs = [await rawOf('mcp', 'list'), await rawOf('exec', '--model', model, 'Go')];
  expect(outputs.filter((raw) => raw.includes('\x1b'))).toEqual([]);
  expect(outputs[0]).toContain('name: its name may hold');
  expect(outputs[1]).toContain('one\r\n\tname\r\n');
});
