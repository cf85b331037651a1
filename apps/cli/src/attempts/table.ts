import type { AttemptsReport } from '@tandem/protocol';
import { percent, sizeWords } from './report.ts';

type Row = AttemptsReport['attempts'][number];

/** Below this the columns do not fit, and each attempt is a few lines of its own. */
const leastForColumns = 72;

const headings = ['Verify', 'Breaks', 'Checks', 'Agree', 'Diff', 'Time'] as const;
/** Width of each, and of what stands before them but for the name. */
const widths = [8, 6, 6, 5, 11, 8] as const;
const before = 4;

/** The attempts for a person: a row each, how the choice was made, and what is in the way. Every line fits. */
export const tableOf = (report: AttemptsReport, columns: number): string => {
  const rows = report.attempts.flatMap((row) => rowLines(report, row, columns));
  const overlaps = report.overlaps.map(
    ({ attempt, with: other, advice, why }) =>
      `overlap: attempt ${attempt ?? '?'} and ${other}: ${advice} (${why})`,
  );
  const notes = [
    ...report.steps,
    ...(report.stopped === null ? [] : [`stopped early: ${report.stopped}`]),
    ...(report.sandbox === null ? [] : [sandboxWords(report.sandbox)]),
    ...overlaps,
  ];
  const head = columns < leastForColumns ? [] : [headLine(columns)];
  return [...head, ...rows, '', ...notes.flatMap((note) => wrapped(note, columns, ''))]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
};

const sandboxWords = ({ profile, level }: { readonly profile: string; readonly level: string }): string =>
  level === 'none' ? 'sandbox: none; verify ran with your own rights' : `sandbox: ${profile} by ${level}`;

const nameWidth = (columns: number): number =>
  columns - before - widths.reduce((sum, width) => sum + width + 2, 0);

const headLine = (columns: number): string =>
  ' '.repeat(before) +
  'Attempt'.padEnd(nameWidth(columns)) +
  headings.map((name, index) => `  ${name.padStart(widths[index] ?? 0)}`).join('');

const rowLines = (report: AttemptsReport, row: Row, columns: number): readonly string[] => {
  const start = `${row.chosen ? '*' : ' '}${String(row.number).padStart(2)} `;
  const name = nameOf(report, row);
  const narrow = columns < leastForColumns;
  const said = narrow ? whyOf(row) : `${whyOf(row)} · ${tokenWords(row)}`;
  const why = wrapped(said, columns, ' '.repeat(before + 2));
  if (narrow) {
    const cells = headings.map((heading, index) => `${heading.toLowerCase()} ${cellsOf(row)[index]}`);
    const facts = wrapped([...cells, tokenWords(row)].join(', '), columns, ' '.repeat(before));
    return [start + cut(name, columns - before), ...facts, ...why];
  }
  const width = nameWidth(columns);
  const cells = cellsOf(row).map(
    (cell, index) => `  ${cut(cell, widths[index] ?? 8).padStart(widths[index] ?? 0)}`,
  );
  return [start + cut(name, width).padEnd(width) + cells.join(''), ...why];
};

/** What it was told apart by: the words that were tried, the model where there are several, else its seed. */
const nameOf = ({ attempts }: AttemptsReport, { hypothesis, model, seed }: Row): string => {
  const several = new Set(attempts.map((one) => one.model)).size > 1;
  if (hypothesis !== null) return clean(several ? `${hypothesis} (${model})` : hypothesis);
  return clean(several ? model : `seed ${seed}`);
};

const cellsOf = (row: Row): readonly string[] => [
  verifyWords(row),
  row.status === 'verified' ? String(row.regressions.length) : '–',
  row.checks === null ? '–' : `${row.checks.held}/${row.checks.total}`,
  percent(row.agreement),
  row.status === 'verified' ? sizeWords(row) : '–',
  `${(row.ms / 1000).toFixed(1)} s`,
];

const verifyWords = ({ status, verify, flaky, error }: Row): string => {
  if (error?.code === 'interrupted') return 'ended';
  if (status !== 'verified') return status === 'open' ? 'not yet' : 'failed';
  if (flaky) return 'flaky';
  if (verify === null) return 'none';
  return verify.exit === 0 ? 'pass' : `exit ${verify.exit}`;
};

const whyOf = (row: Row): string => {
  const said = row.error?.message ?? (row.why === '' ? row.note : row.why);
  const state = row.landed ? ['in your files'] : row.discarded ? ['discarded'] : [];
  const chosen = row.chosen ? [`chosen: ${said}`] : [said || 'not made yet'];
  return clean([...chosen, ...state].join(' · '));
};

const tokenWords = ({ tokens }: Row): string => `${thousands(tokens.in)} in, ${thousands(tokens.out)} out`;

const thousands = (count: number): string => (count < 1000 ? String(count) : `${(count / 1000).toFixed(1)}k`);

/** Text of models, tests and files may hold anything; on a terminal it is text and nothing else. */
export const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();

export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Lines of at most so many characters, broken at blanks where there are any; six at most. */
export const wrapped = (text: string, columns: number, indent: string): readonly string[] => {
  const width = columns - indent.length;
  const lines: string[] = [];
  let rest = clean(text);
  while (rest.length > width && lines.length < 5) {
    const at = rest.lastIndexOf(' ', width);
    const end = at > width / 3 ? at : width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '') lines.push(cut(rest, width));
  return lines.map((line) => indent + line);
};
