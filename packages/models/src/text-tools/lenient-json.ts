/** A value read from `text`, and the offset after it. */
export type Lenient = { readonly value: unknown; readonly end: number };

/** Deeper than any arguments; a text of brackets must not overflow the stack. */
const maxDepth = 64;

const isSpace = (char: string | undefined): boolean => char !== undefined && /\s/.test(char);

const skipSpace = (text: string, at: number): number => {
  let index = at;
  while (isSpace(text[index])) index += 1;
  return index;
};

/**
 * Reads one JSON value as models write it: single or triple quotes, bare keys, trailing commas, raw line breaks and
 * unescaped quotes in strings, Python's constants, and closing brackets forgotten at the end. Valid JSON reads as
 * `JSON.parse` reads it. Null when there is no value at `start`.
 */
export const readLenientJson = (text: string, start = 0): Lenient | null => readValue(text, start, 0);

const readValue = (text: string, start: number, depth: number): Lenient | null => {
  const at = skipSpace(text, start);
  const char = text[at];
  if (char === undefined || depth > maxDepth) return null;
  if (char === '{') return readObject(text, at, depth);
  if (char === '[') return readArray(text, at, depth);
  if (char === '"' || char === "'" || char === '`') return readString(text, at, depth === 0);
  return readScalar(text, at);
};

const readObject = (text: string, start: number, depth: number): Lenient | null => {
  const entries: [string, unknown][] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== '}') {
    const key = readKey(text, at);
    if (key === null) return null;
    at = skipSpace(text, key.end);
    if (at >= text.length && entries.length > 0) break; // cut off in a key: what came before still counts
    if (text[at] !== ':' && text[at] !== '=') return null;
    const value = readValue(text, at + 1, depth + 1);
    if (value === null) return null;
    entries.push([key.value, value.value]);
    at = afterItem(text, value.end);
    if (at < 0) return null;
    if (text[at] === ']') break; // the brace before this bracket was forgotten
  }
  return { value: Object.fromEntries(entries), end: text[at] === '}' ? at + 1 : at };
};

const readArray = (text: string, start: number, depth: number): Lenient | null => {
  const items: unknown[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== ']') {
    const value = readValue(text, at, depth + 1);
    if (value === null) return null;
    items.push(value.value);
    at = afterItem(text, value.end);
    if (at < 0) return null;
    if (text[at] === '}') break; // the bracket before this brace was forgotten
  }
  return { value: items, end: text[at] === ']' ? at + 1 : at };
};

/** Past the comma after an item; at the closing bracket or the end; -1 where something else stands. */
const afterItem = (text: string, end: number): number => {
  const at = skipSpace(text, end);
  if (text[at] === ',') return skipSpace(text, at + 1);
  return at >= text.length || text[at] === '}' || text[at] === ']' ? at : -1;
};

const readKey = (text: string, at: number): { readonly value: string; readonly end: number } | null => {
  if (text[at] === '"' || text[at] === "'") return readString(text, at);
  const bare = /[\w$-]+/y;
  bare.lastIndex = at;
  const match = bare.exec(text);
  return match === null ? null : { value: match[0], end: bare.lastIndex };
};

const constants: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
  undefined: null,
};

const readScalar = (text: string, at: number): Lenient | null => {
  const token = /[^\s,\]}):]+/y;
  token.lastIndex = at;
  const match = token.exec(text);
  if (match === null) return null;
  const word = match[0];
  if (Object.hasOwn(constants, word)) return { value: constants[word], end: token.lastIndex };
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)
    ? { value: Number(word), end: token.lastIndex }
    : null;
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

const readString = (
  text: string,
  at: number,
  outermost = false,
): { readonly value: string; readonly end: number } => {
  const triple = text.slice(at, at + 3);
  const quote = triple === '"""' || triple === "'''" ? triple : text[at]!;
  let value = '';
  let index = at + quote.length;
  while (index < text.length) {
    if (text[index] === '\\') {
      const read = readEscape(text, index);
      value += read.value;
      index = read.end;
    } else if (text.startsWith(quote, index) && (quote.length === 3 || closes(text, index + 1, outermost))) {
      return { value, end: index + quote.length };
    } else {
      value += text[index];
      index += 1;
    }
  }
  return { value, end: text.length };
};

/** Only these may follow a string (and, after an argument of a call, the end of the call): another quote is text. */
const closes = (text: string, after: number, outermost: boolean): boolean => {
  const next = text[skipSpace(text, after)];
  return next === undefined || ',}]:'.includes(next) || (outermost && next === ')');
};

const readEscape = (text: string, at: number): { readonly value: string; readonly end: number } => {
  const char = text[at + 1];
  if (char === undefined) return { value: '', end: at + 1 };
  const code = /^[0-9a-fA-F]{4}$/.exec(text.slice(at + 2, at + 6));
  if (char === 'u' && code !== null) {
    return { value: String.fromCharCode(Number.parseInt(code[0], 16)), end: at + 6 };
  }
  if (char === '\n') return { value: '', end: at + 2 };
  return { value: escapes[char] ?? (/["'`\\/]/.test(char) ? char : `\\${char}`), end: at + 2 };
};
