/** What was sent before, oldest first. */
export type History = {
  readonly entries: readonly string[];
  /** Which one is shown; null: what is being written. */
  readonly at: number | null;
  /** What was being written when going back began. */
  readonly draft: string;
};

export const historyOf = (entries: readonly string[]): History => ({ entries, at: null, draft: '' });

const entryLimit = 1_000;

export const remember = (history: History, text: string): History => {
  if (text.trim() === '') return { ...history, at: null, draft: '' };
  const others = history.entries.at(-1) === text ? history.entries : [...history.entries, text];
  return { entries: others.slice(-entryLimit), at: null, draft: '' };
};

/** One further back, or forth to the draft; null when there is none. */
export const step = (
  history: History,
  by: -1 | 1,
  written: string,
): { readonly history: History; readonly text: string } | null => {
  const { entries, at } = history;
  const next = (at ?? entries.length) + by;
  if (next < 0 || next > entries.length) return null;
  const draft = at === null ? written : history.draft;
  if (next === entries.length) return { history: { entries, at: null, draft: '' }, text: draft };
  return { history: { entries, at: next, draft }, text: entries[next] ?? '' };
};

/** Entries that hold the words, newest first, each once. */
export const searchHistory = (history: History, words: string): readonly string[] => {
  const parts = words
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '');
  const found = new Set<string>();
  for (const entry of history.entries.toReversed())
    if (parts.every((part) => entry.toLowerCase().includes(part))) found.add(entry);
  return [...found];
};
