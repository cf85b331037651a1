import { hole, literal, unknownWord, type Word } from './command.ts';

/** What an expansion needs of the script around it. */
export type Variables = {
  readonly value: (name: string) => Word | null;
  /** Assigns, for `${x:=text}`. */
  readonly assign: (name: string, value: Word) => void;
  /** Expands the text on the right of an operator. */
  readonly expand: (text: string) => Word;
};

/** Deeper nesting is written to exhaust the reader. */
const maxNested = 40;

const form = /^(!?)(#?)([A-Za-z_]\w*|[0-9]+|[@*?$!#_-])(\[[^\]]*\])?([\s\S]*)$/;

/** `${…}`: what stands between the braces. Unknown values stay unknown; a default counts for an unset variable. */
export const expandParameter = (inside: string, variables: Variables): Word => {
  if (inside.split('${').length > maxNested) return unknownWord;
  const match = form.exec(inside);
  if (match === null) return unknownWord;
  const [, indirect, length, name = '', index, rest = ''] = match;
  const value = variables.value(name);
  if (indirect === '!') return indirectly(value, rest, variables);
  if (index !== undefined && !['[@]', '[*]'].includes(index)) return unknownWord;
  if (length === '#' && rest === '')
    return value?.known === true ? literal(String(value.text.length)) : unknownWord;
  return rest === '' ? (value ?? unknownWord) : operate({ name, value, rest, variables });
};

const indirectly = (value: Word | null, rest: string, variables: Variables): Word =>
  value?.known === true && rest === '' ? (variables.value(value.text) ?? unknownWord) : unknownWord;

const operate = (input: {
  readonly name: string;
  readonly value: Word | null;
  readonly rest: string;
  readonly variables: Variables;
}): Word => {
  const { name, value, rest, variables } = input;
  const [, operator = '', operand = ''] =
    /^(:?[-=?+]|##?|%%?|\/[/#%]?|\^\^?|,,?|:|@)([\s\S]*)$/.exec(rest) ?? [];
  switch (operator) {
    case ':-':
    case '-':
      return value !== null && !(operator === ':-' && value.text === '') ? value : variables.expand(operand);
    case ':=':
    case '=': {
      if (value !== null && value.text !== '') return value;
      const assigned = variables.expand(operand);
      variables.assign(name, assigned);
      return assigned;
    }
    case ':+':
    case '+':
      return value === null ? unknownWord : variables.expand(operand);
    case ':?':
    case '?':
      return value ?? unknownWord;
    default:
      return value?.known === true
        ? transform(value, operator, variables.expand(operand))
        : (value ?? unknownWord);
  }
};

const transform = (value: Word, operator: string, operand: Word): Word => {
  const { text } = value;
  if (operator === ':') return slice(text, operand.text);
  if (!operand.known || isDear(text, operand.text)) return unknownWord;
  const [pattern = '', replacement = ''] = splitOnce(operand.text);
  switch (operator) {
    case '#':
      return literal(text.replace(globToRegex(operand.text, '^', '', true), ''));
    case '##':
      return literal(text.replace(globToRegex(operand.text, '^', ''), ''));
    case '%':
      return literal(shortestTail(text, operand.text));
    case '%%':
      return literal(text.replace(globToRegex(operand.text, '', '$'), ''));
    case '/':
      return literal(text.replace(globToRegex(pattern, '', ''), () => replacement));
    case '//':
      return literal(
        text.replaceAll(new RegExp(globToRegex(pattern, '', '').source, 'g'), () => replacement),
      );
    case '^^':
      return literal(text.toUpperCase());
    case ',,':
      return literal(text.toLowerCase());
    case '^':
      return literal(text.slice(0, 1).toUpperCase() + text.slice(1));
    case ',':
      return literal(text.slice(0, 1).toLowerCase() + text.slice(1));
    default:
      return unknownWord;
  }
};

/** Each `*` may be tried at each place for each place of the one before. */
const isDear = (text: string, pattern: string): boolean =>
  pattern.length > 200 || text.length ** pattern.split('*').length > 1_000_000;

const slice = (text: string, operand: string): Word => {
  const match = /^\s*\(?(-?\d+)\)?\s*(?::\s*(-?\d+))?$/.exec(operand);
  if (match === null) return unknownWord;
  const start = Number(match[1]);
  const from = start < 0 ? Math.max(0, text.length + start) : start;
  if (match[2] === undefined) return literal(text.slice(from));
  const length = Number(match[2]);
  return literal(length < 0 ? text.slice(from, text.length + length) : text.slice(from, from + length));
};

const splitOnce = (text: string): readonly string[] => {
  const at = text.indexOf('/');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

/** `%` takes the shortest fitting tail: the start of it is looked for from the right. */
const shortestTail = (text: string, pattern: string): string => {
  const whole = globToRegex(pattern, '^', '$');
  for (let at = text.length; at >= 0; at -= 1) if (whole.test(text.slice(at))) return text.slice(0, at);
  return text;
};

const globToRegex = (glob: string, before: string, after: string, lazy = false): RegExp => {
  const body = glob
    .replace(/[.+^$()|{}\\]/g, '\\$&')
    .replace(/\[!/g, '[^')
    .replace(/\*+/g, lazy ? '[\\s\\S]*?' : '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]');
  try {
    return new RegExp(before + body + after);
  } catch {
    return new RegExp(hole);
  }
};
