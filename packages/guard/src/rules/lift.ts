import type { Category } from '../decision.ts';
import type { Effect } from '../effects/effect.ts';
import type { Command } from '../shell/command.ts';
import type { Match } from './collect.ts';
import { layers, type Rule } from './rule.ts';
import type { PlacedRule } from './rule-set.ts';

/** Does an allow rule take back what another rule says of the same effect or command? See `evaluate`. */
export const lifts = (allow: Match, match: Match): boolean => {
  const { rule } = match.placed;
  const by = allow.placed.rule;
  if (rank(allow.placed) >= rank(match.placed)) return false;
  if (rule.final || (rule.decision === 'deny' && allow.placed.layer === 'workspace')) return false;
  if (by.category !== rule.category && !(by.category === 'none' && isOrdinary(rule))) return false;
  const { command } = allow.subject;
  if (command !== null && !isNamedPlace(by, command)) return false;
  const { effect } = match.subject;
  return allow.subject.effect !== null || effect === null || isOwnDoing(effect, command);
};

/** What costs something or touches others, but neither destroys, hides, opens nor weakens anything. */
const ordinary: ReadonlySet<Category> = new Set<Category>([
  ...(['fs.delete', 'fs.overwrite', 'fs.outside_write', 'git.publish', 'net.fetch', 'net.remote'] as const),
  ...(['cloud.mutate', 'k8s.mutate', 'iac.mutate', 'forge.mutate', 'db.mutate', 'container.run'] as const),
  ...(['package.install', 'package.exec', 'package.remove', 'publish', 'process', 'code.inline'] as const),
]);

const isOrdinary = ({ decision, category }: Rule): boolean => decision === 'ask' && ordinary.has(category);

const rank = (placed: PlacedRule): number => layers.indexOf(placed.layer);

/** Wrappers that change neither what runs nor with which powers. */
const plainWrappers = new Set([
  ...['command', 'builtin', 'exec', 'time', 'timeout', 'nice', 'ionice', 'nohup', 'stdbuf'],
  ...['sh -c', 'bash -c', 'dash -c', 'zsh -c'],
]);

/** Where a program is surely the one of that name. */
const programFolders = /^(?:\/usr(?:\/local)?|\/opt\/homebrew)?\/s?bin\/[^/]+$/;

/** An allow rule means the program of that name, here, not one that only looks like it, and no wrapper unasked. */
export const isNamedPlace = (rule: PlacedRule['rule'], command: Command): boolean => {
  const { text } = command.program;
  const isPath = /[/\\]/.test(text);
  if (rule.program !== undefined && isPath && !programFolders.test(text) && !rule.program.includes(text))
    return false;
  if (rule.program !== undefined && !isPath && 'PATH' in command.env) return false;
  if (command.elsewhere !== null && rule.elsewhere !== true) return false;
  const named = rule.wrapper ?? [];
  return command.wrappers.every((wrapper) => plainWrappers.has(wrapper) || named.includes(wrapper));
};

/** A redirect writes beside what the command's words say. */
const isOwnDoing = (effect: Effect, command: Command | null): boolean =>
  effect.type !== 'write' || !(command?.redirects ?? []).some(({ operator }) => operator.includes('>'));
