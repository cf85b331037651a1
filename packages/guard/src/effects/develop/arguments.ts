import { hole, type Word } from '../../shell/command.ts';

/** How the options of a program are spelled. */
type Grammar = {
  /** Options whose value may be the next word. */
  readonly values: ReadonlySet<string>;
  /** Short options whose value, if any, is joined to them (`-uno`). */
  readonly attached: ReadonlySet<string>;
  /** Short options that take the digits joined to them, if any (`-l012`, `-0777ne`). */
  readonly digits: ReadonlySet<string>;
  /** Long options that may be shortened to a prefix (`@prefixes`); where several fit, the first is meant. */
  readonly long: readonly string[];
  /** Options end at the first operand (`npx tool --its-own`). */
  readonly stop: boolean;
  /** One dash begins a long option (`go test -run X`, `java -jar`). */
  readonly single: boolean;
};

type Flag = { readonly name: string; readonly value: Word | null };

/** The words after a program, told apart. */
export type Arguments = {
  readonly flags: readonly Flag[];
  readonly operands: readonly Word[];
  /** How many operands stood before `--`; null if there was none. */
  readonly beforeDashes: number | null;
};

const grammars = new Map<string, Grammar>();

/**
 * A grammar from its text: option names split at blanks, a `=` at the end of those that take a value, a `?` where it
 * must be joined, a `#` where it is digits, and `@stop`, `@single`, `@prefixes`.
 */
export const grammarOf = (text: string): Grammar => {
  const cached = grammars.get(text);
  if (cached) return cached;
  const names = text.split(/\s+/).filter((name) => name !== '');
  const grammar: Grammar = {
    values: new Set(names.filter((name) => name.endsWith('=')).map((name) => name.slice(0, -1))),
    attached: new Set(names.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1))),
    digits: new Set(names.filter((name) => name.endsWith('#')).map((name) => name.slice(0, -1))),
    long: names.includes('@prefixes')
      ? names.filter((name) => name.startsWith('--')).map((name) => name.replace(/=$/, ''))
      : [],
    stop: names.includes('@stop'),
    single: names.includes('@single'),
  };
  grammars.set(text, grammar);
  return grammar;
};

/** Tells options from operands. An unknown word counts as an operand. */
export const parseArguments = (args: readonly Word[], grammar: Grammar): Arguments => {
  const flags: Flag[] = [];
  const operands: Word[] = [];
  let beforeDashes: number | null = null;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const operand = beforeDashes !== null || !word.text.startsWith('-') || word.text === '-';
    if (operand) {
      operands.push(word);
      if (!grammar.stop) continue;
      operands.push(...args.slice(at + 1));
      break;
    }
    if (word.text === '--') {
      beforeDashes = operands.length;
      continue;
    }
    const read =
      word.text.startsWith('--') || grammar.single ? longFlag(word, grammar) : shortFlags(word, grammar);
    const last = read.at(-1)!;
    const takesNext = last.value === null && grammar.values.has(last.name) && at + 1 < args.length;
    flags.push(...(takesNext ? [...read.slice(0, -1), { ...last, value: args[++at]! }] : read));
  }
  return { flags, operands, beforeDashes };
};

/** Whether one of the options was given; a later `--no-x` takes `--x` back. */
export const has = (parsed: Arguments, ...names: readonly string[]): boolean =>
  parsed.flags.some(
    ({ name }, index) =>
      names.includes(name) &&
      !(
        name.startsWith('--') &&
        parsed.flags.slice(index).some((later) => later.name === `--no-${name.slice(2)}`)
      ),
  );

/** The values given to these options, in order. */
export const valuesOf = (parsed: Arguments, ...names: readonly string[]): readonly Word[] =>
  parsed.flags.flatMap((flag) => (names.includes(flag.name) && flag.value ? [flag.value] : []));

/** A word's text from `start` on, as a word. */
export const tail = (word: Word, start: number): Word => {
  const text = word.text.slice(start);
  return { ...word, text, known: !text.includes(hole) };
};

const longFlag = (word: Word, { long }: Grammar): readonly Flag[] => {
  const equals = word.text.indexOf('=');
  const written = equals === -1 ? word.text : word.text.slice(0, equals);
  const name = long.includes(written) ? written : (long.find((each) => each.startsWith(written)) ?? written);
  return [{ name, value: equals === -1 ? null : tail(word, equals + 1) }];
};

const shortFlags = (word: Word, { values, attached, digits }: Grammar): readonly Flag[] => {
  const flags: Flag[] = [];
  for (let at = 1; at < word.text.length; at++) {
    const name = `-${word.text[at]}`;
    if ((values.has(name) || attached.has(name)) && at + 1 < word.text.length)
      return [...flags, { name, value: tail(word, at + 1) }];
    flags.push({ name, value: null });
    if (digits.has(name)) at += /^(?:x[0-9a-f]+|\d*)/i.exec(word.text.slice(at + 1))![0].length;
  }
  return flags;
};
