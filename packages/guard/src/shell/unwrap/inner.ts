import type { Command, Word } from '../command.ts';

/** What a wrapper runs: words of a command, or text for a shell. */
export type Inner = {
  /** As the reasons show it: `sudo`, `find -exec`. */
  readonly wrapper: string;
  readonly body:
    | { readonly type: 'words'; readonly words: readonly Word[] }
    | {
        readonly type: 'script';
        readonly text: Word;
        readonly positional?: readonly Word[];
        readonly zero?: Word;
      };
  /** The wrapper itself does something that counts (`ssh`, `find -delete`, `docker run -v`). */
  readonly keep?: boolean;
  /** Machine or container that it runs on. */
  readonly elsewhere?: string;
  readonly env?: Readonly<Record<string, Word>>;
  readonly cwd?: Word;
  /** The inner command does not read the wrapper's input. */
  readonly detached?: boolean;
};

/** What a command wraps; empty where it wraps nothing this time. */
export type Unwrap = (command: Command, input: () => Word) => readonly Inner[];

export const words = (list: readonly Word[]): Inner['body'] => ({ type: 'words', words: list });
export const script = (text: Word, positional?: readonly Word[]): Inner['body'] =>
  positional === undefined ? { type: 'script', text } : { type: 'script', text, positional };

/** Index of the first argument that is neither an option nor the value of one. */
export const firstOperand = (args: readonly Word[], options: ReadonlySet<string>, from = 0): number => {
  let at = from;
  while (at < args.length) {
    const { text } = args[at]!;
    if (text === '--') return at + 1;
    if (!/^-./.test(text)) return at;
    at += takesNext(text, options) ? 2 : 1;
  }
  return at;
};

/** `-u x`, `--user x`, and clusters that end in such a letter (`-nu x`). */
const takesNext = (text: string, options: ReadonlySet<string>): boolean => {
  if (text.startsWith('--')) return options.has(text);
  if (options.has(text)) return true;
  const first = [...text.slice(1)].findIndex((letter) => options.has(`-${letter}`));
  return first !== -1 && first === text.length - 2;
};

/** The value of the first of some options: `-c x`, `-cx` for one letter, `--code x`, `--code=x`. */
export const optionValue = (args: readonly Word[], ...names: readonly string[]): Word | null => {
  for (const [index, word] of args.entries()) {
    for (const name of names) {
      if (word.text === name) return args[index + 1] ?? null;
      if (name.startsWith('--') && word.text.startsWith(`${name}=`))
        return { ...word, text: word.text.slice(name.length + 1) };
    }
  }
  return null;
};

export const setOf = (text: string): ReadonlySet<string> => new Set(text.split(' '));
