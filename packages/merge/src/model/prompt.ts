import type { Message } from '@tandem/core';
import type { Hunk, Intent } from '../merge.ts';

/** A small model loses the thread in more; a person reads more at once than it does. */
const maxCharacters = 4_000;
const linesBefore = 4;
const linesAfter = 3;
const maxSubject = 100;

export type Question = { readonly path: string; readonly hunk: Hunk; readonly intent?: Intent };
export type Order = 'ours first' | 'theirs first';

/** One hunk as a question; null where it is too large to ask. Whatever the texts say is data between fences. */
export const questionAbout = ({ path, hunk, intent }: Question, order: Order): readonly Message[] | null => {
  const { base, ours, theirs, before, after } = hunk;
  const length = base.length + ours.length + theirs.length;
  if (length > maxCharacters) return null;
  const sides = [side('Ours', ours, intent?.ours ?? []), side('Theirs', theirs, intent?.theirs ?? [])];
  const text = [
    `File ${JSON.stringify(path)}. Both sides changed these lines:`,
    fenced(base),
    ...(order === 'ours first' ? sides : sides.toReversed()),
    'Lines above:',
    fenced(linesOf(before).slice(-linesBefore).join('')),
    'Lines below:',
    fenced(linesOf(after).slice(0, linesAfter).join('')),
    'Write the merged lines that keep the intent of both sides. Only the merged lines, in a code block.',
  ].join('\n');
  return [
    { role: 'system', text: 'You resolve merge conflicts in code.' },
    { role: 'user', text },
  ];
};

const side = (name: string, text: string, subjects: readonly string[]): string => {
  const said = subjects.map((subject) => JSON.stringify(subject.slice(0, maxSubject))).join(', ');
  return `${name} changed them to${said === '' ? '' : ` (commits: ${said})`}:\n${fenced(text)}`;
};

/** Longer than any fence inside. */
export const fenceOf = (text: string): string => {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(longest + 1);
};

const fenced = (text: string): string => {
  const fence = fenceOf(text);
  return `${fence}\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${fence}`;
};

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
