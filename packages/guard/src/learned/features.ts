import type { Effect } from '../effects/effect.ts';
import type { FoundEffect } from '../effects/effects-of.ts';
import { type Command, hole } from '../shell/command.ts';

/** Number of weights, a power of two. Fewer collide too often, more hold no more for a few thousand cases. */
export const buckets = 1 << 14;

/** Beyond this much text the features repeat themselves. */
const maxText = 600;
const maxCommands = 40;

/**
 * What the classifier sees of an action: hashed features of its resolved form, so that quoting and wrapping change
 * nothing. Distinct bucket numbers, in the order of the text.
 */
export const featuresOf = (
  commands: readonly Command[],
  found: readonly FoundEffect[],
): readonly number[] => {
  const seen = new Set<number>();
  const add = (text: string): void => void seen.add(hash(text));
  const shown = commands.slice(0, maxCommands);
  for (const command of shown) addCommand(command, add);
  for (const { effect } of found.slice(0, 100)) add(`effect ${kindOf(effect)}`);
  add(`commands ${Math.min(shown.length, 5)}`);
  addGrams(shown.map(plain).join('\n').slice(0, maxText), seen);
  return [...seen];
};

const addCommand = (command: Command, add: (text: string) => void): void => {
  const name = command.name ?? '?';
  const words = command.args.map((word) => word.text);
  const verbs = words.filter((word) => /^[a-z][\w:-]*$/i.test(word)).slice(0, 3);
  add(`name ${name}`);
  for (const verb of verbs) {
    add(`verb ${verb}`);
    add(`name ${name} verb ${verb}`);
    for (const part of verb.split(/[-_:]|(?<=[a-z])(?=[A-Z])/)) add(`part ${part.toLowerCase()}`);
  }
  for (const word of words.slice(0, 30)) {
    if (!word.startsWith('-')) continue;
    const flag = word.split('=', 1)[0]!;
    add(`flag ${flag}`);
    add(`name ${name} flag ${flag}`);
  }
  if (command.pipedTo !== null) add(`pipe ${name} ${command.pipedTo}`);
  for (const wrapper of command.wrappers) add(`wrapper ${wrapper}`);
  for (const redirect of command.redirects) add(`redirect ${redirect.operator}`);
  if (command.elsewhere !== null) add('elsewhere');
};

/** An effect without the words that are the case's own. */
const kindOf = (effect: Effect): string =>
  Object.entries(effect)
    .flatMap(([key, value]) => {
      if (key === 'what' || key === 'program' || key === 'host' || key === 'content') return [];
      if (typeof value === 'object' && value !== null && 'place' in value)
        return [`${key}:${String(value.place)}:${String('sensitivity' in value ? value.sensitivity : '')}`];
      return [`${key}:${String(value)}`];
    })
    .join(' ');

/** The command as a line, numbers and unknown stretches made alike. */
const plain = ({ program, args }: Command): string =>
  [program, ...args.slice(0, maxText)]
    .map((word) => word.text.slice(0, maxText))
    .join(' ')
    .replaceAll(hole, '?')
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ');

/** Every run of three to five characters. */
const addGrams = (text: string, seen: Set<number>): void => {
  for (let at = 0; at < text.length; at += 1) {
    let value = start;
    for (let size = 0; size < 5 && at + size < text.length; size += 1) {
      value = step(value, text.charCodeAt(at + size));
      if (size >= 2) seen.add(value & (buckets - 1));
    }
  }
};

/** FNV-1a, 32 bits. */
const start = 0x811c9dc5;
const step = (value: number, code: number): number => {
  const mixed = Math.imul(value ^ (code & 0xff), 0x01000193);
  return (code > 0xff ? Math.imul(mixed ^ (code >> 8), 0x01000193) : mixed) >>> 0;
};

const hash = (text: string): number => {
  let value = start;
  for (let at = 0; at < text.length; at += 1) value = step(value, text.charCodeAt(at));
  return (value ^ (value >>> 15)) & (buckets - 1);
};
