import type { MergeReport, OpenHunk, PathConflict } from '@tandem/workspace';
import { emptyLine, type Line, line, pad, span } from '../tui/text/line.ts';
import type { Style } from '../tui/text/style.ts';
import { wrap } from '../tui/text/wrap.ts';

/** One question to a person: a hunk, or who moved or deleted a path. */
export type Question =
  | { readonly type: 'hunk'; readonly hunk: OpenHunk }
  | { readonly type: 'path'; readonly conflict: PathConflict };

export const questionsOf = ({ open, openPaths }: MergeReport): readonly Question[] => [
  ...open.map((hunk): Question => ({ type: 'hunk', hunk })),
  ...openPaths.map((conflict): Question => ({ type: 'path', conflict })),
];

type Asked = {
  readonly report: MergeReport;
  readonly question: Question;
  /** 1-based, of so many. */
  readonly number: number;
  readonly count: number;
};

/** Everything about one question at a width from 40 columns up; no text of it is cut off. */
export const questionLines = (asked: Asked, width: number): readonly Line[] => {
  const { question, number, count } = asked;
  const where =
    question.type === 'hunk'
      ? `${question.hunk.path}:${question.hunk.line}${question.hunk.kind === 'add/add' ? ' (both added it)' : ''}`
      : `${question.conflict.paths.join(', ')} (${question.conflict.kind})`;
  return [
    ...wrap(line(span(`${number}/${count} `, 'dim'), span(where, 'bold')), width),
    emptyLine,
    ...(question.type === 'hunk'
      ? hunkLines(asked, question.hunk, width)
      : pathLines(question.conflict, width)),
  ];
};

/** What may be pressed, in words. */
export const keyLines = (
  { question, scrolls }: Pick<Asked, 'question'> & { readonly scrolls?: boolean },
  width: number,
): readonly Line[] => {
  const own =
    question.type === 'hunk' ? hunkKeys : question.conflict.choices.map(({ choice }) => keyOf[choice]);
  const keys = [...own, 's skip', 'q quit', ...(scrolls ? ['↑↓ more'] : [])].map((key) =>
    key.replaceAll(' ', unbroken),
  );
  return wrap(line(span(keys.join('  '), 'accent')), width);
};

/** A key and its word stay on one line. */
const unbroken = '\u{a0}';
const keyOf = { ours: 'o ours', theirs: 't theirs', both: 'b both' } as const;
const hunkKeys = [keyOf.ours, keyOf.theirs, 'b both, ours first', 'B both, theirs first', 'e edit'];

const separator = ' │ ';

const hunkLines = ({ report }: Asked, { hunk }: OpenHunk, width: number): readonly Line[] => {
  const room = Math.floor((width - 2 * separator.length) / 3);
  const pane = (title: string, text: string, others: readonly string[], style: Style): readonly Line[] => {
    const known = new Set(others.flatMap((other) => linesOf(other)));
    const lines = linesOf(text);
    return [
      ...wrap(line(span(title, 'heading')), room),
      ...(lines.length === 0 ? [line(span('(nothing)', 'dim'))] : []),
      ...lines.flatMap((one) =>
        one === ''
          ? [emptyLine]
          : wrap(line(span(one, known.has(one) ? 'plain' : style)), room, { exact: true }),
      ),
    ];
  };
  const { base, ours, theirs } = hunk;
  const panes = [
    pane('base', base, [ours, theirs], 'removed'),
    pane(`ours: ${report.into.name}`, ours, [base], 'added'),
    pane(`theirs: ${report.from.name}`, theirs, [base], 'added'),
  ];
  const height = Math.max(...panes.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_, row): Line => {
    const cells = panes.map((lines) => pad(lines[row] ?? emptyLine, room));
    return cells.flatMap((cell, index) => (index === 0 ? cell : [span(separator, 'dim'), ...cell]));
  });
  const around = (text: string, from: number, to?: number): readonly Line[] =>
    linesOf(text)
      .slice(from, to)
      .flatMap((one) => wrap(line(span(one, 'dim')), width, { exact: true }));
  return [...around(hunk.before, -shown), ...rows, ...around(hunk.after, 0, shown)];
};

/** Undisputed lines on either side: enough to know where one is. */
const shown = 3;

const linesOf = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

const pathLines = ({ said, choices }: PathConflict, width: number): readonly Line[] => [
  ...said.flatMap((text) => wrap(line(text), width)),
  emptyLine,
  ...choices.flatMap(({ choice, meaning }) => wrap(line(span(`${choice}: `, 'bold'), meaning), width)),
];
