import { literal } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';

/** `*** Update File: a`, `*** Add File: a`, `*** Delete File: a`, `*** Move to: b`. */
const header = /^\*\*\* (?:(Update|Add|Delete) File|(Move) to): (.+)$/;

/** What the patch of an assistant does to files, told by its headers; it comes as an argument or on the input. */
const applyPatch: Describe = (command, context) => {
  const patch = command.args[0] ?? (command.stdin.type === 'text' ? command.stdin.text : null);
  if (patch?.known !== true)
    return [{ type: 'opaque', at: 'text', what: 'applies a patch that is not known' }];
  const effects: Effect[] = [];
  let path = context.path(literal('.'), command);
  for (const section of patch.text.split(/^(?=\*\*\* (?:(?:Update|Add|Delete) File|Move to): )/m)) {
    const [, how, move, name] = header.exec(section.split('\n', 1)[0]!) ?? [];
    if (name === undefined) continue;
    const target = context.path(literal(name), command);
    if (move !== undefined) effects.push({ type: 'move', from: path, to: target });
    else if (how === 'Delete') effects.push({ type: 'delete', path: target, recursive: false });
    else {
      const added = section.split('\n').filter((line) => line.startsWith('+'));
      const content = added.map((line) => line.slice(1)).join('\n');
      effects.push({ type: 'write', path: target, how: how === 'Add' ? 'overwrite' : 'edit', content });
    }
    path = target;
  }
  return effects.length > 0
    ? effects
    : [{ type: 'opaque', at: 'text', what: 'applies a patch that is none' }];
};

export const applyPatchTable: Table = { apply_patch: applyPatch, applypatch: applyPatch };
