import type { Command, Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import type { DevelopContext } from '../develop.ts';
import { scriptEffect } from './script-name.ts';

/** Effects of running a file of code: what the workspace holds is its own; another place's is not known. */
export const runFile = (word: Word, program: string, command: Command, context: DevelopContext): Effect => {
  const path = context.path(word, command);
  if (!path.known)
    return { type: 'opaque', at: 'code', what: `${program} runs a file whose name is not known` };
  const what = `${program} ${word.text}`;
  if (path.place === 'workspace' || isInstalled(path.path, path.place) || isNeighbour(word.text, path.place))
    return scriptEffect(stem(word.text), { program, what, scope: 'project', system: 'service' });
  return { type: 'run', program: word.text, origin: 'unknown', what: `${what} (not part of the workspace)` };
};

/** A dependency of a package above the working folder (`../../node_modules/…`). */
const isInstalled = (path: string, place: string): boolean =>
  place !== 'temp' && place !== 'unknown' && /\/node_modules\//.test(path);

/** A script of the repository above a package of it (`../../scripts/check.ts`). */
const isNeighbour = (text: string, place: string): boolean =>
  text.startsWith('../') && (place === 'home' || place === 'outside');

const stem = (text: string): string => (text.split(/[/\\]/).at(-1) ?? '').replace(/\.\w+$/, '');
