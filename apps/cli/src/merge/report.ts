import type { MergeReport, PathConflict } from '@tandem/workspace';
import { clean } from '../tui/text/cells.ts';

/** Rows past which a list is cut; the JSON and the note have all of it. */
const maxRows = 40;

/** What a merge did, for a person: what was settled how, what is open and what to do next. */
export const mergeText = (report: MergeReport): string => {
  const { status } = report;
  switch (status) {
    case 'up_to_date':
      return `Already up to date: ${shown(report.from.name)} is in this branch.\n`;
    case 'abandoned':
      return `The merge of ${shown(report.from.name)} is taken back; nothing of yours has changed.\n`;
    case 'merged':
      return `${mergedText(report)}`;
    case 'open':
      return openText(report);
    case 'verify_failed':
      return blocks(
        [
          `${shown(report.from.name)} is merged, and verify fails on it (exit ${report.verify?.exit}). Nothing of yours has changed.`,
        ],
        indented((report.verify?.output ?? '').trimEnd().split('\n').slice(-20)),
        settledRows(report),
        wayOn(report),
      );
    case 'hook_failed':
      return blocks(indented(report.notes), ['Nothing of yours has changed.'], wayOn(report));
  }
};

const mergedText = (report: MergeReport): string => {
  const { from, commit, changed, conflicted, verify, notes, dropped } = report;
  const files = `${count(changed, 'file')} changed, ${conflicted.length} of them in conflict`;
  return blocks(
    [`Merged ${shown(from.name)} as ${commit?.slice(0, 10)}: ${files}.`],
    settledRows(report),
    dropped.length === 0
      ? []
      : cut(
          ['Lines that one side added and the merge does not have:'],
          dropped.map(
            ({ side, path, line, text }) => `  ${side} ${shown(path)}:${line}  ${clean(text.trim())}`,
          ),
        ),
    indented(notes),
    [
      verify === null ? 'Not verified: no --verify was given.' : `Verified: ${clean(verify.command)}`,
      'Back: git reset --keep ORIG_HEAD',
    ],
  );
};

const openText = (report: MergeReport): string => {
  const { open, openPaths, files } = report;
  const rows = files.flatMap(({ path, file }) => {
    const hunks = open.filter((one) => one.path === path);
    return hunks.length === 0
      ? []
      : [
          `  ${shown(path)}: ${count(hunks.length, 'hunk')}, line ${hunks.map(({ line }) => line).join(', ')}`,
          `    ${file}`,
        ];
  });
  const all = open.length + openPaths.length;
  return blocks(
    [`${count(all, 'conflict')} ${all === 1 ? 'is' : 'are'} open. Nothing of yours has changed.`],
    cut([], [...rows, ...openPaths.flatMap(pathRow)]),
    settledRows(report),
    indented(report.notes),
    wayOn(report),
  );
};

const pathRow = ({ paths, kind, choices }: PathConflict): readonly string[] => [
  `  ${paths.map(shown).join(', ')}: ${kind}`,
  ...choices.map(({ choice, meaning }) => `    --${choice}: ${clean(meaning)}`),
];

const settledRows = ({ settled, settledPaths }: MergeReport): readonly string[] => {
  const rows = [
    ...settled.map(({ path, line, how, by }) => [`${shown(path)}:${line}`, how, by]),
    ...settledPaths.map(({ path, kind, choice }) => [shown(path), 'person', `${choice} (${kind})`]),
  ];
  const width = Math.min(48, Math.max(0, ...rows.map(([where = '']) => where.length)));
  return cut(
    [],
    rows.map(([where = '', how = '', by = '']) => `  ${where.padEnd(width)}  ${how.padEnd(9)}  ${clean(by)}`),
  );
};

/** What to type next. */
const wayOn = ({ open, files }: MergeReport): readonly string[] => [
  ...(files.length === 0
    ? []
    : open.length > 0
      ? [
          'Edit the files named above until no marker is left, or take a side with --ours PATH, --theirs PATH; then',
        ]
      : [
          `The merged files are in ${files[0]?.file.replace(/[^/]*$/, '')}; edit them where they are wrong, then`,
        ]),
  'tandem merge --continue   goes on; in a terminal it asks about what is open',
  'tandem merge --abort      takes it back',
];

const blocks = (...parts: readonly (readonly string[])[]): string =>
  parts
    .filter((part) => part.length > 0)
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');

const cut = (head: readonly string[], rows: readonly string[]): readonly string[] => [
  ...head,
  ...rows.slice(0, maxRows),
  ...(rows.length > maxRows ? [`  … and ${rows.length - maxRows} more lines; --json has all`] : []),
];

const indented = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line !== '').map((line) => `  ${clean(line)}`);

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** A name as one word on one line. */
const shown = (name: string): string => clean(name.replaceAll('\n', '\\n'));
