import { basename } from 'node:path';
import { type Command, hole, literal, type Word } from '../../shell/command.ts';

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

/** The words as text that a shell would read as the same words; holes stay in it. */
export const shellText = (words: readonly Word[]): Word => {
  const text = words
    .map((word) => (bare(word) ? word.text : `'${word.text.replaceAll("'", `'\\''`)}'`))
    .join(' ');
  return { ...literal(text), known: !text.includes(hole) };
};

const bare = ({ text, glob, quoted }: Word): boolean =>
  (glob && !quoted ? /^[\w./:@%+=,*?[\]-]+$/ : /^[\w./:@%+=,-]+$/).test(text);
