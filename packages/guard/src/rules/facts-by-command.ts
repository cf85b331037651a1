import type { Effect } from '../effects/effect.ts';
import type { Facts } from '../facts/facts.ts';
import type { Command } from '../shell/command.ts';
import type { JudgedEffect } from './rule.ts';

/** The facts that still hold when a command of the text is reached. */
export type FactsOf = (command: Command | null) => Facts;

/**
 * Facts are gathered before a text runs, and hold until a command of it puts the person's work somewhere else: `git
 * stash pop && git reset --hard` finds a clean tree and leaves an empty one, `mv notes x && rm -r x` a missing path.
 * What later commands would lose is then not known.
 */
export const factsByCommand = (effects: readonly JudgedEffect[], facts: Facts): FactsOf => {
  const spoiler = effects.find(({ effect, command }) => displaces(effect, command));
  if (spoiler === undefined) return () => facts;
  const order = [...new Set(effects.map(({ command }) => command))];
  const kept = new Set(order.slice(0, order.indexOf(spoiler.command) + 1));
  const later: Facts = facts.workspace === undefined ? {} : { workspace: facts.workspace };
  return (command) => (command === null || kept.has(command) ? facts : later);
};

/** Git's commands that leave the files as they are, or only take them in. */
const keeping = new Set(['fetch', 'add', 'commit', 'push', 'tag', 'status', 'diff', 'log', 'show', 'remote']);

const displaces = (effect: Effect, command: Command | null): boolean => {
  if (effect.type === 'move' || effect.type === 'link') return true;
  return effect.type === 'git' && !(command?.args.some(({ text }) => keeping.has(text)) ?? false);
};
