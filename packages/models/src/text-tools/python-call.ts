import { readLenientJson } from './lenient-json.ts';

type Call = { readonly name: string; readonly arguments: unknown };

/**
 * Python-like calls and nothing else: `read(path="a.py")`, one a line, or in a list. Empty when anything in the text is
 * something else, because then it is code and no call.
 */
export const readPythonCalls = (text: string, tools: ReadonlySet<string>): readonly Call[] => {
  const trimmed = text.trim();
  const source = trimmed.startsWith('[') ? trimmed.slice(1).replace(/\]\s*$/, '') : trimmed;
  const calls: Call[] = [];
  let at = 0;
  while (at < source.length) {
    const read = readCall(source, at, tools);
    if (read === null) return [];
    calls.push(read.call);
    at = read.end + /^[\s,;]*/.exec(source.slice(read.end))![0].length;
  }
  return calls;
};

const readCall = (
  text: string,
  at: number,
  tools: ReadonlySet<string>,
): { readonly call: Call; readonly end: number } | null => {
  const head = /([A-Za-z_][\w.-]*)\s*\(\s*/y;
  head.lastIndex = at;
  const name = head.exec(text)?.[1]?.replace(/^(functions?|tools?|default_api)\./, '');
  if (name === undefined || !tools.has(name)) return null;
  const whole = text[head.lastIndex] === '{' ? readLenientJson(text, head.lastIndex) : null;
  if (whole !== null) return closed(text, whole.end, { name, arguments: whole.value });
  const entries: [string, unknown][] = [];
  let next = head.lastIndex;
  while (next < text.length && text[next] !== ')') {
    const key = /([A-Za-z_]\w*)\s*[=:]\s*/y;
    key.lastIndex = next;
    const field = key.exec(text)?.[1];
    if (field === undefined) return null;
    const value = readLenientJson(text, key.lastIndex);
    if (value === null) return null;
    entries.push([field, value.value]);
    next = value.end + /^[\s,]*/.exec(text.slice(value.end))![0].length;
  }
  return closed(text, next, { name, arguments: Object.fromEntries(entries) });
};

/** The closing parenthesis may be missing at the end of the text only. */
const closed = (
  text: string,
  at: number,
  call: Call,
): { readonly call: Call; readonly end: number } | null => {
  const end = at + /^\s*/.exec(text.slice(at))![0].length;
  if (text[end] === ')') return { call, end: end + 1 };
  return end >= text.length ? { call, end } : null;
};
