import { hole } from './command.ts';
import { endOfBacktick, endOfBracket, endOfDouble, endOfSingle } from './quoting.ts';

/** More would be an attack on the judge itself, not work. */
const maxWords = 200;
const maxCharacters = 20_000;
/** Each group at least doubles the words. */
const maxDepth = 8;

export type Expanded = {
  readonly words: readonly string[];
  /** There are more of them, or some of a word is not expanded: what they are is not known. */
  readonly cut: boolean;
};

/** `a{b,c}` and `{1..3}` as the words that they stand for, quotes and expansions left as they are. */
export const expandBraces = (raw: string, depth = 0): Expanded => {
  if (!raw.includes('{')) return { words: [raw], cut: false };
  const group = firstGroup(raw);
  if (group === null) return { words: [raw], cut: false };
  if (depth > maxDepth) return { words: [raw], cut: true };
  const tails = expandBraces(raw.slice(group.end), depth + 1);
  const choices = group.choices.slice(0, maxWords).map((choice) => expandBraces(choice, depth + 1));
  const joined = join(
    raw.slice(0, group.start),
    choices.flatMap((choice) => choice.words),
    tails.words,
  );
  const whole = group.choices.length <= maxWords && !tails.cut && choices.every((choice) => !choice.cut);
  return { words: joined.words, cut: joined.cut || !whole };
};

/** Every choice with every tail, as far as they are not too many. */
const join = (head: string, choices: readonly string[], tails: readonly string[]): Expanded => {
  const words: string[] = [];
  let characters = 0;
  for (const choice of choices) {
    for (const tail of tails) {
      characters += head.length + choice.length + tail.length;
      if (words.length >= maxWords || characters > maxCharacters) return { words, cut: true };
      words.push(head + choice + tail);
    }
  }
  return { words, cut: false };
};

type Group = { readonly start: number; readonly end: number; readonly choices: readonly string[] };

type Open = { readonly start: number; readonly commas: number[] };
type Closed = Open & { readonly end: number };

/** The group that begins first, outer before inner. One pass: a line of open braces must not be read once for each. */
const firstGroup = (raw: string): Group | null => {
  const stack: Open[] = [];
  let first: Closed | null = null;
  let at = 0;
  while (at < raw.length && (first === null || stack.length > 0)) {
    const character = raw[at];
    if (character === '{') stack.push({ start: at, commas: [] });
    if (character === ',') stack.at(-1)?.commas.push(at);
    const open = character === '}' ? stack.pop() : undefined;
    if (open !== undefined && (open.commas.length > 0 || rangeIn(raw, open.start, at + 1) !== null))
      first = { ...open, end: at + 1 };
    at = character === '{' || character === '}' ? at + 1 : skip(raw, at);
  }
  return first === null ? null : { start: first.start, end: first.end, choices: choicesOf(raw, first) };
};

const rangeIn = (raw: string, start: number, end: number): RegExpExecArray | null =>
  /^\{(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?\}$/.exec(raw.slice(start, end));

const choicesOf = (raw: string, { start, end, commas }: Closed): readonly string[] => {
  const range = commas.length > 0 ? null : rangeIn(raw, start, end);
  if (range !== null) return sequence(range[1]!, range[2]!, range[3]);
  const edges = [start, ...commas, end - 1];
  return edges.slice(1).map((edge, index) => raw.slice(edges[index]! + 1, edge));
};

/** A long one ends with what is not known of it. */
const sequence = (from: string, to: string, by: string | undefined): readonly string[] => {
  const numeric = /\d/.test(from) && /\d/.test(to);
  const code = (text: string): number => (numeric ? Number(text) : text.charCodeAt(0));
  const step = Math.max(1, Math.abs(Number(by ?? 1))) * (code(to) < code(from) ? -1 : 1);
  const count = Math.floor((code(to) - code(from)) / step) + 1;
  const values = Array.from({ length: Math.min(maxWords - 1, count) }, (_, index) => {
    const value = code(from) + index * step;
    return numeric ? String(value) : String.fromCharCode(value);
  });
  return count > values.length ? [...values, hole] : values;
};

/** Behind what cannot hold a brace group that counts. */
const skip = (raw: string, at: number): number => {
  switch (raw[at]) {
    case '\\':
      return at + 2;
    case "'":
      return endOfSingle(raw, at + 1);
    case '"':
      return endOfDouble(raw, at + 1);
    case '`':
      return endOfBacktick(raw, at + 1);
    case '$':
      if (raw[at + 1] === '{') return endOfBracket(raw, at + 2, '}');
      if (raw[at + 1] === '(') return endOfBracket(raw, at + 2, ')');
      return at + 1;
    default:
      return at + 1;
  }
};
