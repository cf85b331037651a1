import { createContext } from '../../../src/context.ts';
import type { Effect, PathRef } from '../../../src/effects/effect.ts';
import { systemTable } from '../../../src/effects/system/table.ts';
import type { Command } from '../../../src/shell/command.ts';
import { commandOf } from '../../command-of.ts';

const workspace = '/home/user/project';

/** Code is not described here: it is told by its language and text. */
export const context = createContext({
  workspace,
  assumed: false,
  home: '/home/user',
  code: (language, text) => [{ type: 'opaque', at: 'code', what: `${language} ${text}` }],
  shell: (text) => [{ type: 'opaque', at: 'code', what: `shell ${text}` }],
});

/** The effects of a command in the notation of the tests, one line each; null as `null`. */
export const told = (text: string, overrides: Partial<Command> = {}): readonly string[] | null => {
  const command = commandOf(text, overrides);
  const describe = systemTable[command.name ?? ''];
  if (!describe) throw new Error(`no description of ${command.name}`);
  return describe(command, context)?.map(tell) ?? null;
};

const name = (path: PathRef): string =>
  path.place === 'workspace'
    ? path.path.slice(workspace.length + 1)
    : path.place === 'workspaceRoot'
      ? path.path.replace(workspace, '.')
      : path.path;

const tell = (effect: Effect): string => {
  switch (effect.type) {
    case 'read':
      return `read ${name(effect.path)}`;
    case 'write':
      return `${effect.how} ${name(effect.path)}${effect.content === undefined ? '' : ` = ${effect.content}`}`;
    case 'delete':
      return `delete ${name(effect.path)}${effect.recursive ? ' with all in it' : ''}${effect.secure ? ' for good' : ''}`;
    case 'move':
      return `move ${name(effect.from)} to ${name(effect.to)}`;
    case 'link':
      return `link ${name(effect.path)} to ${name(effect.target)}`;
    case 'chmod':
      return `${effect.how} ${name(effect.path)}${effect.recursive ? ' with all in it' : ''}`;
    case 'run':
      return `run ${effect.origin} ${effect.program}`;
    case 'spawn':
      return `spawn ${effect.program}`;
    case 'reach':
      return [effect.how, effect.local ? 'local' : '', effect.host ?? 'nobody knows', effect.payload ?? '']
        .filter(Boolean)
        .join(' ');
    case 'remote':
      return `${effect.change} ${effect.system}`;
    case 'system':
      return `${effect.part} ${effect.change}`;
    case 'credential':
      return `credential ${effect.change}`;
    case 'opaque':
      return effect.at === 'code' ? `code ${effect.what}` : `unclear ${effect.at}`;
    case 'loader':
      return `loader ${effect.variable}`;
    case 'reverseShell':
    case 'bypass':
    case 'testLoss':
    case 'git':
    case 'package':
      return effect.type;
  }
};
