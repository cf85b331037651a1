import { basename } from 'node:path';
import type { Command, Word } from '../src/shell/command.ts';

/** A word of a test: known text, unquoted. */
export const word = (text: string): Word => ({
  text,
  known: !text.includes('\uFFFC'),
  glob: /[*?[]/.test(text),
  quoted: false,
});

/** A command from words split at blanks ('single quotes' keep them): for tests of descriptions alone. */
export const commandOf = (text: string, overrides: Partial<Command> = {}): Command => {
  const [program = '', ...args] = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2]!,
  );
  return {
    name: basename(program),
    program: word(program),
    args: args.map(word),
    redirects: [],
    env: {},
    cwd: '/home/user/project',
    stdin: { type: 'none' },
    pipedTo: null,
    wrappers: [],
    elsewhere: null,
    source: text,
    ...overrides,
  };
};
