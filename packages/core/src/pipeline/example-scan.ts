/** Where pieces of an expression end in text that may be code, a comment or a sentence. Offsets; null: not found. */

/** An expression longer than this is no example that a person wrote. */
const maxExpression = 2_000;
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The offset after the bracket that closes the one at `open`; strings inside are skipped. */
export const balancedEnd = (text: string, open: number): number | null => {
  const stack: string[] = [];
  const limit = Math.min(text.length, open + maxExpression);
  for (let at = open; at < limit; at += 1) {
    const letter = text.charAt(at);
    const closer = closers[letter];
    if (closer !== undefined) stack.push(closer);
    else if (letter === ')' || letter === ']' || letter === '}') {
      if (stack.pop() !== letter) return null;
      if (stack.length === 0) return at + 1;
    } else if (letter === '"' || letter === "'" || letter === '`') {
      const end = stringEnd(text, at);
      if (end === null) return null;
      at = end - 1;
    }
    if (stack.length === 0) return null;
  }
  return null;
};

/** The offset after the string that opens at `open`; a quoted or double-quoted one ends on its line. */
export const stringEnd = (text: string, open: number): number | null => {
  const quote = text.charAt(open);
  const limit = Math.min(text.length, open + maxExpression);
  for (let at = open + 1; at < limit; at += 1) {
    const letter = text.charAt(at);
    if (letter === '\\') at += 1;
    else if (letter === quote) return at + 1;
    else if (letter === '\n' && quote !== '`') return null;
  }
  return null;
};

const word =
  /^(?:[-+]?(?:0[xXbBoO][\da-fA-F_]+n?|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?n?|\.\d+|Infinity|inf)\b|(?:true|false|null|undefined|NaN|None|True|False)\b)/;
const constructed =
  /^(?:new\s+(?:Map|Set|Date)|Map|Set|set|frozenset|dict|list|tuple|Decimal|Fraction|Counter|OrderedDict|defaultdict|float|[rbu](?=["']))/;

/** The offset after a literal that starts at `from`: a number, a string, a constant, a list, a mapping. */
export const literalEnd = (text: string, from: number): number | null => {
  const rest = text.slice(from, from + 60);
  const first = rest.charAt(0);
  if (first === '"' || first === "'") return stringEnd(text, from);
  if (first === '[' || first === '{' || first === '(') return balancedEnd(text, from);
  const plain = word.exec(rest);
  if (plain !== null) return from + plain[0].length;
  const maker = constructed.exec(rest);
  if (maker === null) return null;
  const next = from + maker[0].length;
  return text.charAt(next) === '(' ? balancedEnd(text, next) : stringLiteral(text, next);
};

const stringLiteral = (text: string, at: number): number | null =>
  text.charAt(at) === '"' || text.charAt(at) === "'" ? stringEnd(text, at) : null;

/** The offset after the expression that starts at `from` in code: up to a comma, a closer, a comment or the line's end. */
export const valueEnd = (text: string, from: number): number | null => {
  const limit = Math.min(text.length, from + maxExpression);
  let at = from;
  while (at < limit) {
    const letter = text.charAt(at);
    if (closers[letter] !== undefined) {
      const end = balancedEnd(text, at);
      if (end === null) return null;
      at = end;
    } else if (letter === '"' || letter === "'" || (letter === '`' && at === from)) {
      const end = stringEnd(text, at);
      if (end === null) return null;
      at = end;
    } else if (
      /[,)\]};\n`#]/.test(letter) ||
      /^(?:\/\/|\s(?:and|or|&&|\|\|)\s|\.(?:\s|$))/.test(text.slice(at, at + 6))
    ) {
      break;
    } else at += 1;
  }
  return text.slice(from, at).trim() === '' ? null : at;
};
