/** What a command's text is made of. A person's words are never read as part of it. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'all' }
  | { readonly type: 'word'; readonly index: number }
  /** Of the shell line, `$1` and `$ARGUMENTS` are parts too. */
  | { readonly type: 'shell'; readonly parts: readonly Part[] };

const shellLine = /!`([^`\n]+)`/g;
const placeholder = /\$(ARGUMENTS\b|[1-9](?!\d))/g;

export const hasShellParts = (body: string): boolean => body.search(shellLine) !== -1;

export const readTemplate = (body: string): readonly Part[] => {
  const parts: Part[] = [];
  let from = 0;
  for (const match of body.matchAll(shellLine)) {
    parts.push(...placeholders(body.slice(from, match.index)));
    parts.push({ type: 'shell', parts: placeholders(match[1] ?? '') });
    from = match.index + match[0].length;
  }
  return [...parts, ...placeholders(body.slice(from))];
};

const placeholders = (text: string): readonly Part[] => {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(placeholder)) {
    if (match.index > from) parts.push({ type: 'text', text: text.slice(from, match.index) });
    parts.push(match[1] === 'ARGUMENTS' ? { type: 'all' } : { type: 'word', index: Number(match[1]) - 1 });
    from = match.index + match[0].length;
  }
  return from < text.length ? [...parts, { type: 'text', text: text.slice(from) }] : parts;
};

export const takesArguments = (parts: readonly Part[]): boolean =>
  parts.some((part) => (part.type === 'shell' ? takesArguments(part.parts) : part.type !== 'text'));

/** Words as a shell would split them: quotes hold together and fall away. */
export const splitWords = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );

export type Words = { readonly all: string; readonly words: readonly string[] };

/** As a person reads it. */
export const filled = (parts: readonly Part[], { all, words }: Words): string =>
  parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      return part.type === 'all' ? all : part.type === 'word' ? (words[part.index] ?? '') : '';
    })
    .join('');

/** As a shell is given it: what a person typed is words and nothing else. */
export const filledForShell = (parts: readonly Part[], { words }: Words): string =>
  parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'all') return words.map(quoted).join(' ');
      return part.type === 'word' ? quoted(words[part.index] ?? '') : '';
    })
    .join('');

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
