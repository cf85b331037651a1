/** Stands in a word for a stretch whose text is not known before the command runs. */
export const hole = '\uFFFC';

/** One argument as the shell would pass it, as far as that is known. */
export type Word = {
  /** After quotes, escapes and expansions; every unknown stretch is one `hole`. */
  readonly text: string;
  /** No hole in it. */
  readonly known: boolean;
  /** Holds an unquoted `*`, `?` or `[`: the shell replaces it by the names of files that fit. */
  readonly glob: boolean;
  /** Some of it was inside quotes or escaped. */
  readonly quoted: boolean;
  /** Commands whose output the word stands for as a file: `<(curl …)`. */
  readonly produces?: readonly Command[];
};

export type Redirect = {
  /** `>`, `>>`, `>|`, `&>`, `&>>`, `<`, `<>`, `>&`, `<&` */
  readonly operator: string;
  readonly target: Word;
};

/** Where a command's input comes from. */
export type Stdin =
  | { readonly type: 'none' }
  | { readonly type: 'text'; readonly text: Word }
  | { readonly type: 'file'; readonly path: Word }
  | { readonly type: 'pipe'; readonly from: Command };

/** A simple command, resolved: what would be executed once, or once for each of many arguments (`xargs`). */
export type Command = {
  /** The program's file name without its folder and a Windows ending, lower case kept; null when not known. */
  readonly name: string | null;
  /** The command word itself. */
  readonly program: Word;
  readonly args: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** Assigned before the command (`A=1 cmd`, `env A=1 cmd`) or exported earlier in the same text. */
  readonly env: Readonly<Record<string, Word>>;
  /** Absolute; null when a `cd` before it could not be resolved. */
  readonly cwd: string | null;
  readonly stdin: Stdin;
  /** Name of the next command in its pipeline; null at the end. */
  readonly pipedTo: string | null;
  /** What it is wrapped in, outermost first: `sudo`, `xargs`, `find -exec`, `ssh`, `docker exec`, `sh -c`. */
  readonly wrappers: readonly string[];
  /** The machine or container that it runs on, when it is not this one; a hole if it cannot be told. */
  readonly elsewhere: string | null;
  /** The stretch of the text that it was read from. */
  readonly source: string;
};

export const literal = (text: string): Word => ({
  text,
  known: !text.includes(hole),
  glob: false,
  quoted: true,
});

export const unknownWord: Word = { text: hole, known: false, glob: false, quoted: false };

/** The first of many words; one that is not known stands for the rest. */
export const firstWords = (words: readonly Word[], most: number): readonly Word[] =>
  words.length <= most ? words : [...words.slice(0, most), unknownWord];
