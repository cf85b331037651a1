import { resolve } from 'node:path';
import type { Context } from '../../../src/effects/describe.ts';
import { developTable } from '../../../src/effects/develop/table.ts';
import type { Effect, PlaceName } from '../../../src/effects/effect.ts';
import type { Word } from '../../../src/shell/command.ts';
import { commandOf } from '../../command-of.ts';

const workspace = '/home/user/project';
const home = '/home/user';

/** A world in which nothing is read: places by the path alone; code is an effect that shows its text. */
export const context: Context = {
  workspace,
  home,
  path: (word, command) => {
    const known = word.known && command.cwd !== null;
    const path = resolve(command.cwd ?? '/', word.text);
    return { path, place: known ? placeOf(path) : 'unknown', sensitivity: null, glob: word.glob, known };
  },
  code: (language, text) => [{ type: 'opaque', at: 'code', what: `${language}: ${text.text}` }],
};

const places: readonly (readonly [string, PlaceName])[] = [
  [`${workspace}/`, 'workspace'],
  ['/tmp/', 'temp'],
  [`${home}/`, 'home'],
  ['/etc', 'system'],
  ['/usr', 'system'],
];

const placeOf = (path: string): PlaceName => {
  if (path === '/') return 'root';
  if (path === home) return 'homeRoot';
  if (path === workspace) return 'workspaceRoot';
  return places.find(([start]) => path.startsWith(start))?.[1] ?? 'outside';
};

/** The effects of a command in a few words each, joined by ` + `; `null` where it is not understood. */
export const effectsOf = (text: string, overrides: Parameters<typeof commandOf>[1] = {}): string => {
  const command = commandOf(text, overrides);
  const effects = developTable[command.name ?? '']?.(command, context);
  return effects ? effects.map(summary).join(' + ') : String(effects);
};

/** Words with a hole: `unknown('git', '$X')` is not known in its second word. */
export const hidden: Word = { text: '\uFFFC', known: false, glob: false, quoted: false };

const shown = (...parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter(Boolean).join(' ');

const summary = (effect: Effect): string => {
  switch (effect.type) {
    case 'git':
      return effect.loses === 'nothing'
        ? shown('git', effect.reach)
        : shown('git loses', effect.loses, effect.unless && `unless ${effect.unless}`);
    case 'run':
      return shown('run', effect.origin);
    case 'package':
      return shown('package', effect.change, effect.scope);
    case 'remote':
      return shown(effect.system, effect.change);
    case 'reach':
      return shown('reach', effect.how, effect.host, effect.local && 'local');
    case 'spawn':
      return shown('spawn', effect.program);
    case 'write':
      return shown('write', effect.how, effect.path.path);
    case 'delete':
      return shown('delete', effect.path.path);
    case 'read':
      return shown('read', effect.path.path);
    case 'credential':
      return shown('credential', effect.change);
    case 'system':
      return shown('system', effect.part, effect.change);
    case 'opaque':
      return shown(effect.at === 'code' ? effect.what : `opaque ${effect.at}`);
    default:
      return effect.type;
  }
};
