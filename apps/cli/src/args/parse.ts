import type { Command, Option } from './command.ts';
import { nearest } from './nearest.ts';

/** What was typed after the command's name. An option that was not given is absent. */
export type Parsed = {
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
};

export type ParseResult =
  | { readonly type: 'parsed'; readonly parsed: Parsed }
  | { readonly type: 'refused'; readonly message: string };

/** Reads the words after a command by its table. Never throws; a refusal says what to type instead. */
export const parse = (command: Command, words: readonly string[]): ParseResult => {
  const state: State = { switches: new Set(), values: new Map(), positionals: [] };
  for (let index = 0; index < words.length; ) {
    const word = words[index]!;
    if (word === '--') {
      state.positionals.push(...words.slice(index + 1));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      state.positionals.push(word);
      index += 1;
      continue;
    }
    const taken = take(command, state, { word, next: words[index + 1] });
    if (typeof taken === 'string') return refused(command, taken);
    index += taken;
  }
  const { least, most } = command.positionals;
  const extra = state.positionals[most];
  if (extra !== undefined)
    return refused(command, `"${shorten(extra)}" is one argument too many${quoteHint(state)}`);
  if (state.positionals.length < least) return refused(command, `something is missing: ${command.usage}`);
  return { type: 'parsed', parsed: state };
};

type State = {
  readonly switches: Set<string>;
  readonly values: Map<string, string>;
  readonly positionals: string[];
};

/** Reads one option; the number of words it took, or what is wrong with it. */
const take = (
  command: Command,
  state: State,
  { word, next }: { readonly word: string; readonly next: string | undefined },
): number | string => {
  const found = find(command, word);
  if (found === null) return unknown(command, word);
  const { option, attached } = found;
  if (option.value === undefined) {
    if (attached !== undefined) return `${nameOf(option)} takes no value`;
    if (option.means === undefined) state.switches.add(option.name);
    else state.values.set(...option.means);
    return 1;
  }
  const value = attached ?? next;
  if (value === undefined || (attached === undefined && value.length > 1 && find(command, value) !== null)) {
    return `${nameOf(option)} needs a value: ${nameOf(option)} ${option.value}`;
  }
  const wrong = wrongValue(option, value);
  if (wrong !== null) return wrong;
  const joint = option.many === true ? '\0' : option.list === true ? ',' : null;
  const before = joint === null ? undefined : state.values.get(option.name);
  state.values.set(option.name, before === undefined ? value : `${before}${joint}${value}`);
  return attached === undefined ? 2 : 1;
};

const find = (
  command: Command,
  word: string,
): { readonly option: Option; readonly attached: string | undefined } | null => {
  if (!word.startsWith('-')) return null;
  if (!word.startsWith('--')) {
    const option = command.options.find(({ short }) => short === word[1]);
    if (option === undefined || (option.value === undefined && word.length > 2)) return null;
    return { option, attached: word.length > 2 ? word.slice(word[2] === '=' ? 3 : 2) : undefined };
  }
  const equals = word.indexOf('=');
  const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const option = command.options.find((one) => one.name === name || one.aliases?.includes(name));
  return option === undefined
    ? null
    : { option, attached: equals === -1 ? undefined : word.slice(equals + 1) };
};

const wrongValue = (option: Option, value: string): string | null => {
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const near = nearest(value, option.choices);
    const hint = near === null ? '' : `; did you mean ${near}?`;
    return `${nameOf(option)} is one of ${option.choices.join(', ')}, not "${shorten(value)}"${hint}`;
  }
  if (option.number === undefined) return value === '' ? `${nameOf(option)} is empty` : null;
  const number = Number(value);
  if (option.number === 'whole' && Number.isSafeInteger(number) && number >= 1) return null;
  if (option.number === 'positive' && Number.isFinite(number) && number > 0) return null;
  const kind = option.number === 'whole' ? 'a whole number from 1' : 'a number above 0';
  return `${nameOf(option)} is ${kind}, not "${shorten(value)}"`;
};

const unknown = (command: Command, word: string): string => {
  const typed = word.split('=')[0]!.replace(/^-+/, '');
  const names = command.options.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const near = nearest(typed, names);
  return `there is no ${word.split('=')[0]}${near === null ? '' : `; did you mean --${near}?`}`;
};

const refused = (command: Command, message: string): ParseResult => {
  const name = `tandem ${command.name}`.trimEnd();
  return { type: 'refused', message: `${name}: ${message}\nSee ${name} --help` };
};

const quoteHint = ({ positionals }: State): string =>
  positionals.length > 1 ? '; put quotes around a prompt of several words' : '';

const nameOf = ({ name }: Option): string => `--${name}`;

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
