import { firstWords, type Word } from './command.ts';

const maxPasses = 40;

/** Values that a body is read for: one number says as much as another, and beyond many the next is one that is not known. */
export const passesOf = (values: readonly Word[]): readonly Word[] => {
  if (values.every((word) => /^\d+$/.test(word.text))) return values.slice(0, 8);
  return firstWords(values, maxPasses);
};
