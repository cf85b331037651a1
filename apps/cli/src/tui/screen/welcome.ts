import type { Screen } from '../app/screen.ts';
import { indent, type Line, line, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';

const marks = { ok: ['✓ ', 'good'], poor: ['! ', 'warn'], bad: ['✗ ', 'bad'] } as const;

/** What a new session begins with. */
export const greetingLines = ({ place }: Screen, width: number): readonly Line[] => [
  ...wrap(line(span('tandem', 'heading'), span(` ${place.version}`, 'dim'), ` in ${place.cwd}`), width),
  ...wrap(
    line(
      span('/', 'accent'),
      ' commands  ',
      span('@', 'accent'),
      ' files  ',
      span('!', 'accent'),
      ' shell  ',
      span('?', 'accent'),
      ' keys  ',
      span('Shift-Tab', 'accent'),
      ' mode',
    ),
    width,
  ),
];

/** What was found on this machine, and how to mend what is missing. */
export const findingLines = (findings: Screen['findings'], width: number): readonly Line[] =>
  (findings ?? []).flatMap(({ mark, line: text }) => {
    const [sign, style] = marks[mark];
    return indent(wrap(line(text), width - 2), span(sign, style), span('  '));
  });

const keys: readonly (readonly [string, string])[] = [
  ['Enter', 'send; while it works: to the running turn'],
  ['Shift-Enter, Alt-Enter, Ctrl-J, \\ Enter', 'new line'],
  ['Esc', 'interrupt, or close what is open'],
  ['Esc Esc', 'go back to an earlier prompt'],
  ['Shift-Tab', 'next permission mode'],
  ['Ctrl-C', 'clear; twice: leave'],
  ['Ctrl-D', 'leave, where nothing is written'],
  ['↑ ↓, Ctrl-R', 'earlier prompts, search them'],
  ['Ctrl-O', 'the whole conversation with all output'],
  ['Ctrl-G, Ctrl-X E', 'write in your editor'],
  ['Ctrl-A Ctrl-E Ctrl-W Ctrl-U Ctrl-K Ctrl-Y', 'as in a shell'],
  ['Ctrl-_', 'undo in the text'],
  ['Ctrl-L', 'draw again'],
  ['Ctrl-Z', 'to the shell; fg brings it back'],
  ['@path', 'mention a file'],
  ['!command', 'run a command yourself; its output goes with the next prompt'],
  ['/', 'commands'],
];

export const keyLines = (width: number): readonly Line[] =>
  keys.flatMap(([name, what]) => wrap(line(span(name, 'accent'), `  ${what}`), width));
