import type { Item } from '@tandem/protocol';
import { diffLines } from '../text/diff.ts';
import { indent, type Line, line, type Span, span } from '../text/line.ts';
import { markdown } from '../text/markdown.ts';
import type { Style } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';
import { commandOutput } from './output.ts';

export type Shown = { readonly width: number; readonly whole: boolean };

/** Lines of a diff and of output that are shown before Ctrl-O is asked for the rest. */
const diffLimit = 24;
const outputLimit = 4;

/** A finished item, or one that runs, as far as it is known. */
export const itemLines = (item: Item, shown: Shown): readonly Line[] => {
  switch (item.type) {
    case 'user_message':
      return promptLines(item.text, shown);
    case 'agent_message':
      return messageLines(item.text, shown).lines;
    case 'reasoning':
      return reasoningLines(item.text, shown);
    case 'tool_call':
      return toolLines(item, shown);
    case 'command':
      return commandLines(item, shown);
    case 'file_change':
      return changeLines(item, shown);
    case 'plan':
      return planLines(item);
    case 'compaction':
      return [
        line(span('✂ earlier work was summed up to make room', 'dim')),
        ...(shown.whole ? messageLines(item.summary, shown).lines : []),
      ];
  }
};

/** What a person wrote; a long one is folded, for it was pasted. */
export const promptLines = (text: string, { width, whole }: Shown): readonly Line[] => {
  const source = text.split('\n');
  const limit = whole ? source.length : 12;
  const lines = source.slice(0, limit).flatMap((one) => wrap(line(span(one, 'bold')), width - 2));
  const more = source.length > limit ? [line(span(`… ${source.length - limit} more lines`, 'dim'))] : [];
  return indent([...lines, ...more], span('❯ ', 'accent'), span('  '));
};

export const messageLines = (
  text: string,
  { width }: Pick<Shown, 'width'>,
): { readonly lines: readonly Line[]; readonly stable: number } => {
  const start = /^\s*\n/.exec(text)?.[0].length ?? 0;
  const { lines, stable } = markdown(text.slice(start).trimEnd(), width - 2);
  return { lines: indent(lines, span('● ', 'accent'), span('  ')), stable };
};

const reasoningLines = (text: string, { width, whole }: Shown): readonly Line[] => {
  const lines = text
    .trim()
    .split('\n')
    .flatMap((one) => wrap(line(span(one, 'dim')), width - 2));
  const few = whole ? lines : lines.slice(0, 2);
  const more = few.length < lines.length ? [line(span(`… thought for ${lines.length} lines`, 'dim'))] : [];
  return indent([...few, ...more], span('∴ ', 'dim'), span('  '));
};

const marks = {
  in_progress: ['◌', 'accent'],
  completed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  interrupted: ['■', 'warn'],
} as const satisfies Record<string, readonly [string, Style]>;

const markOf = (status: keyof typeof marks): Span => span(`${marks[status][0]} `, marks[status][1]);

type Of<Type extends Item['type']> = Extract<Item, { readonly type: Type }>;

const toolLines = (item: Of<'tool_call'>, { width, whole }: Shown): readonly Line[] => {
  const head = wrap(line(span(item.name, 'bold'), ` ${argumentsOf(item.arguments)}`), width - 2);
  const said = whole || item.status === 'failed' ? item.output : '';
  const body = commandOutput(said, {
    width: width - 4,
    limit: whole ? Number.POSITIVE_INFINITY : outputLimit,
  });
  const titled = indent(whole ? head : head.slice(0, 2), markOf(item.status), span('  '));
  return [...titled, ...indent(body, span('    '), span('    '))];
};

/** The arguments that say most, else all of them as they came. */
export const argumentsOf = (given: unknown): string => {
  if (typeof given !== 'object' || given === null) return '';
  const { path, command, pattern, url, glob, task } = given as Readonly<Record<string, unknown>>;
  const said = [command, pattern, path ?? glob, url, task].filter((one) => typeof one === 'string');
  const text = said.length > 0 ? said.join(' in ') : JSON.stringify(given);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
};

const commandLines = (item: Of<'command'>, { width, whole }: Shown): readonly Line[] => {
  const command = item.command.split('\n').flatMap((one) => wrap(line(span(one, 'bold')), width - 4));
  const shown = whole ? command : command.slice(0, 6);
  const head = indent(shown, span('$ ', 'dim'), span('  '));
  const ending = item.exit === null || item.exit === 0 ? [] : [line(span(`exit ${item.exit}`, 'bad'))];
  const body = commandOutput(item.output, {
    width: width - 4,
    limit: whole ? Number.POSITIVE_INFINITY : outputLimit,
  });
  return [
    ...indent(head, markOf(item.status), span('  ')),
    ...indent([...body, ...ending], span('    '), span('    ')),
  ];
};

const changeLines = (item: Of<'file_change'>, { width, whole }: Shown): readonly Line[] => {
  const several = item.files.length > 1;
  const heads = item.files.map(({ path, added, removed }) =>
    line(span(path, 'bold'), ' ', span(`+${added}`, 'added'), ' ', span(`−${removed}`, 'removed')),
  );
  const diff = diffLines(item.diff, width - 4, { files: several });
  const few = whole || diff.length <= diffLimit ? diff : diff.slice(0, diffLimit - 1);
  const more =
    few.length < diff.length ? [line(span(`… ${diff.length - few.length} more lines: Ctrl-O`, 'dim'))] : [];
  return [
    ...indent(
      heads.flatMap((head) => wrap(head, width - 2)),
      markOf(item.status),
      span('  '),
    ),
    ...indent([...few, ...more], span('    '), span('    ')),
  ];
};

const planLines = ({ steps }: Of<'plan'>): readonly Line[] =>
  steps.map(({ text, status }) => {
    if (status === 'completed') return line(span('☑ ', 'good'), span(text, 'dim'));
    if (status === 'in_progress') return line(span('▶ ', 'accent'), span(text, 'bold'));
    return line(span('☐ ', 'dim'), text);
  });
