import { hole, type Word } from '../../shell/command.ts';

type Option = { readonly name: string; readonly value: Word | null };

export type Arguments = { readonly options: readonly Option[]; readonly operands: readonly Word[] };

/** How a program's words are to be read. Names keep their dashes: `-o`, `--output`, `-exec`. */
export type Grammar = {
  /** Options that take the next word, or the rest of their own. */
  readonly values: ReadonlySet<string>;
  /** Short options that take the rest of their own word only (`sed -i.bak`). */
  readonly attached: ReadonlySet<string>;
  /** Every option that matters: a long one may be shortened to any beginning of it. */
  readonly known: readonly string[];
  /** `-name` is one option and not a cluster of letters. */
  readonly single: boolean;
  /** What follows the first operand is no option (`ssh`, `chroot`). */
  readonly stops: boolean;
};

type GrammarParts = {
  readonly values?: string;
  readonly attached?: string;
  readonly flags?: string;
  readonly single?: boolean;
  readonly stops?: boolean;
};

export const names = (list: string | undefined): readonly string[] => (list ? list.trim().split(/\s+/) : []);

export const grammar = (parts: GrammarParts): Grammar => ({
  values: new Set(names(parts.values)),
  attached: new Set(names(parts.attached)),
  known: [...names(parts.values), ...names(parts.flags)].filter((name) => name.startsWith('--')),
  single: parts.single ?? false,
  stops: parts.stops ?? false,
});

/** Splits words into options and operands, as `getopt_long` does: clusters, `--name=value`, `-ovalue`, `--`. */
export const parseArguments = (words: readonly Word[], rules: Grammar): Arguments => {
  const options: Option[] = [];
  const operands: Word[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    const { text } = word;
    if (text === '--') {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (text.length < 2 || !text.startsWith('-')) {
      if (rules.stops) {
        operands.push(...words.slice(index));
        break;
      }
      operands.push(word);
      continue;
    }
    const next = words[index + 1] ?? null;
    const takesNext =
      text.startsWith('--') || rules.single
        ? whole(word, next, rules, options)
        : cluster(word, next, rules, options);
    if (takesNext) index += 1;
  }
  return { options, operands };
};

const whole = (word: Word, next: Word | null, rules: Grammar, options: Option[]): boolean => {
  const equals = word.text.indexOf('=');
  const name = fullName(equals < 0 ? word.text : word.text.slice(0, equals), rules);
  if (equals >= 0) {
    options.push({ name, value: wordWith(word, word.text.slice(equals + 1)) });
    return false;
  }
  const takesNext = rules.values.has(name);
  options.push({ name, value: takesNext ? next : null });
  return takesNext;
};

const cluster = (word: Word, next: Word | null, rules: Grammar, options: Option[]): boolean => {
  const { text } = word;
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text[at]!}`;
    const rest = at + 1 < text.length ? wordWith(word, text.slice(at + 1)) : null;
    if (rules.attached.has(name)) {
      options.push({ name, value: rest });
      return false;
    }
    if (rules.values.has(name)) {
      options.push({ name, value: rest ?? next });
      return rest === null;
    }
    options.push({ name, value: null });
  }
  return false;
};

const fullName = (name: string, rules: Grammar): string => {
  if (name.length < 4 || !name.startsWith('--') || rules.known.includes(name)) return name;
  return rules.known.find((known) => known.startsWith(name)) ?? name;
};

/** A word of the same making with another text. */
export const wordWith = (word: Word, text: string): Word => ({ ...word, text, known: !text.includes(hole) });
