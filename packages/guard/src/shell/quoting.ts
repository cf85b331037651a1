/** Where a stretch that the shell reads as one ends. All offsets are of the first character behind it. */

/** Behind the `'` that closes a single-quoted text opened before `at`. */
export const endOfSingle = (text: string, at: number): number => {
  const end = text.indexOf("'", at);
  return end === -1 ? text.length : end + 1;
};

/** Behind the `'` that closes a `$'…'` text, where a backslash escapes it. */
export const endOfAnsi = (text: string, at: number): number => {
  for (let index = at; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === "'") return index + 1;
  }
  return text.length;
};

/** Behind the `"` that closes a double-quoted text opened before `at`. */
export const endOfDouble = (text: string, at: number): number => {
  let index = at;
  while (index < text.length) {
    const character = text[index];
    if (character === '"') return index + 1;
    index = character === '\\' ? index + 2 : endOfPiece(text, index);
  }
  return text.length;
};

/** Behind the backtick that closes one opened before `at`. */
export const endOfBacktick = (text: string, at: number): number => {
  for (let index = at; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '`') return index + 1;
  }
  return text.length;
};

/** Behind the bracket that closes one opened before `at`, with everything nested inside it. */
export const endOfBracket = (text: string, at: number, close: ')' | '}'): number => {
  const open = close === ')' ? '(' : '{';
  let depth = 1;
  let index = at;
  while (index < text.length) {
    const character = text[index];
    if (character === close) {
      depth -= 1;
      index += 1;
      if (depth === 0) return index;
      continue;
    }
    if (character === open) depth += 1;
    if (character === '\\') index += 2;
    else if (character === "'") index = endOfSingle(text, index + 1);
    else if (character === '"') index = endOfDouble(text, index + 1);
    else if (character === open) index += 1;
    else index = endOfPiece(text, index);
  }
  return text.length;
};

/** Behind a substitution that starts at `at`, or behind the one character there. */
const endOfPiece = (text: string, at: number): number => {
  if (text[at] === '`') return endOfBacktick(text, at + 1);
  if (text[at] !== '$') return at + 1;
  if (text[at + 1] === '(') return endOfBracket(text, at + 2, ')');
  if (text[at + 1] === '{') return endOfBracket(text, at + 2, '}');
  return at + 1;
};
