import { createParser } from '@tandem/syntax';
import type { Command } from '../../src/shell/command.ts';
import { readScript, type Script } from '../../src/shell/read-script.ts';

const parse = await createParser('bash');

export const scriptOf = (text: string): Script =>
  readScript(text, { parse, workspace: '/home/user/project', home: '/home/user', cwd: '/home/user/project' });

/** A command as one line: wrappers, machine, folder, environment, words; `…` for what is not known, `*` behind a pattern. */
export const lineOf = (command: Command): string =>
  [
    ...command.wrappers.map((wrapper) => `<${wrapper}>`),
    command.elsewhere === null ? '' : `@${command.elsewhere}`,
    command.cwd === '/home/user/project' ? '' : `[${command.cwd}]`,
    ...Object.entries(command.env).map(([name, value]) => `${name}=${value.text}`),
    command.name ?? '?',
    ...command.args.map((word) => `${word.text}${word.glob ? ' (names)' : ''}`),
    ...command.redirects.map(({ operator, target }) => `${operator}${target.text}`),
    command.stdin.type === 'text' ? `<<${command.stdin.text.text.trimEnd()}` : '',
  ]
    .filter((piece) => piece !== '')
    .join(' ')
    .replaceAll('\uFFFC', '…');

export const linesOf = (text: string): readonly string[] => scriptOf(text).commands.map(lineOf);
