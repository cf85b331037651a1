import { endOfBacktick, endOfBracket, endOfDouble, endOfSingle } from './quoting.ts';

/** More would be an attack on the judge itself, not work. */
const maxWords = 200;
const maxDepth = 60;

/** `a{b,c}` and `{1..3}` as the words that they stand for, quotes and expansions left as they are. */
export const expandBraces = (raw: string, depth = 0): readonly string[] => {
  if (!raw.includes('{') || depth > maxDepth) return [raw];
  const group = firstGroup(raw);
  if (group === null) return [raw];
  const head = raw.slice(0, group.start);
  const tails = expandBraces(raw.slice(group.end), depth + 1);
  return group.choices
    .slice(0, Math.ceil(maxWords / tails.length))
    .flatMap((choice) => expandBraces(choice, depth + 1))
    .flatMap((choice) => tails.map((tail) => head + choice + tail))
    .slice(0, maxWords);
};

type Group = { readonly start: number; readonly end: number; readonly choices: readonly string[] };

const firstGroup = (raw: string): Group | null => {
  let at = 0;
  while (at < raw.length) {
    if (raw[at] === '{') {
      const group = groupAt(raw, at);
      if (group !== null) return group;
      at += 1;
    } else at = skip(raw, at);
  }
  return null;
};

const groupAt = (raw: string, start: number): Group | null => {
  const commas: number[] = [];
  let depth = 1;
  let at = start + 1;
  while (at < raw.length) {
    const character = raw[at];
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth === 0) return closed(raw, { start, end: at + 1, commas });
    if (character === ',' && depth === 1) commas.push(at);
    at = character === '{' || character === '}' ? at + 1 : skip(raw, at);
  }
  return null;
};

const closed = (
  raw: string,
  found: { readonly start: number; readonly end: number; readonly commas: readonly number[] },
): Group | null => {
  const { start, end, commas } = found;
  if (commas.length > 0) {
    const edges = [start, ...commas, end - 1];
    const choices = edges.slice(1).map((edge, index) => raw.slice(edges[index]! + 1, edge));
    return { start, end, choices };
  }
  const range = /^(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?$/.exec(raw.slice(start + 1, end - 1));
  return range === null ? null : { start, end, choices: sequence(range[1]!, range[2]!, range[3]) };
};

const sequence = (from: string, to: string, by: string | undefined): readonly string[] => {
  const numeric = /\d/.test(from) && /\d/.test(to);
  const code = (text: string): number => (numeric ? Number(text) : text.charCodeAt(0));
  const step = Math.max(1, Math.abs(Number(by ?? 1))) * (code(to) < code(from) ? -1 : 1);
  const count = Math.min(maxWords, Math.floor((code(to) - code(from)) / step) + 1);
  return Array.from({ length: count }, (_, index) => {
    const value = code(from) + index * step;
    return numeric ? String(value) : String.fromCharCode(value);
  });
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
