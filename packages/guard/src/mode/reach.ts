import type { Effect, PathRef } from '../effects/effect.ts';
import type { ModeInput } from './decide-by-mode.ts';

type Acted = Pick<ModeInput, 'effectClass' | 'effects'>;

/** Nothing is different afterwards. A tool that may write is not believed without effects; a command is its effects. */
export const isReadOnly = ({ effectClass, effects }: Acted): boolean => {
  if (effectClass === 'read') return effects.every(reads);
  return effectClass === 'exec' && effects.every(reads);
};

/** Only files inside the workspace are made, changed or moved; nothing is run but known tools, nothing is deleted. */
export const isFileLocal = ({ effectClass, effects }: Acted): boolean => {
  if (effectClass === 'write') return effects.length > 0 && effects.every(changesInside);
  return effectClass === 'exec' && effects.every((effect) => reads(effect) || changesInside(effect));
};

const reads = (effect: Effect): boolean => {
  switch (effect.type) {
    case 'read':
      return true;
    case 'run':
      return effect.origin === 'known';
    case 'write':
      return effect.path.place === 'sink';
    case 'system':
    case 'remote':
      return effect.change === 'read';
    case 'package':
      return effect.change === 'query';
    case 'reach':
      return effect.local && (effect.how === 'query' || effect.how === 'fetch');
    case 'delete':
    case 'move':
    case 'link':
    case 'chmod':
    case 'opaque':
    case 'spawn':
    case 'reverseShell':
    case 'git':
    case 'credential':
    case 'bypass':
    case 'testLoss':
    case 'loader':
      return false;
  }
};

const changesInside = (effect: Effect): boolean => {
  if (effect.type === 'write') return isInside(effect.path);
  return effect.type === 'move' && isInside(effect.from) && isInside(effect.to);
};

const isInside = ({ place, sensitivity, known }: PathRef): boolean =>
  known && sensitivity === null && (place === 'workspace' || place === 'temp' || place === 'sink');
