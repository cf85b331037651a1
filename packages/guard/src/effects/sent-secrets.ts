import { hole } from '../shell/command.ts';
import type { Effect } from './effect.ts';
import { chainOf, type FoundEffect } from './effects-of.ts';

/** Secrets that one command of a text reads and another may send: through a pipe, or as a part of an argument. */
export const sentSecrets = (found: readonly FoundEffect[]): readonly FoundEffect[] => {
  const readers = found.filter(
    ({ effect, command }) => command !== null && readsSecret(effect, command.name),
  );
  if (readers.length === 0) return [];
  return found.flatMap(({ effect, command }): readonly FoundEffect[] => {
    if (effect.type !== 'reach' || effect.local || command === null || effect.payload === 'secret') return [];
    if (!['send', 'fetch', 'query', 'shell'].includes(effect.how)) return [];
    const chain = chainOf(command);
    const piped = readers.find((reader) => reader.command !== command && chain.includes(reader.command!));
    const inArgument = command.args.some((word) => word.text.includes(hole)) && effect.how !== 'shell';
    if (piped === undefined && !inArgument) return [];
    return [
      {
        command,
        effect: { ...effect, how: 'send', payload: 'secret', what: `${effect.what}, with a secret` },
      },
    ];
  });
};

const readsSecret = (effect: Effect, name: string | null): boolean => {
  if (effect.type === 'credential') return effect.change === 'read';
  if (effect.type !== 'read') return name === 'env' || name === 'printenv';
  const { sensitivity } = effect.path;
  return sensitivity === 'secret' || sensitivity === 'account' || sensitivity === 'process';
};
