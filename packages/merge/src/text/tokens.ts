/** A word or one sign, with the blanks before it. */
export type Token = { readonly blank: string; readonly text: string };
export type Tokens = { readonly list: readonly Token[]; readonly tail: string };

const pattern = /[\p{L}\p{N}_$]+|\S/gu;

export const tokensOf = (text: string): Tokens => {
  const list: Token[] = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    list.push({ blank: text.slice(end, found.index), text: found[0] });
    end = found.index + found[0].length;
  }
  return { list, tail: text.slice(end) };
};

/** Whether the last word of a text and the first of the next would be read as one. */
export const runTogether = (text: string, next: string): boolean =>
  /[\p{L}\p{N}_$]$/u.test(text) && /^[\p{L}\p{N}_$]/u.test(next);

/** Equal for texts that differ in blanks only. */
export const bare = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Gives equal texts equal numbers. */
export const keyer = (): ((text: string) => number) => {
  const known = new Map<string, number>();
  return (text) => {
    const key = known.get(text) ?? known.size;
    known.set(text, key);
    return key;
  };
};
