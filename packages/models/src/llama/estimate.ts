/**
 * Tokens of a text before its tokenizer is loaded, over-estimated: code has three or more bytes a token, but most
 * tokenizers give every digit a token of its own.
 */
export const estimateTokens = (text: string): number => {
  const digits = text.match(/\d/g)?.length ?? 0;
  return Math.ceil((Buffer.byteLength(text) - digits) / 2.5) + digits;
};
