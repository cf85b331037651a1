import type { ParseText, Source } from '@tandem/syntax';

/** Nobody reads a longer line before saying yes to it. */
export const maxText = 10_000;

/**
 * Characters that are parsed for one request, over all texts in texts. Twice the longest line, and some: its own text and one
 * text inside it are always read. More would let a line that quotes itself hold the judge up for as long as it likes.
 */
const maxRead = 2.4 * maxText;
/** What starting a parse costs, in characters. */
const startOfParse = 32;
/** Code in text in code: `bash -c "python -c \"os.system('…')\""`. */
const maxNesting = 4;
/**
 * How often the parser may report progress on the texts of a request: on scripts that are meant, once in a hundred
 * characters. Code may hold long lists.
 */
const maxSteps = { shell: 200, code: 600 } as const;
/** Text that fits no grammar at all can take a parser minutes; no text that anybody means takes a tenth of this. */
const maxMilliseconds = { text: 120, edit: 2_000 } as const;

/**
 * So many signs without a name, a number, a quote or a blank between them are no text in any language; a parser looks for
 * what they could have been for longer than for anything that is one, and cannot be stopped often enough.
 */
const signs = /[!#%&()*+,\-./:;<=>?@[\]^{|}~]{400}/;

type Reading = { readonly parse: ParseText; readonly text: string; readonly kind: keyof typeof maxSteps };

/** What one request may still cost. Beyond it nothing is read, and what is not read is asked about. */
export class Work {
  readonly #now: () => number;
  readonly #until: number;
  #left: number;
  #steps = 0;
  #nesting = 0;

  constructor(request: { readonly kind: string; readonly input: string }, now: () => number) {
    this.#now = now;
    this.#until = now() + (request.kind === 'edit' ? maxMilliseconds.edit : maxMilliseconds.text);
    // Of a text that is longer than the longest line, all that is read at all is read once.
    this.#left = maxRead + Math.max(0, Math.min(request.input.length, 4 * maxText) - maxText);
  }

  /** The tree of a text; null where that is more than is left, or where no grammar can fit. */
  parse({ parse, text, kind }: Reading): Source | null {
    if (signs.test(text)) return null;
    const cost = text.length + startOfParse;
    if (cost > this.#left) return null;
    this.#left -= cost;
    return parse(text, () => {
      this.#steps += 1;
      return this.#steps <= maxSteps[kind] && this.hasTime();
    });
  }

  readonly hasTime = (): boolean => this.#now() < this.#until;

  /** Runs what is one text deeper; null where that is too deep. */
  nested<T>(run: () => T): T | null {
    if (this.#nesting >= maxNesting) return null;
    this.#nesting += 1;
    try {
      return run();
    } finally {
      this.#nesting -= 1;
    }
  }
}
