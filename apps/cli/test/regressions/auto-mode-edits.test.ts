import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';

/** Without a verify command, a call without a command was taken for it, and so for allowed by a person. */
test('in auto mode without --verify an edit is judged, not taken for the verify command', async () => {
  const machine = new Machine();
  const text = `export const key = '${['AKIA', 'Q3EGRIZ7XWPLTM5D'].join('')}';\n`;
  const model = machine.script('mind', [
    { toolCalls: [{ name: 'write', arguments: { path: 'key.js', text } }] },
    { text: 'Done.' },
  ]);
  const { code } = await machine.run(['exec', '--model', model, '--permission-mode', 'auto', 'Go']);
  expect([code, machine.read('key.js')]).toEqual([3, null]);
});
