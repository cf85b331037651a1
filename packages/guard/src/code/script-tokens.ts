import type { CodeLanguageName } from '../effects/describe.ts';

export type ScriptLanguage = Extract<CodeLanguageName, 'perl' | 'ruby' | 'php' | 'lua' | 'applescript'>;

/** `command`: text between backticks; `plain` text knows no variables inside it. */
export type ScriptToken = {
  readonly type: 'text' | 'plain' | 'command' | 'word' | 'variable' | 'number' | 'pattern' | 'sign';
  readonly text: string;
};

type Shape = { readonly comment: RegExp; readonly word: RegExp };

const name = /[A-Za-z_]\w*[!?]?/;
const dotted = /[A-Za-z_]\w*(?:(?:::|\.|:)[A-Za-z_]\w*)*[!?]?/;
const shapes: Readonly<Record<ScriptLanguage, Shape>> = {
  perl: { comment: /#[^\n]*/, word: /[A-Za-z_]\w*(?:::\w+)*/ },
  ruby: { comment: /#[^\n]*/, word: dotted },
  php: { comment: /\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//, word: /[A-Za-z_\\]\w*(?:::\w+)*/ },
  lua: { comment: /--\[\[[\s\S]*?\]\]|--[^\n]*/, word: dotted },
  applescript: { comment: /--[^\n]*|\(\*[\s\S]*?\*\)/, word: name },
};

const closing: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']', '<': '>' };

/** Strings, names and signs of a script; comments and blanks are gone, a line's end stays as a sign. */
export const scriptTokens = (language: ScriptLanguage, text: string): readonly ScriptToken[] => {
  const { comment, word } = shapes[language];
  const pattern = new RegExp(
    [
      `(?<skip>[ \\t\\r]+|\\\\\\n|${comment.source})`,
      `(?<text>"(?:\\\\[\\s\\S]|[^"\\\\])*(?:"|$))`,
      `(?<plain>'(?:\\\\[\\s\\S]|[^'\\\\])*(?:'|$)|\\[\\[[\\s\\S]*?\\]\\])`,
      '(?<command>`(?:\\\\[\\s\\S]|[^`\\\\])*(?:`|$))',
      `(?<quote>(?<![\\w$@%])(?:qx|qq|q|%x|%q|%Q)\\s?(?=[{(\\[<|/!]))`,
      `(?<variable>[$@%&]\\{?\\^?\\w+\\}?)`,
      `(?<word>${word.source})`,
      `(?<number>\\d[\\w.]*)`,
      `(?<sign>=>|=~|==|!=|->|\\|\\||&&|\\.\\.|::|[\\s\\S])`,
    ].join('|'),
    'g',
  );
  const tokens: ScriptToken[] = [];
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const groups = match.groups!;
    if (groups.skip !== undefined) continue;
    if (groups.quote !== undefined) tokens.push(quoted(groups.quote, text, pattern));
    else if (groups.sign === '/' && language !== 'lua' && beginsPattern(tokens.at(-1))) {
      pattern.lastIndex +=
        /^(?:\\[\s\S]|[^/\n\\])*\/\w*/.exec(text.slice(pattern.lastIndex))?.[0].length ?? 0;
      tokens.push({ type: 'pattern', text: '' });
    } else tokens.push(tokenOf(groups));
  }
  return tokens;
};

const tokenOf = (groups: Readonly<Record<string, string | undefined>>): ScriptToken => {
  if (groups.text !== undefined) return { type: 'text', text: unescaped(groups.text.replace(/^"|"$/g, '')) };
  if (groups.plain !== undefined)
    return { type: 'plain', text: groups.plain.replace(/^(?:'|\[\[)|(?:'|\]\])$/g, '') };
  if (groups.command !== undefined) return { type: 'command', text: groups.command.replace(/^`|`$/g, '') };
  if (groups.variable !== undefined) return { type: 'variable', text: groups.variable.replace(/[{}]/g, '') };
  if (groups.word !== undefined) return { type: 'word', text: groups.word };
  if (groups.number !== undefined) return { type: 'number', text: groups.number };
  return { type: 'sign', text: groups.sign ?? '' };
};

/** `qx{…}`, `%x(…)`, `q/…/`. */
const quoted = (opener: string, text: string, pattern: RegExp): ScriptToken => {
  const open = text[pattern.lastIndex]!;
  const close = closing[open] ?? open;
  let depth = 0;
  let at = pattern.lastIndex + 1;
  for (; at < text.length && !(text[at] === close && depth === 0); at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === open && close !== open) depth += 1;
    else if (text[at] === close) depth -= 1;
  }
  const inner = text.slice(pattern.lastIndex + 1, at);
  pattern.lastIndex = at + 1;
  const type = opener.includes('x') ? 'command' : /^(?:q|%q)\s?$/.test(opener) ? 'plain' : 'text';
  return { type, text: inner };
};

const beginsPattern = (before: ScriptToken | undefined): boolean =>
  before === undefined ||
  (before.type === 'sign' && !/^[)\]}]$/.test(before.text)) ||
  before.text === 'split';

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\x1b', '0': '\0' };

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x\{?([0-9a-f]{1,4})\}?|([0-7]{2,3})|([\s\S]))/gi,
    (_, x?: string, octal?: string, single?: string) => {
      if (x !== undefined) return String.fromCharCode(Number.parseInt(x, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return escapes[single ?? ''] ?? single ?? '';
    },
  );
