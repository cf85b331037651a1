/**
 * Guesses the next tokens of an answer by finding its last few tokens earlier in the prompt or the answer. An answer
 * that repairs code repeats most of it, and checking several guessed tokens at once costs little more than computing
 * one. A wrong guess changes nothing but time.
 */
export type Lookup = {
  readonly push: (token: number) => void;
  /** At most `room` tokens that may come next; often none. */
  readonly guess: (room: number) => readonly number[];
  /** How many of the tokens guessed last were right. */
  readonly settle: (guessed: number, right: number) => void;
};

/** Tokens that must match: two guess too often wrongly in code, four begin to miss short repeats. */
const gramLength = 3;
const firstLength = 4;
/** A longer check delays the screen, and its cost a token no longer falls. */
const longestLength = 24;
const longestPause = 16;

export const createLookup = (prompt: readonly number[]): Lookup => {
  const tokens: number[] = [];
  const after = new Map<string, number>();
  const push = (token: number): void => {
    // The gram that `token` follows is entered only now, so that the newest tokens never find themselves.
    if (tokens.length >= gramLength) after.set(gramAt(tokens, tokens.length), tokens.length);
    tokens.push(token);
  };
  for (const token of prompt) push(token);
  let length = firstLength;
  let pause = 0;
  let nextPause = 1;
  return {
    push,
    guess: (room) => {
      if (pause > 0) {
        pause -= 1;
        return [];
      }
      const at = after.get(gramAt(tokens, tokens.length));
      return at === undefined ? [] : tokens.slice(at, at + Math.min(length, Math.max(0, room)));
    },
    settle: (guessed, right) => {
      if (guessed === 0) return;
      if (right === guessed) length = Math.min(longestLength, length * 2);
      else length = Math.max(2, right + 1);
      // Text that only looks like the prompt is left alone for a while, longer each time.
      pause = right === 0 ? nextPause : 0;
      nextPause = right === 0 ? Math.min(longestPause, nextPause * 2) : 1;
    },
  };
};

const gramAt = (tokens: readonly number[], end: number): string =>
  tokens.slice(end - gramLength, end).join(',');
