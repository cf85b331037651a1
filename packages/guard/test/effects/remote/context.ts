import { posix } from 'node:path';
import type { CodeLanguageName, Context } from '../../../src/effects/describe.ts';
import type { Effect, PathRef, PlaceName } from '../../../src/effects/effect.ts';
import { remoteTable } from '../../../src/effects/remote/table.ts';
import { describeUnknown } from '../../../src/effects/remote/unknown-tool.ts';
import type { Command } from '../../../src/shell/command.ts';
import { commandOf } from '../../command-of.ts';

const workspace = '/home/user/project';
const home = '/home/user';

const placeOf = (path: string): PlaceName => {
  if (path.startsWith(`${workspace}/`)) return 'workspace';
  if (path === workspace) return 'workspaceRoot';
  if (path.startsWith('/tmp/')) return 'temp';
  if (path.startsWith(`${home}/`)) return 'home';
  return path === '/' ? 'root' : 'outside';
};

/** A context that resolves paths by text and says of SQL only whether it drops or deletes. */
export const context: Context = {
  workspace,
  home,
  path: (word, command): PathRef => {
    const path = posix.resolve(command.cwd ?? '/', word.text.replace(/^~/, home));
    const sensitivity = /\.ssh\/|\.env$/.test(path) ? 'secret' : null;
    return { path, place: placeOf(path), sensitivity, glob: word.glob, known: word.known };
  },
  code: (language: CodeLanguageName, text): readonly Effect[] => {
    const change = /\b(?:drop|delete|truncate)\b/i.test(text.text) ? 'destroy' : 'read';
    return [{ type: 'remote', system: 'database', change, what: `${language}: ${text.text}` }];
  },
};

/** What the tables say of a command line. */
export const effectsIn = (text: string, overrides: Partial<Command> = {}): readonly Effect[] => {
  const command = commandOf(text, overrides);
  return remoteTable[command.name!]!(command, context) ?? [];
};

/** What is said of the same line where the program is in no table. */
export const effectsUnknown = (text: string, overrides: Partial<Command> = {}): readonly Effect[] =>
  describeUnknown(commandOf(text, overrides), context) ?? [];

/** The worst change among effects, `secret` for a credential that is read, `local` where nothing leaves. */
export const changeOf = (effects: readonly Effect[]): string => {
  if (effects.some((effect) => effect.type === 'remote' && effect.change === 'destroy')) return 'destroy';
  if (effects.some((effect) => effect.type === 'credential')) return 'secret';
  const remote = effects.find((effect) => effect.type === 'remote');
  return remote === undefined
    ? effects[0]?.type === 'run'
      ? 'local'
      : (effects[0]?.type ?? 'none')
    : remote.change;
};
