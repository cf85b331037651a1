import { basename } from 'node:path';
import type { Command, Word } from '../../shell/command.ts';

/** The command that `words` name, run from inside `command`; null where there is none. */
export const innerCommand = (words: readonly Word[], command: Command): Command | null => {
  const [program, ...args] = words;
  if (!program) return null;
  return {
    name: program.known ? basename(program.text).replace(/\.(?:exe|cmd|bat)$/, '') : null,
    program,
    args,
    redirects: [],
    env: command.env,
    cwd: command.cwd,
    stdin: { type: 'none' },
    pipedTo: null,
    wrappers: [...command.wrappers, command.name ?? ''],
    elsewhere: command.elsewhere,
    source: words.map(({ text }) => text).join(' '),
  };
};
