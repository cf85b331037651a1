/** Applies one edit by the first rung of a ladder on which the old text is found exactly once. */

export type EditOutcome =
  | {
      readonly type: 'applied';
      readonly text: string;
      readonly how: 'exact' | 'whitespace' | 'indent' | 'fuzzy';
      /** First changed place, 1-based. */
      readonly line: number;
    }
  /** Found on these lines; more context is needed. */
  | { readonly type: 'ambiguous'; readonly lines: readonly number[] }
  | {
      readonly type: 'missing';
      readonly nearest: { readonly line: number; readonly text: string; readonly similarity: number };
    }
  /** The edit would change nothing. */
  | { readonly type: 'same' };

/** Below this a match is more often the wrong place than a slip of the pen. */
const minSimilarity = 0.8;
/** Shorter texts are alike by chance. */
const minFuzzyLength = 8;
/** Pairs of lines compared at most: about a second. */
const maxPairs = 2_000_000;

/**
 * exact → trailing blanks and line ends → indentation (the new text is re-indented) → alike by at least 0.8. Lines that
 * the edit leaves alone stay as they are in the file, not as they were quoted. `text` has LF only.
 */
export const applyEdit = (input: {
  readonly text: string;
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean;
}): EditOutcome => {
  const { text, replaceAll = false } = input;
  if (input.oldText === input.newText) return { type: 'same' };
  if (input.oldText === '')
    return text === '' ? applied(text, input.newText, 'exact', 1) : nearest(text, [], []);
  const exact = applyExact({ text, oldText: input.oldText, newText: input.newText, replaceAll });
  if (exact !== null) return exact;
  const lines = text.split('\n');
  const quoted = { old: toLines(input.oldText), fresh: toLines(input.newText) };
  for (const edit of [quoted, { old: trimEdges(quoted.old), fresh: trimEdges(quoted.fresh) }]) {
    if (edit.old.every((line) => line.trim() === '')) continue;
    for (const how of ['whitespace', 'indent'] as const) {
      const starts = windows(lines, edit.old.length).filter((start) => rungs[how](lines, start, edit.old));
      if (starts.length > 1 && !replaceAll)
        return { type: 'ambiguous', lines: starts.map((start) => start + 1) };
      if (starts.length > 0) return replaceLines({ text, lines, starts, edit, how });
    }
  }
  return applyFuzzy(text, lines, { old: trimEdges(quoted.old), fresh: trimEdges(quoted.fresh) });
};

type Edit = { readonly old: readonly string[]; readonly fresh: readonly string[] };

const applied = (
  before: string,
  text: string,
  how: 'exact' | 'whitespace' | 'indent' | 'fuzzy',
  line: number,
): EditOutcome => (before === text ? { type: 'same' } : { type: 'applied', text, how, line });

const applyExact = (input: {
  readonly text: string;
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll: boolean;
}): EditOutcome | null => {
  const { text, oldText, newText } = input;
  const starts = occurrences(text, oldText);
  if (starts.length === 0) return null;
  const lines = starts.map((start) => text.slice(0, start).split('\n').length);
  if (lines.length > 1 && !input.replaceAll) return { type: 'ambiguous', lines };
  return applied(text, text.split(oldText).join(newText), 'exact', lines[0] ?? 1);
};

/** Also those that overlap: which of two was meant is as unclear. At most 100. */
const occurrences = (text: string, part: string): readonly number[] => {
  const starts: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && starts.length < 100; at = text.indexOf(part, at + 1))
    starts.push(at);
  return starts;
};

/** A final line break ends the last line; it is no line of its own. */
const toLines = (text: string): readonly string[] => {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

const trimEdges = (lines: readonly string[]): readonly string[] => {
  const isText = (line: string): boolean => line.trim() !== '';
  const first = lines.findIndex(isText);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
};

const windows = (lines: readonly string[], size: number): readonly number[] =>
  size === 0 ? [] : Array.from({ length: Math.max(0, lines.length - size + 1) }, (_, start) => start);

type Rung = (lines: readonly string[], start: number, old: readonly string[]) => boolean;

const rungs: Readonly<Record<'whitespace' | 'indent', Rung>> = {
  whitespace: (lines, start, old) =>
    old.every((line, index) => lines[start + index]?.trimEnd() === line.trimEnd()),
  indent: (lines, start, old) =>
    old.every((line, index) => lines[start + index]?.trim() === line.trim()) &&
    isConsistent(indentPairs(lines, start, old)),
};

type IndentPair = { readonly old: string; readonly file: string };

const indentOf = (line: string): string => line.slice(0, line.length - line.trimStart().length);

const indentPairs = (
  lines: readonly string[],
  start: number,
  old: readonly string[],
): readonly IndentPair[] =>
  old
    .map((line, index) => ({ line, file: lines[start + index] ?? '' }))
    .filter(({ line, file }) => line.trim() !== '' && file.trim() !== '')
    .map(({ line, file }) => ({ old: indentOf(line), file: indentOf(file) }));

/** Lines quoted at one depth lie at one depth. */
const isConsistent = (pairs: readonly IndentPair[]): boolean => {
  const known = new Map<string, string>();
  return pairs.every(({ old, file }) => {
    if (!known.has(old)) known.set(old, file);
    return known.get(old) === file;
  });
};

const replaceLines = (input: {
  readonly text: string;
  readonly lines: readonly string[];
  readonly starts: readonly number[];
  readonly edit: Edit;
  readonly how: 'whitespace' | 'indent' | 'fuzzy';
}): EditOutcome => {
  const { lines, edit } = input;
  const result: string[] = [];
  let done = 0;
  for (const start of input.starts) {
    if (start < done) continue;
    const pairs = indentPairs(lines, start, edit.old);
    const kept = keptLines(edit);
    result.push(...lines.slice(done, start));
    result.push(
      ...edit.fresh.map((line, index) => {
        const from = kept.get(index);
        return from === undefined ? reindent(line, pairs) : (lines[start + from] ?? line);
      }),
    );
    done = start + edit.old.length;
  }
  result.push(...lines.slice(done));
  return applied(input.text, result.join('\n'), input.how, (input.starts[0] ?? 0) + 1);
};

/** New line → old line that it repeats: the longest common part at the head and at the tail, then in between by order. */
const keptLines = (edit: Edit): ReadonlyMap<number, number> => {
  const kept = new Map<number, number>();
  const { old, fresh } = edit;
  const same = (a: number, b: number): boolean => old[a]?.trimEnd() === fresh[b]?.trimEnd();
  let head = 0;
  while (head < Math.min(old.length, fresh.length) && same(head, head)) kept.set(head, head++);
  let tail = 1;
  while (tail <= Math.min(old.length, fresh.length) - head && same(old.length - tail, fresh.length - tail)) {
    kept.set(fresh.length - tail, old.length - tail++);
  }
  let next = head;
  for (let index = head; index <= fresh.length - tail; index++) {
    if (fresh[index]?.trim() === '') continue;
    for (let from = next; from <= old.length - tail; from++) {
      if (!same(from, index)) continue;
      kept.set(index, from);
      next = from + 1;
      break;
    }
  }
  return kept;
};

/** Puts a line at the depth that its indentation means in the file. */
const reindent = (line: string, pairs: readonly IndentPair[]): string => {
  const body = line.trimStart();
  if (body === '') return '';
  const indent = indentOf(line);
  const known = pairs
    .filter((pair) => indent.startsWith(pair.old))
    .sort((a, b) => b.old.length - a.old.length)[0];
  if (known !== undefined) return known.file + deeper(indent.slice(known.old.length), pairs) + body;
  const outer = [...pairs].sort((a, b) => a.old.length - b.old.length)[0];
  if (outer === undefined) return line;
  const { old, file } = outer;
  if (file.endsWith(old)) return file.slice(0, file.length - old.length) + indent + body;
  const less = old.length - file.length;
  return less > 0 ? indent.slice(0, Math.max(0, indent.length - less)) + body : file + body;
};

/** Extra depth in the file's own measure: tabs for spaces, or two spaces for four. */
const deeper = (extra: string, pairs: readonly IndentPair[]): string => {
  if (extra === '') return '';
  const [first, second] = distinctDepths(pairs);
  if (first !== undefined && second !== undefined) {
    const step = second.file.slice(first.file.length);
    const times = extra.length / (second.old.length - first.old.length);
    if (Number.isInteger(times) && second.file.startsWith(first.file)) return step.repeat(times);
  }
  const tabs = pairs.some((pair) => pair.file.includes('\t'));
  const spaces = pairs.some((pair) => pair.file.includes(' '));
  if (tabs && !extra.includes('\t')) return '\t'.repeat(Math.max(1, Math.round(extra.length / 4)));
  return spaces && extra.includes('\t') ? extra.replaceAll('\t', '    ') : extra;
};

/** The two shallowest. */
const distinctDepths = (pairs: readonly IndentPair[]): readonly IndentPair[] => {
  const byDepth = new Map(pairs.map((pair) => [pair.old.length, pair]));
  return [...byDepth.values()].sort((a, b) => a.old.length - b.old.length).slice(0, 2);
};

const applyFuzzy = (text: string, lines: readonly string[], edit: Edit): EditOutcome => {
  const scores = scoreWindows(lines, edit.old);
  const best = scores.reduce((top, score, start) => (score > (scores[top] ?? 0) ? start : top), 0);
  const long = edit.old.join('').replaceAll(/\s/g, '').length >= minFuzzyLength;
  if ((scores[best] ?? 0) < minSimilarity || !long) return nearest(text, edit.old, scores);
  const size = edit.old.length;
  const others = scores.flatMap((score, start) =>
    score >= minSimilarity && Math.abs(start - best) >= size ? [start] : [],
  );
  if (others.length > 0) {
    return { type: 'ambiguous', lines: [best, ...others].map((start) => start + 1).sort((a, b) => a - b) };
  }
  return replaceLines({ text, lines, starts: [best], edit, how: 'fuzzy' });
};

const nearest = (text: string, old: readonly string[], scores: readonly number[]): EditOutcome => {
  const best = scores.reduce((top, score, start) => (score > (scores[top] ?? 0) ? start : top), 0);
  const shown = text.split('\n').slice(best, best + Math.max(1, old.length));
  const similarity = Math.floor((scores[best] ?? 0) * 100) / 100;
  return { type: 'missing', nearest: { line: best + 1, text: shown.join('\n'), similarity } };
};

/** For each place, how alike the lines there are to the old ones: by length-weighted mean over the lines. */
const scoreWindows = (lines: readonly string[], old: readonly string[]): readonly number[] => {
  if (lines.length * old.length > maxPairs) return [];
  const wanted = old.map((line) => pairsOf(line));
  const there = lines.map((line) => pairsOf(line));
  return windows(lines, old.length).map((start) => {
    let sum = 0;
    let weight = 0;
    for (const [index, a] of wanted.entries()) {
      const b = there[start + index] ?? emptyPairs;
      const share = Math.max(a.size, b.size) + 1;
      sum += share * alike(a, b);
      weight += share;
    }
    return weight === 0 ? 0 : sum / weight;
  });
};

type Pairs = { readonly size: number; readonly counts: ReadonlyMap<string, number> };

const emptyPairs: Pairs = { size: 0, counts: new Map() };

/** Pairs of neighbouring characters, blanks folded, so that a word moved or changed costs only itself. */
const pairsOf = (line: string): Pairs => {
  const text = ` ${line.trim().replaceAll(/\s+/g, ' ')} `;
  if (text.length <= 2) return emptyPairs;
  const counts = new Map<string, number>();
  for (let index = 0; index + 1 < text.length; index++) {
    const pair = text.slice(index, index + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return { size: text.length - 1, counts };
};

const alike = (a: Pairs, b: Pairs): number => {
  if (a.size === 0 && b.size === 0) return 1;
  let common = 0;
  for (const [pair, count] of a.counts) common += Math.min(count, b.counts.get(pair) ?? 0);
  return (2 * common) / (a.size + b.size);
};
