/**
 * Tokens to text, one at a time. A character may span several tokens: what ends in U+FFFD is held until it is whole,
 * or until `maxHeld` tokens show that the bytes are really broken.
 */
export const createTextStream = <T>(
  detokenize: (tokens: readonly T[], before: readonly T[]) => string,
): { readonly push: (token: T) => string; readonly flush: () => string } => {
  let before: readonly T[] = [];
  let held: readonly T[] = [];
  const release = (): string => {
    if (held.length === 0) return '';
    const text = detokenize(held, before);
    before = [...before, ...held].slice(-maxHeld);
    held = [];
    return text;
  };
  return {
    push: (token) => {
      held = [...held, token];
      if (held.length < maxHeld && detokenize(held, before).endsWith('\uFFFD')) return '';
      return release();
    },
    flush: release,
  };
};

/** A character is at most four bytes, so four byte tokens; two more for tokenizers that split oddly. */
const maxHeld = 6;
