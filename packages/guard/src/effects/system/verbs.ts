import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, names } from './arguments.ts';
import { callOf } from './call.ts';
import { spawns } from './make.ts';

/** A program whose first operand says what it does. */
type Verbs = {
  readonly part: Extract<Effect, { type: 'system' }>['part'];
  /** Options before the verb that take a value. */
  readonly values?: string;
  /** Verbs that change nothing; `*` ends stand for any ending (`show*`). */
  readonly reads: string;
  readonly destroys?: string;
  /** Verbs that run a program or load a library. */
  readonly spawns?: string;
  /** What a call without a verb does; a read where it is not said. */
  readonly bare?: 'change';
  /** The verb is the second operand, after an object (`ip link set`). */
  readonly object?: boolean;
  readonly single?: boolean;
};

/** Every verb that is not in a list changes. */
export const describeVerbs = (verbs: Verbs): Describe => {
  const matchers = {
    reads: matcher(verbs.reads),
    destroys: matcher(verbs.destroys),
    spawns: matcher(verbs.spawns),
  };
  const rules = grammar({ ...(verbs.values ? { values: verbs.values } : {}), single: verbs.single ?? false });
  return (command, context) => {
    const words = verbs.single ? command.args : callOf(command, context, rules).operands;
    const verb = words[verbs.object ? 1 : 0]?.text.replace(/^-+/, '');
    const what = [command.name, ...words.slice(0, 3).map((word) => word.text)].join(' ');
    const change = (kind: 'change' | 'destroy'): Effect => ({
      type: 'system',
      part: verbs.part,
      change: kind,
      what,
    });
    if (verb === 'help' || verb === 'version' || command.args.some((word) => word.text === '--help'))
      return [];
    if (verb === undefined) return verbs.bare ? [change('change')] : [];
    if (matchers.reads(verb)) return [];
    if (matchers.spawns(verb)) return [spawns(words.at(-1)!.text, what)];
    return [change(matchers.destroys(verb) ? 'destroy' : 'change')];
  };
};

const matcher = (list: string | undefined): ((verb: string) => boolean) => {
  const exact = new Set(names(list));
  const beginnings = names(list)
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1));
  return (verb) => exact.has(verb) || beginnings.some((beginning) => verb.startsWith(beginning));
};
