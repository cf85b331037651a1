import { AppError } from '@tandem/protocol/error';
import { type Key, key } from '../terminal/keys.ts';
import { nameOf } from './key-name.ts';

/** What a key can be made to do: its name in `[keys]`, the keys it has by itself, and what it is, for the help. */
export type KeyAction = {
  readonly name: string;
  readonly keys: readonly [string, ...string[]];
  readonly help: string;
};

/** The first key of each is what `press` knows it by. */
export const keyActions: readonly KeyAction[] = [
  { name: 'send', keys: ['enter'], help: 'send; while it works: to the running turn' },
  { name: 'newline', keys: ['shift-enter', 'alt-enter', 'ctrl-j'], help: 'new line; also \\ Enter' },
  { name: 'mode', keys: ['shift-tab'], help: 'next permission mode' },
  { name: 'search', keys: ['ctrl-r'], help: 'search earlier prompts' },
  { name: 'transcript', keys: ['ctrl-o', 'ctrl-t'], help: 'the whole conversation with all output' },
  { name: 'editor', keys: ['ctrl-g'], help: 'write in your editor; also Ctrl-X E' },
  { name: 'background', keys: ['ctrl-b'], help: 'a running ! line goes on behind; else one to the left' },
  { name: 'redraw', keys: ['ctrl-l'], help: 'draw again' },
  { name: 'suspend', keys: ['ctrl-z'], help: 'to the shell; fg brings it back' },
  { name: 'undo', keys: ['ctrl-_'], help: 'undo in the text' },
  { name: 'line-start', keys: ['ctrl-a', 'home'], help: 'to the beginning of the line' },
  { name: 'line-end', keys: ['ctrl-e', 'end'], help: 'to its end' },
  { name: 'word-left', keys: ['alt-b', 'ctrl-left', 'alt-left'], help: 'a word to the left' },
  { name: 'word-right', keys: ['alt-f', 'ctrl-right', 'alt-right'], help: 'a word to the right' },
  { name: 'erase-word', keys: ['ctrl-w', 'alt-backspace', 'ctrl-backspace'], help: 'erase the word before' },
  { name: 'erase-word-after', keys: ['alt-d'], help: 'erase the word after' },
  { name: 'erase-line', keys: ['ctrl-u'], help: 'erase to the beginning of the line' },
  { name: 'erase-to-end', keys: ['ctrl-k'], help: 'erase to its end' },
  { name: 'yank', keys: ['ctrl-y'], help: 'bring back what was erased last' },
];

/** What was pressed, by the key that `press` knows; null: it does nothing any more. What is not in it is itself. */
export type Keymap = Readonly<Record<string, string | null>>;

/** Keys of each action, as the person has them. */
export type Bindings = Readonly<Record<string, readonly string[]>>;

/** Without these a person could not leave, stop or go back. */
const fixed: ReadonlySet<string> = new Set('escape ctrl-c ctrl-d ctrl-v ctrl-x tab up down'.split(' '));

const named = /^(?:enter|escape|tab|backspace|delete|insert|home|end|pageup|pagedown|up|down|left|right|f1)$/;

/** `[keys]` of a config file, as its table says it. @throws AppError configuration, naming what is wrong and what is possible */
export const bindingsOf = (table: Readonly<Record<string, unknown>>): Bindings => {
  for (const [name, value] of Object.entries(table)) {
    if (!keyActions.some((one) => one.name === name))
      throw wrong(`there is no ${name}; there are ${keyActions.map((one) => one.name).join(', ')}`);
    const keys = Array.isArray(value) ? value : [value];
    for (const one of keys) checkKey(name, one);
  }
  const bindings = Object.fromEntries(
    keyActions.map(({ name, keys }) => {
      const own = table[name];
      return [name, own === undefined ? keys : ((Array.isArray(own) ? own : [own]) as string[]).map(normal)];
    }),
  );
  const owners = new Map<string, string>();
  for (const [name, keys] of Object.entries(bindings))
    for (const one of keys) {
      const other = owners.get(one);
      if (other !== undefined && other !== name)
        throw wrong(
          `${one} is given to ${other} and to ${name}; give one of them another key, or [] for none`,
        );
      owners.set(one, name);
    }
  return bindings;
};

const wrong = (why: string): AppError => new AppError('configuration', `[keys]: ${why}`);

const checkKey = (action: string, value: unknown): void => {
  if (typeof value !== 'string') throw wrong(`${action} must be a key such as "ctrl-g", or a list of keys`);
  const one = normal(value);
  const [, held = '', rest = ''] = /^((?:(?:ctrl|alt|shift)-)*)(.+)$/.exec(one) ?? [];
  const isLetter = [...rest].length === 1;
  if (!isLetter && !named.test(rest))
    throw wrong(`${action}: there is no key "${value}"; write it like "ctrl-g", "alt-enter" or "f1"`);
  if (isLetter && !/ctrl-|alt-/.test(held))
    throw wrong(`${action}: ${value} writes text; hold ctrl or alt with it`);
  if (isLetter && held.includes('shift-'))
    throw wrong(`${action}: of a letter, terminals do not tell shift in ${value}`);
  if (fixed.has(one)) throw wrong(`${action}: ${one} is kept for what it does`);
};

/** One way to write it: ctrl, alt, shift, then the key in small letters. */
const normal = (value: string): string => {
  const parts = value
    .trim()
    .toLowerCase()
    .split(/-(?=.)/);
  const rest = parts.at(-1) ?? '';
  const held = ['ctrl', 'alt', 'shift'].filter((one) => parts.slice(0, -1).includes(one));
  const unknown = parts.slice(0, -1).filter((one) => !['ctrl', 'alt', 'shift'].includes(one));
  return [...unknown, ...held, rest].join('-');
};

export const keymapOf = (bindings: Bindings): Keymap => {
  const map: Record<string, string | null> = {};
  for (const { keys } of keyActions) for (const one of keys) map[one] = null;
  for (const { name, keys } of keyActions) for (const one of bindings[name] ?? []) map[one] = keys[0];
  return map;
};

/** The key that is meant by the one that was pressed; null: none. */
export const meant = (keys: Keymap, pressed: Key): Key | null => {
  const name = nameOf(pressed);
  const to = Object.hasOwn(keys, name) ? keys[name] : name;
  if (to === name || to === undefined) return pressed;
  if (to === null) return null;
  const parts = to.split(/-(?=.)/);
  const held = parts.slice(0, -1);
  return key(parts.at(-1) ?? '', {
    control: held.includes('ctrl'),
    alt: held.includes('alt'),
    shift: held.includes('shift'),
  });
};

/** As a person reads it: `Ctrl-G, Alt-Enter`. */
export const keyLabel = (keys: readonly string[]): string =>
  keys.length === 0
    ? 'no key'
    : keys
        .map((one) => one.replace(/(^|-)([a-z])/g, (_, before, letter) => `${before}${letter.toUpperCase()}`))
        .join(', ');
