import { hole } from '../shell/command.ts';
import { environmentVariable, fold } from './fold.ts';
import type { Call, IsSecret } from './program.ts';
import type { ScriptToken } from './script-tokens.ts';
import { concatenate, listValue, marks, textValue, unknown, unknownWith, type Value } from './value.ts';

const stops = /^(?:if|unless|while|until|and|or|do|then|end|for|foreach|with)$/;
const joins = /^(?:\.|\+|\.\.|&)$/;

/** Functions that compute, by the name under which `fold` knows them. */
const computed: Readonly<Record<string, string>> = {
  base64_decode: 'base64.b64decode',
  decode_base64: 'base64.b64decode',
  'MIME::Base64::decode_base64': 'base64.b64decode',
  'Base64.decode64': 'base64.b64decode',
  'Base64.strict_decode64': 'base64.b64decode',
  hex2bin: 'bytes.fromhex',
  chr: 'chr',
  'string.char': 'String.fromCharCode',
  strrev: 'reversed',
  gzinflate: 'zlib.decompress',
  gzuncompress: 'zlib.decompress',
  str_rot13: 'codecs.decode',
  'Net::HTTP.get': 'requests.get',
  'URI.open': 'requests.get',
  get: 'requests.get',
  'LWP::Simple::get': 'requests.get',
  curl_exec: 'requests.get',
  'http.request': 'requests.get',
  'ENV.to_h': 'os.environ.copy',
  'File.join': 'os.path.join',
  'Dir.home': 'os.homedir',
  'Dir.glob': 'glob.glob',
  glob: 'glob.glob',
};

/** Calls of a script, as far as tokens show them: a name, then its arguments in brackets or up to the statement's end. Null where that takes too long. */
export const scriptCalls = (tokens: readonly ScriptToken[], isSecret: IsSecret): readonly Call[] | null => {
  const reader: Reader = { tokens, isSecret, variables: new Map(), depth: 0, steps: 0 };
  for (const [at, token] of tokens.entries()) bindVariable(token, at, reader);
  const calls: Call[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'command') calls.push(callOf('`', [interpolated(token.text, reader)], token.text));
    else if (token.type === 'word' && !stops.test(token.text))
      calls.push(callOf(token.text, argumentsAt(at + 1, reader).values, token.text));
  }
  return reader.steps > maxSteps ? null : calls;
};

type Reader = {
  readonly tokens: readonly ScriptToken[];
  readonly isSecret: IsSecret;
  readonly variables: Map<string, Value>;
  depth: number;
  steps: number;
};

const callOf = (name: string, args: readonly Value[], text: string): Call => ({
  name,
  args,
  named: new Map(),
  receiver: null,
  text,
});

const bindVariable = (token: ScriptToken, at: number, reader: Reader): void => {
  if (reader.tokens[at + 1]?.text !== '=' || !/^(?:variable|word)$/.test(token.type)) return;
  const value = expression(at + 2, reader).value;
  reader.variables.set(token.text, reader.variables.has(token.text) ? unknownWith(value.marks) : value);
};

const maxDepth = 40;
/** Terms read in all, those of nested calls again and again. */
const maxSteps = 30_000;
const maxTerms = 100;

const argumentsAt = (
  from: number,
  reader: Reader,
): { readonly values: readonly Value[]; readonly end: number } => {
  const bracket = reader.tokens[from]?.text === '(' && reader.tokens[from]?.type === 'sign';
  const values: Value[] = [];
  let at = bracket ? from + 1 : from;
  if (reader.depth > maxDepth) return { values, end: at };
  reader.depth += 1;
  while (at < reader.tokens.length && values.length < 200) {
    const before = at;
    const { value, end } = expression(at, reader);
    if (end > before) values.push(value);
    at = end;
    const separator = reader.tokens[at]?.text;
    if (separator === ',' || separator === '=>' || (bracket && separator === '\n')) at += 1;
    else break;
  }
  reader.depth -= 1;
  return { values, end: bracket && reader.tokens[at]?.text === ')' ? at + 1 : at };
};

/** Terms joined by the signs that put texts together; anything else makes the rest unknown. */
const expression = (from: number, reader: Reader): { readonly value: Value; readonly end: number } => {
  const parts: Value[] = [];
  let at = from;
  for (let token = reader.tokens[at]; token !== undefined; token = reader.tokens[at]) {
    reader.steps += 1;
    if (reader.steps > maxSteps || parts.length > maxTerms)
      return { value: unknown, end: reader.tokens.length };
    if (token.type === 'sign') {
      if (joins.test(token.text)) at += 1;
      else if (token.text === '[' || token.text === '(') {
        const list = argumentsAt(at + 1, reader);
        parts.push(list.values.length === 1 && token.text === '(' ? list.values[0]! : listValue(list.values));
        at = skipTo(list.end, reader) + 1;
      } else if (/^[-:\\<>|?*{$@%]$|^->$|^\|\|$/.test(token.text)) {
        parts.push(unknown);
        at += 1;
      } else break;
      continue;
    }
    if (token.type === 'word' && stops.test(token.text)) break;
    const term = termAt(at, token, reader);
    parts.push(term.value);
    at = term.end;
  }
  return { value: parts.length === 1 ? parts[0]! : concatenate(parts), end: at };
};

const skipTo = (from: number, reader: Reader): number => {
  const closes = reader.tokens.findIndex((token, at) => at >= from && /^[)\];\n]$/.test(token.text));
  return closes === -1 ? reader.tokens.length : closes;
};

const termAt = (
  at: number,
  token: ScriptToken,
  reader: Reader,
): { readonly value: Value; readonly end: number } => {
  switch (token.type) {
    case 'text':
      return { value: interpolated(token.text, reader), end: at + 1 };
    case 'plain':
    case 'number':
      return { value: textValue(token.text), end: at + 1 };
    case 'variable':
      if (/^(?:%|\$_?)?ENV$/.test(token.text) && /^[[{]$/.test(reader.tokens[at + 1]?.text ?? ''))
        return oneVariable(at, reader);
      return { value: variable(token.text, reader), end: at + 1 };
    case 'word': {
      if (token.text === 'ENV' && reader.tokens[at + 1]?.text === '[') return oneVariable(at, reader);
      if (reader.tokens[at + 1]?.text !== '(') return { value: variable(token.text, reader), end: at + 1 };
      const given = argumentsAt(at + 1, reader);
      const known = computed[token.text];
      const call = callOf(
        known ?? token.text,
        token.text === 'str_rot13' ? [...given.values, textValue('rot13')] : given.values,
        token.text,
      );
      return { value: fold(call, reader.isSecret), end: given.end };
    }
    case 'command':
    case 'pattern':
    case 'sign':
      return { value: unknown, end: at + 1 };
  }
};

/** `ENV['HOME']`, `$ENV{HOME}`. */
const oneVariable = (at: number, reader: Reader): { readonly value: Value; readonly end: number } => ({
  value: environmentVariable(textValue(reader.tokens[at + 2]?.text ?? '')),
  end: at + 4,
});

const outside = /^(?:\$_(?:GET|POST|REQUEST|COOKIE|SERVER)|@?\$?ARGV|params|gets|arg|\$argv)$/;

const variable = (name: string, reader: Reader): Value => {
  if (outside.test(name)) return unknownWith(marks.input);
  if (/^(?:%ENV|ENV|\$_ENV)$/.test(name)) return unknownWith(marks.environment);
  return reader.variables.get(name) ?? unknown;
};

/** Variables and code inside a string. */
const interpolated = (text: string, reader: Reader): Value => {
  const parts = text.split(/(#\{[^}]*\}|\{?\$\{?\w+\}?(?:\[[^\]]*\]|->\w+)*\}?|@\w+)/);
  const values = parts.map((part, at) => {
    if (at % 2 === 0) return textValue(part);
    const name = part.replace(/^#\{|[{}]/g, '');
    return reader.variables.get(name) ?? reader.variables.get(name.replace(/^\$/, '')) ?? textValue(hole);
  });
  return concatenate(values);
};
