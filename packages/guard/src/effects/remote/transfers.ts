import type { Command, Word } from '../../shell/command.ts';
import type { Context, Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import type { Line } from './line.ts';
import { describeTool, type ToolSpec } from './tool.ts';

/** A tool that copies between this machine and a store of objects: files that leave and files that are written count. */
export const describeTransferTool = (spec: ToolSpec, isRemote: (text: string) => boolean): Describe =>
  describeTool(spec, {
    extra: (line, command, context) => transferEffects({ line, command, context, isRemote }),
  });

/** `s3://bucket/key`, `gs://…`, `https://account.blob…`. */
export const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** `remote:path`, as rclone writes it. */
export const hasRemoteName = (text: string): boolean =>
  /^:?[\w.+@-]+(?:,[^:]*)?:/.test(text) && !/^[A-Za-z]:[\\/]/.test(text);

/** `alias/bucket`, where everything that is not plainly a path is an alias. */
export const hasAlias = (text: string): boolean => !/^(?:[./~]|-$)/.test(text) && text.includes('/');

const copying = new Set(
  'cp copy copyto mv move moveto sync rsync mirror put get upload download bisync'.split(' '),
);

const transferEffects = (input: {
  readonly line: Line;
  readonly command: Command;
  readonly context: Context;
  readonly isRemote: (text: string) => boolean;
}): readonly Effect[] => {
  const { line, command, context, isRemote } = input;
  if (!line.operands.slice(0, 2).some((word) => copying.has(word.text))) return [];
  const from = line.operands.at(-2);
  const to = line.operands.at(-1);
  if (from === undefined || to === undefined || line.operands.length < 3) return [];
  if (isRemote(to.text) && !isRemote(from.text)) return sends(from, to, context.path(from, command));
  if (!isRemote(to.text) && isRemote(from.text) && to.text !== '-') {
    return [{ type: 'write', path: context.path(to, command), how: 'overwrite' }];
  }
  return [];
};

const sends = (from: Word, to: Word, path: ReturnType<Context['path']>): readonly Effect[] => [
  { type: 'read', path },
  {
    type: 'reach',
    host: hostOf(to.text),
    how: 'send',
    local: false,
    payload: path.sensitivity === 'secret' || path.sensitivity === 'account' ? 'secret' : 'file',
    what: `copies ${from.text} to ${to.text}`,
  },
];

const hostOf = (address: string): string | null => /^[a-z]+:\/\/([^/]+)/i.exec(address)?.[1] ?? null;
