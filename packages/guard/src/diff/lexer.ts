type TokenKind = 'word' | 'number' | 'string' | 'regex' | 'mark';

export type Token = {
  readonly kind: TokenKind;
  /** As written, quotes of a string included. */
  readonly text: string;
  /** 0-based, in the text that was read. */
  readonly line: number;
};

export type Lexed = {
  readonly tokens: readonly Token[];
  readonly comments: readonly { readonly text: string; readonly line: number }[];
};

/** `c`: slashes and stars; `hash`: from `#` to the end of the line. */
export type LexerFamily = 'c' | 'javascript' | 'php' | 'python' | 'hash';

/** Longer lines are generated or minified: nobody reviews them, and a pattern on them could take quadratic time. */
const maxLine = 2000;

const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number = /\d[\w.]*/y;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y;
const regex = /\/(?![*/])(?:[^/\\\n[]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
const mark = /===|!==|\*\*|=>|->|==|!=|<=|>=|&&|\|\||\?\?|\?\.|::|:=|\.\.\.|[^\s]/y;

/** Words after which a slash begins a pattern and does not divide. */
const beforePattern = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'throw',
  'new',
  'void',
  'delete',
]);

/**
 * Tokens and comments of a piece of code. Made for fragments: a quote or a comment that the fragment does not close is a
 * mark of its own, so the lines after it are still read as code.
 */
export const lex = (family: LexerFamily, text: string): Lexed => new Lexer(family, text).run();

class Lexer {
  readonly #family: LexerFamily;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #comments: { text: string; line: number }[] = [];
  readonly #absent = new Set<string>();
  #at = 0;
  #line = 0;

  constructor(family: LexerFamily, text: string) {
    this.#family = family;
    this.#text = text;
  }

  run(): Lexed {
    let lineChecked = -1;
    while (this.#at < this.#text.length) {
      if (lineChecked !== this.#line) {
        lineChecked = this.#line;
        if (this.#skipLine()) continue;
      }
      const character = this.#text[this.#at]!;
      if (character === '\n') {
        this.#line += 1;
        this.#at += 1;
      } else if (character <= ' ') this.#at += 1;
      else if (!this.#comment(character) && !this.#block(character)) this.#token(character);
    }
    return { tokens: this.#tokens, comments: this.#comments };
  }

  /** Skips a giant line, and a line of a block comment that began before the fragment. */
  #skipLine(): boolean {
    const end = this.#lineEnd();
    const line = this.#text.slice(this.#at, Math.min(end, this.#at + maxLine + 1));
    const inComment = this.#family !== 'python' && this.#family !== 'hash' && /^\s*\*(?:[\s/]|$)/.test(line);
    if (line.length <= maxLine && !inComment) return false;
    if (inComment) this.#comments.push({ text: line, line: this.#line });
    this.#at = end;
    return true;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #comment(character: string): boolean {
    const hash = this.#family === 'python' || this.#family === 'hash' || this.#family === 'php';
    const slashes = !hash || this.#family === 'php';
    const next = this.#text[this.#at + 1];
    if ((hash && character === '#') || (slashes && character === '/' && next === '/')) {
      const end = this.#lineEnd();
      this.#comments.push({ text: this.#text.slice(this.#at, end), line: this.#line });
      this.#at = end;
      return true;
    }
    return (
      slashes && character === '/' && next === '*' && this.#span({ open: '/*', close: '*/', isComment: true })
    );
  }

  /** Strings over several lines. */
  #block(character: string): boolean {
    if (character === '`') return this.#span({ open: '`', close: '`', isComment: false });
    if (this.#family !== 'python' || (character !== '"' && character !== "'")) return false;
    const quote = character.repeat(3);
    if (!this.#text.startsWith(quote, this.#at)) return false;
    const previous = this.#tokens.at(-1);
    const isDocumentation = previous === undefined || previous.line !== this.#line;
    return this.#span({ open: quote, close: quote, isComment: isDocumentation });
  }

  #span(input: { readonly open: string; readonly close: string; readonly isComment: boolean }): boolean {
    if (this.#absent.has(input.close)) return false;
    let end = this.#text.indexOf(input.close, this.#at + input.open.length);
    while (end !== -1 && input.close === '`' && this.#text[end - 1] === '\\')
      end = this.#text.indexOf('`', end + 1);
    if (end === -1) {
      this.#absent.add(input.close);
      return false;
    }
    const content = this.#text.slice(this.#at, end + input.close.length);
    if (input.isComment) {
      content.split('\n').forEach((text, index) => {
        this.#comments.push({ text, line: this.#line + index });
      });
    } else {
      this.#tokens.push({ kind: 'string', text: content, line: this.#line });
      if (input.close === '`') this.#holes(content);
    }
    this.#line += countLines(content);
    this.#at = end + input.close.length;
    return true;
  }

  /** The code within a template's `${}`, unless it nests. */
  #holes(template: string): void {
    for (const hole of template.matchAll(/\$\{([^{}`]*)\}/g)) {
      const line = this.#line + countLines(template.slice(0, hole.index));
      for (const token of lex(this.#family, hole[1]!).tokens)
        this.#tokens.push({ ...token, line: token.line + line });
    }
  }

  #token(character: string): void {
    const digit = character >= '0' && character <= '9';
    const found =
      this.#take('word', word) ||
      (digit && this.#take('number', number)) ||
      ((character === '"' || character === "'") && this.#take('string', quoted)) ||
      (character === '/' &&
        this.#family === 'javascript' &&
        this.#startsPattern() &&
        this.#take('regex', regex)) ||
      this.#take('mark', mark);
    if (!found) this.#at += 1;
  }

  #take(kind: TokenKind, pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    if (text === undefined) return false;
    this.#tokens.push({ kind, text, line: this.#line });
    this.#at += text.length;
    return true;
  }

  #startsPattern(): boolean {
    const previous = this.#tokens.at(-1);
    if (previous === undefined) return true;
    if (previous.kind === 'word') return beforePattern.has(previous.text);
    return previous.kind === 'mark' && !/^(?:[)\]}<]|\+\+|--)$/.test(previous.text);
  }
}

const countLines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
};
