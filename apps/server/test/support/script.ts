import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

let count = 0;

/** A scripted model of its own that writes a word into sum.txt; its id. `delayMs` lies between its two steps. */
export const tillModel = (folder: string, word: string, delayMs = 0): string => {
  count += 1;
  const file = join(folder, `model-${count}.json`);
  const turns = [
    {
      match: '^Set|^The server was',
      toolCalls: [{ name: 'write', arguments: { path: 'sum.txt', text: `${word}\n` } }],
    },
    // More than one: where the check fails, it is asked again.
    ...Array.from({ length: 8 }, () => ({ text: 'The till is right.', delayMs })),
  ];
  writeFileSync(file, JSON.stringify({ turns, facts: {} }));
  return `scripted/${file}`;
};

/** A scripted model that runs one command; its id. */
export const commandModel = (folder: string, command: string): string => {
  count += 1;
  const file = join(folder, `model-${count}.json`);
  const turns = [{ match: '^Set', toolCalls: [{ name: 'bash', arguments: { command } }] }, { text: 'Done.' }];
  writeFileSync(file, JSON.stringify({ turns, facts: {} }));
  return `scripted/${file}`;
};
