import { type Bindings, keyActions, keyLabel } from '../app/keymap.ts';
import type { Screen } from '../app/screen.ts';
import { indent, type Line, line, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';

const marks = { ok: ['✓ ', 'good'], poor: ['! ', 'warn'], bad: ['✗ ', 'bad'] } as const;

/** What a new session begins with. */
export const greetingLines = ({ place }: Screen, width: number): readonly Line[] => [
  ...wrap(
    line(span('tandem', 'heading'), span(` ${place.version}`, 'dim'), ` in ${placeName(place)}`),
    width,
  ),
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

const placeName = ({ host, cwd }: Screen['place']): string => (host === null ? cwd : `${host}:${cwd}`);

/** What was found on this machine, and how to mend what is missing. */
export const findingLines = (findings: Screen['findings'], width: number): readonly Line[] =>
  (findings ?? []).flatMap(({ mark, line: text }) => {
    const [sign, style] = marks[mark];
    return indent(wrap(line(text), width - 2), span(sign, style), span('  '));
  });

const fixedKeys: readonly (readonly [string, string])[] = [
  ['Esc', 'interrupt, or close what is open'],
  ['Esc Esc', 'go back to an earlier prompt'],
  ['Ctrl-C', 'clear; twice: leave'],
  ['Ctrl-D', 'leave, where nothing is written'],
  ['↑ ↓', 'earlier prompts'],
  ['@path', 'mention a file'],
  ['!command', 'run a command yourself; its output goes with the next prompt'],
  ['/', 'commands'],
];

/** Those that every person has, then those that `[keys]` may give to others. */
export const keyLines = (bindings: Bindings, width: number): readonly Line[] =>
  [
    ...fixedKeys,
    ...keyActions.map(({ name, help }) => [keyLabel(bindings[name] ?? []), help] as const),
  ].flatMap(([name, what]) => wrap(line(span(name, 'accent'), `  ${what}`), width));
