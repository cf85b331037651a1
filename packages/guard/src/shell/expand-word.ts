import { decodeEscapes } from './ansi-c.ts';
import { expandBraces } from './braces.ts';
import { type Command, hole, literal, unknownWord, type Word } from './command.ts';
import { expandParameter } from './parameter.ts';
import { endOfAnsi, endOfBacktick, endOfBracket, endOfDouble, endOfSingle } from './quoting.ts';

/** What the expansion of a word needs of the script around it. */
export type Surroundings = {
  readonly home: string;
  readonly cwd: string | null;
  readonly value: (name: string) => Word | null;
  readonly assign: (name: string, value: Word) => void;
  /** `$@` and `$*`; null where they are not known. */
  readonly positional: readonly Word[] | null;
  /** Reads a substitution: what it prints, as far as known. Its commands are collected by the reader. */
  readonly output: (script: string) => Word;
  /** Reads a process substitution: its commands. */
  readonly process: (script: string) => readonly Command[];
};

/** A word as it stands in the text, to the arguments that the shell would pass: braces and splitting make several. */
export const expandWord = (raw: string, surroundings: Surroundings): readonly Word[] => {
  const { words, cut } = expandBraces(raw);
  const list = words.flatMap((one) => expandOne(one, surroundings));
  return cut ? [...list, unknownWord] : list;
};

/** A word that is never split: the right side of an assignment, the target of a redirect. */
export const expandWhole = (raw: string, surroundings: Surroundings): Word => {
  const fields = new Fields(false);
  const from = tilde(raw, fields, surroundings);
  read({ raw, fields, surroundings, from, quoted: false });
  return fields.done()[0] ?? literal('');
};

/** The text of a here-document, where only `$`, backticks and backslashes mean something. */
export const expandText = (raw: string, surroundings: Surroundings): Word => {
  const fields = new Fields(false);
  read({ raw, fields, surroundings, from: 0, quoted: true });
  return fields.done()[0] ?? literal('');
};

const expandOne = (raw: string, surroundings: Surroundings): readonly Word[] => {
  const fields = new Fields(true);
  const from = tilde(raw, fields, surroundings);
  read({ raw, fields, surroundings, from, quoted: false });
  return fields.done();
};

/** The words under construction. */
class Fields {
  readonly #splits: boolean;
  readonly #done: Word[] = [];
  #text = '';
  #glob = false;
  #quoted = false;
  #begun = false;
  #produces: readonly Command[] | undefined;

  constructor(splits: boolean) {
    this.#splits = splits;
  }

  plain(text: string): void {
    this.#text += text;
    this.#begun = true;
    if (/[*?[]/.test(text)) this.#glob = true;
  }

  quote(text: string): void {
    this.#text += text;
    this.#begun = true;
    this.#quoted = true;
  }

  /** The value of an expansion; outside quotes it is split at blanks. */
  value(word: Word, quoted: boolean): void {
    if (word.produces !== undefined) this.#produces = word.produces;
    if (quoted) this.#quoted = true;
    if (word.glob) this.#glob = true;
    if (quoted || !this.#splits || !/[ \t\n]/.test(word.text)) {
      this.#text += word.text;
      this.#begun ||= quoted || word.text !== '';
      if (!quoted && word.known && !word.quoted && /[*?[]/.test(word.text)) this.#glob = true;
      return;
    }
    this.#split(word.text);
  }

  #split(text: string): void {
    const pieces = text.split(/[ \t\n]+/);
    pieces.forEach((piece, index) => {
      if (index > 0) this.#next();
      if (piece !== '') this.plain(piece);
    });
  }

  /** Several values that stay apart: `"$@"`. */
  values(words: readonly Word[]): void {
    words.forEach((word, index) => {
      if (index > 0) this.#next();
      this.value(word, true);
    });
  }

  #next(): void {
    if (this.#begun) {
      this.#done.push({
        text: this.#text,
        known: !this.#text.includes(hole),
        glob: this.#glob,
        quoted: this.#quoted,
        ...(this.#produces === undefined ? {} : { produces: this.#produces }),
      });
    }
    this.#text = '';
    this.#glob = false;
    this.#quoted = false;
    this.#begun = false;
    this.#produces = undefined;
  }

  done(): readonly Word[] {
    this.#next();
    return this.#done;
  }
}

/** Writes a leading `~` and returns where the rest begins. */
const tilde = (raw: string, fields: Fields, { home, cwd }: Surroundings): number => {
  const match = /^~([A-Za-z_][\w-]*|\+)?(?=\/|$)/.exec(raw);
  if (match === null) return 0;
  const user = match[1];
  const folder =
    user === undefined ? home : user === '+' ? (cwd ?? hole) : user === 'root' ? '/root' : `/home/${user}`;
  fields.quote(folder);
  return match[0].length;
};

type Reading = {
  readonly raw: string;
  readonly fields: Fields;
  readonly surroundings: Surroundings;
  readonly from: number;
  /** Inside double quotes or a here-document. */
  readonly quoted: boolean;
};

const read = (reading: Reading): void => {
  const { raw, fields, quoted } = reading;
  let at = reading.from;
  while (at < raw.length) {
    const next = special(raw, at, quoted);
    const text = raw.slice(at, next);
    if (text !== '' && quoted) fields.quote(text);
    else if (text !== '') fields.plain(text);
    at = next < raw.length ? readSpecial(reading, next) : next;
  }
};

const specials = /[\\$`'"<>]/g;
const specialsInQuotes = /[\\$`]/g;

const special = (raw: string, at: number, quoted: boolean): number => {
  const pattern = quoted ? specialsInQuotes : specials;
  pattern.lastIndex = at;
  return pattern.exec(raw)?.index ?? raw.length;
};

/** Reads one escape, quotation or expansion at `at`; returns where it ends. */
const readSpecial = (reading: Reading, at: number): number => {
  const { raw, fields, surroundings } = reading;
  switch (raw[at]) {
    case '\\':
      return backslash(reading, at);
    case "'": {
      const end = endOfSingle(raw, at + 1);
      fields.quote(raw.slice(at + 1, end - 1));
      return end;
    }
    case '"': {
      const end = endOfDouble(raw, at + 1);
      fields.quote('');
      read({ raw: raw.slice(at + 1, end - 1), fields, surroundings, from: 0, quoted: true });
      return end;
    }
    case '`': {
      const end = endOfBacktick(raw, at + 1);
      const script = raw.slice(at + 1, end - 1).replace(/\\([`$\\])/g, '$1');
      fields.value(surroundings.output(script), reading.quoted);
      return end;
    }
    case '$':
      return dollar(reading, at);
    default:
      return angle(reading, at);
  }
};

const backslash = ({ raw, fields, quoted }: Reading, at: number): number => {
  const next = raw[at + 1] ?? '';
  if (next === '\r' && raw[at + 2] === '\n') return at + 3;
  if (next === '\n') return at + 2;
  fields.quote(quoted && !'$`"\\'.includes(next) ? `\\${next}` : next);
  return at + 2;
};

const angle = ({ raw, fields, surroundings }: Reading, at: number): number => {
  if (raw[at + 1] !== '(') {
    fields.plain(raw[at]!);
    return at + 1;
  }
  const end = endOfBracket(raw, at + 2, ')');
  const produces = surroundings.process(raw.slice(at + 2, end - 1));
  fields.value({ text: '/dev/fd/63', known: true, glob: false, quoted: true, produces }, true);
  return end;
};

const dollar = (reading: Reading, at: number): number => {
  const { raw, fields, surroundings, quoted } = reading;
  const next = raw[at + 1] ?? '';
  if (next === "'" && !quoted) {
    const end = endOfAnsi(raw, at + 2);
    fields.quote(decodeEscapes(raw.slice(at + 2, end - 1)));
    return end;
  }
  if (next === '"' && !quoted) return readSpecial(reading, at + 1);
  if (next === '(') return parenthesis(reading, at);
  if (next === '{') {
    const end = endOfBracket(raw, at + 2, '}');
    parameter(reading, raw.slice(at + 2, end - 1));
    return end;
  }
  const name = /^(?:[A-Za-z_]\w*|[0-9@*?$!#_-])/.exec(raw.slice(at + 1, at + 80))?.[0];
  if (name === undefined) {
    if (quoted) fields.quote('$');
    else fields.plain('$');
    return at + 1;
  }
  parameter({ ...reading, surroundings }, name);
  return at + 1 + name.length;
};

const parenthesis = ({ raw, fields, surroundings, quoted }: Reading, at: number): number => {
  const end = endOfBracket(raw, at + 2, ')');
  const inside = raw.slice(at + 2, end - 1);
  const arithmetic = inside.startsWith('(') && inside.endsWith(')');
  if (!arithmetic) fields.value(surroundings.output(inside), quoted);
  else {
    const text = expandText(inside.slice(1, -1), surroundings).text.trim();
    fields.value(/^\d+$/.test(text) ? literal(text) : unknownWord, true);
  }
  return end;
};

const parameter = ({ fields, surroundings, quoted }: Reading, inside: string): void => {
  const { positional } = surroundings;
  if ((inside === '@' || inside === '*') && positional !== null) {
    if (quoted && inside === '@') fields.values(positional);
    else
      for (const [index, word] of positional.entries())
        fields.value(index === 0 ? word : prefixed(word), quoted);
    return;
  }
  const word = expandParameter(inside, {
    value: surroundings.value,
    assign: surroundings.assign,
    expand: (text) => expandWhole(text, surroundings),
  });
  fields.value(word, quoted);
};

const prefixed = (word: Word): Word => ({ ...word, text: ` ${word.text}` });
