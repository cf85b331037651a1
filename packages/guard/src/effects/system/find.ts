import { type Command, hole, type Word } from '../../shell/command.ts';
import type { Context, Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { wordWith } from './arguments.ts';
import { spawns } from './make.ts';

const withValue =
  /^-(name|iname|path|ipath|wholename|iwholename|regex|iregex|lname|ilname|type|xtype|maxdepth|mindepth|size|mtime|atime|ctime|mmin|amin|cmin|newer\w*|anewer|cnewer|user|group|uid|gid|perm|links|inum|samefile|fstype|used|regextype|printf|context|files0-from)$/;

/**
 * What find does itself. Its tests choose among what it finds; what they choose is not known here, so a deletion is
 * of everything below the folders it starts at. Commands of `-exec` are described apart.
 */
export const find: Describe = (command, context) => {
  const { starts, actions } = partsOf(command.args);
  const folders = starts.length > 0 ? starts : [wordWith({ ...command.program, glob: false }, '.')];
  const paths = folders.map((word) => context.path(word, command));
  return [
    ...paths.map((path): Effect => ({ type: 'read', path })),
    ...actions.flatMap((action) =>
      action.type === 'delete'
        ? folders.map((folder) =>
            deleted(folder, { command, context, chosen: choosing.test(command.source) }),
          )
        : given(action, command, context),
    ),
  ];
};

type Action =
  | { readonly type: 'delete' }
  | { readonly type: 'write'; readonly file: Word }
  | { readonly type: 'ask'; readonly program: Word };

/** Tests that leave some of what is found alone. */
const choosing =
  /\s-(?:i?name|i?path|i?regex|size|[amc]time|[amc]min|newer\w*|empty|perm|user|links|samefile)\b/;

/** Everything below the folder, or names in it that are not known before. */
const deleted = (
  folder: Word,
  {
    command,
    context,
    chosen,
  }: { readonly command: Command; readonly context: Context; readonly chosen: boolean },
): Effect => {
  if (!chosen) return { type: 'delete', path: context.path(folder, command), recursive: true };
  const some = { ...wordWith({ ...folder, glob: true }, `${folder.text}/${hole}`), known: false };
  return { type: 'delete', path: context.path(some, command), recursive: false };
};

const given = (
  action: Exclude<Action, { type: 'delete' }>,
  command: Command,
  context: Context,
): readonly Effect[] =>
  action.type === 'write'
    ? [{ type: 'write', path: context.path(action.file, command), how: 'overwrite' }]
    : [spawns(action.program.text, 'find runs a command for what it finds')];

const partsOf = (words: readonly Word[]): { starts: readonly Word[]; actions: readonly Action[] } => {
  const starts: Word[] = [];
  const actions: Action[] = [];
  let inExpression = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    const { text } = word;
    const next = words[index + 1];
    if (!inExpression && (/^-[HLP]$/.test(text) || /^-O\d/.test(text))) continue;
    if (!inExpression && text === '-D') {
      index += 1;
      continue;
    }
    if (!/^[-(!,]/.test(text)) {
      // GNU takes a path after the expression for one more start.
      if (!inExpression) starts.push(word);
      continue;
    }
    inExpression = true;
    if (text === '-delete') actions.push({ type: 'delete' });
    else if (/^-f(print0?|ls|printf)$/.test(text)) {
      if (next) actions.push({ type: 'write', file: next });
      index += text === '-fprintf' ? 2 : 1;
    } else if (/^-(exec|ok)(dir)?$/.test(text)) {
      if (text.startsWith('-ok') && next) actions.push({ type: 'ask', program: next });
      index = endOfCommand(words, index);
    } else if (withValue.test(text)) index += 1;
  }
  return { starts, actions };
};

const endOfCommand = (words: readonly Word[], start: number): number => {
  for (let index = start + 1; index < words.length; index += 1) {
    const { text } = words[index]!;
    if (text === ';' || (text === '+' && words[index - 1]?.text === '{}')) return index;
  }
  return words.length;
};
