/** One option of a command, as the parser and the help page both read it. */
export type Option = {
  /** Long name without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value in the help page; absent for a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** The value must be a number: whole and from 1, or any above 0. */
  readonly number?: 'whole' | 'positive';
  /** Comma separated, and may be given more than once. */
  readonly list?: true;
  /** May be given more than once; each value is kept whole, commas too. */
  readonly many?: true;
  readonly help: string;
  /** Other spellings, which users of other assistants already type; not in the help page. */
  readonly aliases?: readonly string[];
  /** A switch that stands for `--other value`. */
  readonly means?: readonly [name: string, value: string];
};

export type Command = {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly positionals: { readonly least: number; readonly most: number };
  readonly options: readonly Option[];
  /** Paragraphs after the options. */
  readonly notes?: readonly string[];
};
