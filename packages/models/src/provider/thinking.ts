/** Servers that do not part reasoning from answer leave it in front, between `<think>` tags. */
export const splitThinking = (text: string): { readonly text: string; readonly reasoning: string } => {
  const match = /^\s*<think(?:ing)?>([\s\S]*?)<\/think(?:ing)?>\s*/.exec(text);
  if (match === null) return { text, reasoning: '' };
  return { text: text.slice(match[0].length), reasoning: (match[1] ?? '').trim() };
};
