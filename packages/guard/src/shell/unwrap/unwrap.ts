import type { Command, Word } from '../command.ts';
import { executorTable } from './executors.ts';
import type { Inner } from './inner.ts';
import { prefixTable } from './prefixes.ts';
import { shells, unwrapShell } from './shells.ts';

/** What a command runs instead of, or beside, itself. `input` gives the text on its input, as far as known. */
export const unwrap = (command: Command, input: () => Word): readonly Inner[] => {
  const { name } = command;
  if (name === null) return [];
  if (shells.has(name)) return unwrapShell(command, input);
  const table = Object.hasOwn(prefixTable, name)
    ? prefixTable[name]
    : Object.hasOwn(executorTable, name)
      ? executorTable[name]
      : undefined;
  return table === undefined ? [] : table(command, input);
};
