import type { Hands } from './actions.ts';

/** One line above the prompt: what came of the last thing asked. */
export const say = (hands: Pick<Hands, 'change'>, text: string, bad = false): void =>
  hands.change((screen) => ({ ...screen, notice: { text, bad } }));
