import { kindOf } from '../diff/file-kind.ts';
import { type Command, hole } from '../shell/command.ts';
import type { Context } from './describe.ts';
import type { Effect, PathRef } from './effect.ts';

type TestLoss = Extract<Effect, { type: 'testLoss' }>;

/** Tests of the workspace that a command deletes, empties, moves away or edits so that they say less. */
export const testsLost = (
  command: Command,
  effects: readonly Effect[],
  context: Context,
): readonly TestLoss[] => {
  const isTest = (path: PathRef): boolean => isTestPath(path, context.workspace);
  const told = (path: PathRef, how: TestLoss['how'], does: string): readonly TestLoss[] =>
    isTest(path) ? [{ type: 'testLoss', path, how, what: `${does} ${path.path}, which is a test` }] : [];
  const weakens = editors.has(command.name ?? '') && command.args.some(({ text }) => weakening.test(text));
  const found = effects.flatMap((effect) => {
    if (effect.type === 'delete') return told(effect.path, 'delete', 'deletes');
    if (effect.type === 'move' && keepsNothing.has(effect.to.place))
      return told(effect.from, 'delete', 'moves away');
    if (effect.type !== 'write') return [];
    if (effect.how === 'truncate') return told(effect.path, 'empty', 'empties');
    return effect.how === 'edit' && weakens ? told(effect.path, 'edit', 'takes checks out of') : [];
  });
  return [
    ...found,
    ...removedFromGit(command).flatMap((word) => told(context.path(word, command), 'delete', 'deletes')),
  ];
};

const keepsNothing: ReadonlySet<string> = new Set(['sink', 'temp', 'outside', 'home']);

/** A file or folder of tests. What lies in the workspace's own folder is mostly tried out and thrown away. */
const isTestPath = ({ path, place }: PathRef, workspace: string): boolean => {
  if (place !== 'workspace' || !path.startsWith(`${workspace}/`)) return false;
  const inside = path.slice(workspace.length + 1).replaceAll(hole, '*');
  return inside.includes('/') || /\.(?:test|spec|cy|e2e)\.|_(?:test|spec)\.\w+$/.test(inside)
    ? kindOf(inside) === 'test'
    : kindOf(`${inside}/`) === 'test';
};

const editors: ReadonlySet<string> = new Set(['sed', 'gsed', 'perl', 'ruby', 'awk', 'gawk', 'ed', 'ex']);

const checked = String.raw`(?:assert|expect|should|raises|toBe|toEqual|\bit\b|\btest|\bdescribe)`;
const skipped = String.raw`(?:skip|xfail|\bxit\b|\bxdescribe\b|\.only\b|\btodo\b|assert True|expect\(true\)|pass\b|#|\/\/)`;
/** Lines with a check deleted (`/assert/d`), a check replaced by nothing, or by what does not run. */
const weakening = new RegExp(
  String.raw`\/[^\/]*${checked}[^\/]*\/[IM]*\s*(?:,[^;]*)?[dc]\b|s(.)(?:(?!\1).)*${checked}(?:(?!\1).)*\1(?:\1|[^;]*${skipped})`,
  's',
);

/** `git rm a b`; with `--cached` the files stay. */
const removedFromGit = ({ name, args }: Command): Command['args'] => {
  if (name !== 'git' || args[0]?.text !== 'rm' || args.some(({ text }) => text === '--cached')) return [];
  return args.slice(1).filter(({ text }) => !text.startsWith('-'));
};
