import type { Token } from './lexer.ts';

export type Bracket = {
  readonly open: number;
  /** Index of the closing token; null where the fragment ends before it. */
  close: number | null;
  readonly parent: Bracket | null;
  /** The word before it (`if`, `catch`, the name of a call); for a block, the word before its condition. */
  readonly head: string;
};

export type Brackets = {
  /** The innermost bracket around each token; null outside of all. */
  readonly around: readonly (Bracket | null)[];
  /** By the index of the opening token. */
  readonly opened: ReadonlyMap<number, Bracket>;
};

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Pairs the brackets of a fragment. Closers without an opener (they were opened before it) are passed over. */
export const bracketsOf = (tokens: readonly Token[]): Brackets => {
  const around: (Bracket | null)[] = [];
  const opened = new Map<number, Bracket>();
  let inner: Bracket | null = null;
  let closed: Bracket | null = null;
  tokens.forEach((token, index) => {
    if (token.kind === 'mark' && Object.hasOwn(closers, token.text)) {
      around.push(inner);
      const previous = tokens[index - 1];
      const ofBlock: string = token.text === '{' && closed?.close === index - 1 ? closed.head : '';
      inner = {
        open: index,
        close: null,
        parent: inner,
        head: previous?.kind === 'word' ? previous.text : ofBlock,
      };
      opened.set(index, inner);
      return;
    }
    if (token.kind === 'mark' && inner !== null && token.text === closers[tokens[inner.open]!.text]) {
      inner.close = index;
      closed = inner;
      inner = inner.parent;
    }
    around.push(inner);
  });
  return { around, opened };
};
