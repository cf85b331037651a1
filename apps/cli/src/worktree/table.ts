import type { TrashedWorktree, WorktreeFacts } from '@tandem/workspace';
import { clean, cut, wrapped } from '../attempts/table.ts';

/** Below this the columns do not fit, and each worktree is a few lines of its own. */
const leastForColumns = 72;
const headings = ['Work', 'Commits', 'Ports', 'Age'] as const;
const widths = [14, 7, 11, 7] as const;

type Screen = { readonly columns: number; readonly now: number };

/** The worktrees of a repository for a person. Every line fits but the folders, which are there to be copied. */
export const worktreeTable = (facts: readonly WorktreeFacts[], { columns, now }: Screen): string => {
  if (facts.length === 0) return '';
  const narrow = columns < leastForColumns;
  const name = columns - widths.reduce((sum, width) => sum + width + 2, 0);
  const head = 'Name'.padEnd(name) + headings.map((one, at) => `  ${one.padStart(widths[at] ?? 0)}`).join('');
  const rows = facts.flatMap((one) => {
    const cells = [workOf(one), String(one.commits), portsOf(one), ageOf(one.createdAt, now)];
    const said = narrow
      ? wrapped(
          headings.map((heading, at) => `${heading.toLowerCase()} ${cells[at]}`).join(', '),
          columns,
          '  ',
        )
      : [];
    const first = narrow
      ? cut(one.name, columns)
      : cut(one.name, name).padEnd(name) +
        cells.map((cell, at) => `  ${cell.padStart(widths[at] ?? 0)}`).join('');
    return [first, ...said, ...notesOf(one).flatMap((note) => wrapped(note, columns, '  ')), `  ${one.root}`];
  });
  return [...(narrow ? [] : [head]), ...rows].map((line) => `${line.trimEnd()}\n`).join('');
};

const workOf = ({ present, files }: WorktreeFacts): string => {
  if (!present) return 'gone';
  if (files.length === 0) return 'none';
  const sum = (of: 'added' | 'removed'): number => files.reduce((total, file) => total + file[of], 0);
  return `${files.length} ${files.length === 1 ? 'file' : 'files'} +${sum('added')} -${sum('removed')}`;
};

const portsOf = ({ ports: { first, count } }: WorktreeFacts): string => `${first}-${first + count - 1}`;

/** Whose it is, and each kind of thing that keeps it from being discarded. */
const notesOf = ({ session, attempt, holds }: WorktreeFacts): readonly string[] => [
  ...(session === undefined
    ? []
    : [`session ${session}${attempt === undefined ? '' : `, attempt ${attempt}`}`]),
  ...(holds.length === 0
    ? []
    : [`held by ${holds.map(({ kind, names }) => `${kind} (${exampleOf(names)})`).join(', ')}`]),
];

const exampleOf = (names: readonly string[]): string => {
  const first = clean(names[0] ?? '');
  return names.length > 1 ? `${first}, ${names.length - 1} more` : first;
};

const units: readonly (readonly [number, string])[] = [
  [24 * 60 * 60_000, 'd'],
  [60 * 60_000, 'h'],
  [60_000, 'min'],
];

const ageOf = (since: string, now: number): string => {
  const ms = Math.max(0, now - Date.parse(since));
  const unit = units.find(([size]) => ms >= size);
  return unit === undefined ? '<1 min' : `${Math.floor(ms / unit[0])} ${unit[1]}`;
};

/** Newest first, as they are. */
export const trashTable = (entries: readonly TrashedWorktree[], { columns, now }: Screen): string =>
  entries
    .map(({ trash, name, files, at }) => {
      const facts = `${trash}  ${ageOf(at, now).padStart(7)}  ${`${files} ${files === 1 ? 'file' : 'files'}`.padStart(9)}  `;
      return columns < leastForColumns
        ? `${trash}\n  ${cut(name, columns - 2)}\n`
        : `${facts}${cut(name, columns - facts.length)}\n`;
    })
    .join('');
