import type { Effect, PathRef } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Subject } from './exception.ts';

const longest = 160;

/** A rule's reason with its places filled in for what it matched. */
export const reasonText = (template: string, { effect, command }: Subject): string => {
  const program = command?.name ?? (effect !== null && 'program' in effect ? effect.program : null);
  const values: Readonly<Record<string, string | null>> = {
    what: effect === null ? (command?.source ?? null) : whatOf(effect),
    path: effect === null ? null : (pathOf(effect)?.path ?? null),
    host: effect?.type === 'reach' ? effect.host : null,
    program,
  };
  const text = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(values[name], name));
  const isName =
    /^\{(?:path|host|program)\}/.test(template) || (program !== null && text.startsWith(program));
  return isName ? text : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
};

const nameless: Readonly<Record<string, string>> = {
  what: 'does something',
  path: 'a path that is not known',
  host: 'a host that is not known',
  program: 'a program that is not known',
};

const shown = (value: string | null | undefined, name: string): string => {
  if (value === null || value === undefined || value === '') return nameless[name] ?? '';
  const text = value.replaceAll(hole, '…').replaceAll(/\p{Cc}/gu, ' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

const pathOf = (effect: Effect): PathRef | null => {
  if (effect.type === 'move') return effect.from;
  return 'path' in effect ? effect.path : null;
};

const whatOf = (effect: Effect): string => {
  switch (effect.type) {
    case 'read':
      return `reads ${effect.path.path}`;
    case 'write':
      return `${writes[effect.how]} ${effect.path.path}`;
    case 'delete':
      return `deletes ${effect.path.path}${effect.recursive ? ' and everything in it' : ''}`;
    case 'move':
      return `moves ${effect.from.path} to ${effect.to.path}`;
    case 'link':
      return `links ${effect.path.path} to ${effect.target.path}`;
    case 'chmod':
      return `${permissions[effect.how]} ${effect.path.path}${effect.recursive ? ' and everything in it' : ''}`;
    default:
      return effect.what;
  }
};

const writes = {
  create: 'creates',
  append: 'appends to',
  overwrite: 'overwrites',
  truncate: 'empties',
  edit: 'edits',
} as const;

const permissions = {
  mode: 'changes the permissions of',
  weaken: 'weakens the permissions of',
  own: 'changes the owner of',
} as const;
