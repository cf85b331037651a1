import type { View, ViewApproval } from '@tandem/protocol';
import type { Screen } from '../app/screen.ts';
import { diffLines } from '../text/diff.ts';
import { indent, type Line, line, type Span, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { argumentsOf } from './item-lines.ts';

/** What is asked, what it would do, why the guard asks, and the keys. The question and the keys are never cut away. */
export const approvalLines = (
  screen: Screen,
  asked: ViewApproval,
  { width, most }: { readonly width: number; readonly most: number },
): readonly Line[] => {
  const inner = width - 2;
  const call = callOf(screen.view, asked);
  const head = wrap(line(span(titleOf(call?.name ?? '', asked), 'warn')), inner).slice(0, 3);
  const reasons = asked.reasons.flatMap((reason) => wrap(line(span('why: ', 'dim'), reason), inner));
  const keys = wrap(line(...keysOf(screen, asked)), inner);
  const body = bodyOf(screen.view, asked, inner);
  const free = Math.max(0, most - head.length - keys.length);
  const why = reasons.slice(0, Math.max(1, Math.floor(free / 2)));
  const room = Math.max(0, free - why.length);
  const cut = body.length > room;
  const shown = cut ? body.slice(0, Math.max(0, room - 1)) : body;
  const rest =
    cut && room > 0
      ? [line(span(`… ${body.length - shown.length} more lines: Ctrl-O shows all`, 'dim'))]
      : [];
  const bar = span('▌ ', 'warn');
  return indent([...head, ...shown, ...rest, ...why, ...keys], bar, bar);
};

type Call = { readonly name: string; readonly arguments: unknown };

const callOf = (view: View, asked: ViewApproval): Call | null => {
  for (const turn of view.turns.toReversed())
    for (const item of turn.items) if (item.type === 'tool_call' && item.callId === asked.callId) return item;
  return null;
};

const titleOf = (name: string, { question, reasons }: ViewApproval): string => {
  if (name === 'bash') return 'May this command run?';
  // The question ends in the reasons, which have lines of their own here.
  const tail = ` (${reasons.join('; ')})`;
  return question.endsWith(tail) ? question.slice(0, -tail.length) : question;
};

/** The diff of an edit, the command as it would run, else the arguments. */
export const bodyOf = (view: View, asked: ViewApproval, width: number): readonly Line[] => {
  if (asked.diff !== null) return diffLines(asked.diff, width);
  const given = callOf(view, asked)?.arguments ?? null;
  const command = (given as { readonly command?: unknown } | null)?.command;
  const [mark, text] = typeof command === 'string' ? ['  $ ', command] : ['  ', argumentsOf(given)];
  return text
    .split('\n')
    .flatMap((one) => wrap(line(span(mark, 'dim'), span(one, 'bold')), width, { exact: true }));
};

const keysOf = ({ denying }: Screen, { offer }: ViewApproval): readonly Span[] => {
  if (denying) return [span('Enter denies, Esc goes back', 'dim')];
  const keys = [span('a', 'accent'), span(' allow once  ')];
  if (offer !== null) keys.push(span('k', 'accent'), span(` ${offer.explain}  `));
  return [...keys, span('d', 'accent'), span(' deny, with words  '), span('Esc', 'accent'), span(' stop')];
};
