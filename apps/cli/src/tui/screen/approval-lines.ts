import type { AskedField, View, ViewApproval } from '@tandem/protocol';
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
  const body =
    asked.fields === undefined || asked.diff !== null
      ? bodyOf(screen.view, asked, inner)
      : fieldLines(screen, { fields: asked.fields, width: inner });
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

const titleOf = (name: string, { question, reasons, fields }: ViewApproval): string => {
  if (fields !== undefined) return question;
  if (name === 'bash') return 'May this command run?';
  // The question ends in the reasons, which have lines of their own here.
  const tail = ` (${reasons.join('; ')})`;
  return question.endsWith(tail) ? question.slice(0, -tail.length) : question;
};

/** What a program wants to be told: what was said last, what is asked for now, then the rest. */
const fieldLines = (
  { form }: Screen,
  { fields, width }: { readonly fields: readonly AskedField[]; readonly width: number },
): readonly Line[] => {
  const at = form?.at ?? -1;
  return fields.slice(Math.max(0, at - 1)).flatMap((field) => {
    const index = fields.indexOf(field);
    const said = index < at ? [span(` ${form?.values[field.name] ?? ''}`, 'dim')] : [];
    const title = span(field.title, index === at ? 'bold' : 'plain');
    const shape = span(` ${shapeOf(field)}`, 'dim');
    return indent(
      wrap(line(title, shape, ...said), width - 2),
      span(index === at ? '› ' : '  ', 'accent'),
      span('  '),
    );
  });
};

const shapeOf = ({ kind, options = [], required }: AskedField): string => {
  const titles = options.map(({ title }) => title).join(', ');
  const shape = { choice: `one of ${titles}`, choices: `some of ${titles}` }[kind as string] ?? kind;
  return `(${shape}${required ? '' : ', may be empty'})`;
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

const keysOf = ({ denying, form }: Screen, { offer, fields }: ViewApproval): readonly Span[] => {
  if (denying) return [span('Enter denies, Esc goes back', 'dim')];
  if (form !== null) return [span('Enter takes what is written, Esc goes back', 'dim')];
  if (fields !== undefined)
    return [
      ...[span('a', 'accent'), span(fields.length === 0 ? ' yes  ' : ' answer  '), span('d', 'accent')],
      ...[span(' say no  '), span('Esc', 'accent'), span(' stop')],
    ];
  const keys = [span('a', 'accent'), span(' allow once  ')];
  if (offer !== null) keys.push(span('k', 'accent'), span(` ${offer.explain}  `));
  return [...keys, span('d', 'accent'), span(' deny, with words  '), span('Esc', 'accent'), span(' stop')];
};
