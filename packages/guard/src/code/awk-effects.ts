import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Where } from './code-effects.ts';

type Token = { readonly type: 'text' | 'word' | 'sign' | 'expression'; readonly text: string };

/** awk: `system()`, pipes to and from commands, files written. Field access and arithmetic do nothing. */
export const awkEffects = (program: string, where: Where): readonly Effect[] => {
  const tokens = tokensOf(program);
  const variables = variablesOf(tokens);
  const effects: Effect[] = [{ type: 'run', program: 'awk', origin: 'known', what: 'runs an awk program' }];
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (token.type === 'word' && token.text === 'system' && next?.text === '(')
      effects.push(...command(textAfter(tokens, at + 2, variables), where));
    else if (token.text === '|' || token.text === '|&') effects.push(...piped(tokens, at, variables, where));
    else if ((token.text === '>' || token.text === '>>') && printsBefore(tokens, at))
      effects.push(...written(token.text, textAfter(tokens, at + 1, variables), where));
    else if (token.text === '<' && tokens[at - 1]?.text === 'getline')
      effects.push({ type: 'read', path: where.path(textAfter(tokens, at + 1, variables)) });
    else if (token.text === '@' && /^(?:load|include)$/.test(next?.text ?? ''))
      effects.push({ type: 'opaque', at: 'code', what: 'loads more code' });
    else if (token.type === 'text' && /^\/inet\d?\//.test(token.text)) effects.push(inet(token.text, tokens));
  }
  if (program.includes('@') && /@\w+\s*\(/.test(program.replace(/"(?:\\.|[^"\\])*"/g, '')))
    effects.push({ type: 'opaque', at: 'code', what: 'calls a function by a name made as it runs' });
  return effects;
};

const command = (text: string, where: Where): readonly Effect[] =>
  text.replaceAll(hole, '').trim() === ''
    ? [{ type: 'opaque', at: 'command', what: 'starts a command that is not known' }]
    : where.shell(text.replaceAll(hole, '$not_known'));

const piped = (
  tokens: readonly Token[],
  at: number,
  variables: ReadonlyMap<string, string>,
  where: Where,
): readonly Effect[] =>
  tokens[at + 1]?.text === 'getline'
    ? command(textBefore(tokens, at, variables), where)
    : command(textAfter(tokens, at + 1, variables), where);

const written = (operator: string, target: string, where: Where): readonly Effect[] => {
  if (target === '/dev/stderr' || target === '/dev/stdout') return [];
  return [{ type: 'write', path: where.path(target), how: operator === '>>' ? 'append' : 'overwrite' }];
};

const inet = (address: string, tokens: readonly Token[]): Effect =>
  tokens.some((token) => token.text === 'getline') &&
  tokens.some((token) => token.text === '|' || token.text === '|&')
    ? { type: 'reverseShell', what: 'ties a shell to a connection' }
    : {
        type: 'reach',
        host: address.split('/')[4] ?? null,
        how: 'query',
        local: false,
        what: 'opens a connection',
      };

/** `print … > file`: a comparison stands in brackets or in a pattern, never bare after print. */
const maxStatement = 200;

const printsBefore = (tokens: readonly Token[], at: number): boolean => {
  let depth = 0;
  for (let index = at - 1; index >= 0; index -= 1) {
    if (at - index > maxStatement) return true;
    const { text, type } = tokens[index]!;
    if (type !== 'sign' && (text === 'print' || text === 'printf')) return depth === 0;
    if (type !== 'sign') continue;
    if (text === ')') depth += 1;
    else if (text === '(') depth -= 1;
    else if (depth <= 0 && /^[;{}\n]$/.test(text)) return false;
    if (depth < 0) return false;
  }
  return false;
};

const textAfter = (
  tokens: readonly Token[],
  from: number,
  variables: ReadonlyMap<string, string>,
): string => {
  let text = '';
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.type === 'sign' && token.text !== '(' && token.text !== '$') break;
    text +=
      token.type === 'text'
        ? token.text
        : token.type === 'word'
          ? (variables.get(token.text) ?? hole)
          : token.type === 'expression' || token.text === '$'
            ? hole
            : '';
  }
  return text === '' ? hole : text.replace(/\uFFFC+/g, hole);
};

const textBefore = (tokens: readonly Token[], at: number, variables: ReadonlyMap<string, string>): string => {
  let from = at;
  while (
    from > 0 &&
    (tokens[from - 1]!.type !== 'sign' || /^[()$]$/.test(tokens[from - 1]!.text)) &&
    !/^(?:while|if|print)$/.test(tokens[from - 1]!.text)
  )
    from -= 1;
  return textAfter(tokens.slice(0, at), from, variables);
};

/** Variables that hold one text only. */
const variablesOf = (tokens: readonly Token[]): ReadonlyMap<string, string> => {
  const variables = new Map<string, string>();
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'word' || tokens[at + 1]?.text !== '=') continue;
    const value = tokens[at + 2];
    const ends = /^[;}\n]?$/.test(tokens[at + 3]?.text ?? '');
    variables.set(
      token.text,
      value?.type === 'text' && ends && !variables.has(token.text) ? value.text : hole,
    );
  }
  return variables;
};

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '/': '/',
  '"': '"',
  '\\': '\\',
};

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|([\s\S]))/gi,
    (_, x?: string, octal?: string, single?: string) =>
      x !== undefined
        ? String.fromCharCode(Number.parseInt(x, 16))
        : octal !== undefined
          ? String.fromCharCode(Number.parseInt(octal, 8))
          : (escapes[single ?? ''] ?? single ?? ''),
  );

const tokensOf = (program: string): readonly Token[] => {
  const tokens: Token[] = [];
  const pattern =
    /(\\\n|[ \t\r]+|#[^\n]*)|"((?:\\[\s\S]|[^"\\])*)(?:"|$)|([A-Za-z_]\w*)|(\d[\d.]*|\uFFFC)|(\|\||&&|>>|\|&|[<>=!~]=|[\s\S])/g;
  for (let match = pattern.exec(program); match !== null; match = pattern.exec(program)) {
    const [, skip, text, word, number, sign] = match;
    if (skip !== undefined) continue;
    if (text !== undefined) tokens.push({ type: 'text', text: unescaped(text) });
    else if (word !== undefined) tokens.push({ type: 'word', text: word });
    else if (number !== undefined) tokens.push({ type: 'expression', text: number });
    else if (sign === '/' && beginsPattern(tokens.at(-1))) {
      const end = /^(?:\\[\s\S]|\[\^?\]?[^\]\n]*\]|[^/\n\\[])*\//.exec(program.slice(pattern.lastIndex));
      pattern.lastIndex += end?.[0].length ?? 0;
      tokens.push({ type: 'expression', text: '/' });
    } else tokens.push({ type: 'sign', text: sign ?? '' });
  }
  return tokens;
};

/** After a value a slash divides; anywhere else it opens a pattern. */
const beginsPattern = (before: Token | undefined): boolean =>
  before === undefined ||
  (before.type === 'sign' && !/^[)\]]$/.test(before.text)) ||
  /^(?:in|print|return)$/.test(before.text);
