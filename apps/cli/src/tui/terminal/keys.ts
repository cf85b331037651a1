/** What the person did, as the terminal told it. `name` is one character, or a name of `names`. */
export type Key = {
  readonly type: 'key';
  readonly name: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
};
export type Input = Key | { readonly type: 'paste'; readonly text: string };

/** A paste larger than this is cut: the door would refuse it as a prompt. */
const pasteLimit = 1_000_000;
const sequenceLimit = 256;

/**
 * Bytes of a terminal, in whatever pieces they come, as keys and pastes. Knows the xterm and vt sequences, CSI u (kitty) and
 * modifyOtherKeys. A lone escape is only told from the beginning of a sequence by time: `flush` says that it was one.
 */
export class KeyReader {
  #rest = '';
  #paste: string[] | null = null;
  #pasted = 0;

  /** True while the beginning of something is held back. */
  get pending(): boolean {
    return this.#rest !== '';
  }

  read(chunk: string): readonly Input[] {
    let text = this.#rest + chunk;
    this.#rest = '';
    const inputs: Input[] = [];
    while (text !== '') {
      if (this.#paste !== null) {
        text = this.#readPaste(text, inputs);
        continue;
      }
      const taken = take(text);
      if (taken === null) {
        this.#rest = text;
        break;
      }
      text = text.slice(taken.length);
      if (taken.input === 'paste') [this.#paste, this.#pasted] = [[], 0];
      else if (taken.input !== null) inputs.push(taken.input);
    }
    return inputs;
  }

  /** What is held back is all there is. */
  flush(): readonly Input[] {
    const text = this.#rest;
    this.#rest = '';
    if (text === '' || this.#paste !== null) {
      this.#rest = text;
      return [];
    }
    if (text === '\x1b') return [key('escape')];
    const rest = text.startsWith('\x1b') ? text.slice(1) : text;
    // Half a sequence that nobody finished means nothing.
    return /^[[O\]PX^_]/.test(rest) ? [] : this.read(rest);
  }

  #readPaste(text: string, inputs: Input[]): string {
    const end = text.indexOf('\x1b[201~');
    if (end >= 0) {
      this.#keep(text.slice(0, end));
      const pasted = this.#paste!.join('').replaceAll('\r\n', '\n').replaceAll('\r', '\n');
      inputs.push({ type: 'paste', text: pasted });
      this.#paste = null;
      return text.slice(end + 6);
    }
    // The end mark may itself be cut in two.
    const cut = text.lastIndexOf('\x1b');
    const keep = cut >= 0 && text.length - cut < 6 ? cut : text.length;
    this.#keep(text.slice(0, keep));
    this.#rest = text.slice(keep);
    return '';
  }

  #keep(text: string): void {
    const kept = text.slice(0, Math.max(0, pasteLimit - this.#pasted));
    this.#pasted += kept.length;
    this.#paste!.push(kept);
  }
}

const escapeCharacter = '\x1b';
const stringEnd = new RegExp(`\x07|${escapeCharacter}\\\\`);
const controlSequence = new RegExp(`^${escapeCharacter}\\[([0-?]*)([ -/]*)([@-~])`);
const openSequence = new RegExp(`^${escapeCharacter}\\[[0-?]*[ -/]*$`);

type Taken = { readonly length: number; readonly input: Input | 'paste' | null };

export const key = (name: string, held: Partial<Pick<Key, 'control' | 'alt' | 'shift'>> = {}): Key => ({
  type: 'key',
  name,
  control: false,
  alt: false,
  shift: false,
  ...held,
});

/** The first input of the text; null when more must come before it is known. */
const take = (text: string): Taken | null => {
  if (!text.startsWith('\x1b')) return takeCharacter(text);
  if (text.length === 1) return null;
  if (text[1] === '[') return takeControlSequence(text);
  if (text[1] === 'O') {
    const name = text.length < 3 ? null : (letters[text[2]!] ?? '');
    return name === null ? null : { length: 3, input: name === '' ? null : key(name) };
  }
  if (/[\]PX^_]/.test(text[1]!)) return takeString(text);
  if (text[1] === '\x1b') return { length: 1, input: key('escape') };
  const after = takeCharacter(text.slice(1));
  return after === null ? null : { length: after.length + 1, input: { ...after.input, alt: true } };
};

/** Answers of the terminal to questions that nobody asked: dropped whole. */
const takeString = (text: string): Taken | null => {
  const end = stringEnd.exec(text);
  if (end !== null) return { length: end.index + end[0].length, input: null };
  return text.length > sequenceLimit ? { length: 2, input: null } : null;
};

const takeControlSequence = (text: string): Taken | null => {
  const match = controlSequence.exec(text);
  if (match === null) {
    if (openSequence.test(text) && text.length < sequenceLimit) return null;
    return { length: 2, input: null };
  }
  const [whole, parameters = '', , final = ''] = match;
  const [first = '', second = ''] = parameters.split(';');
  if (final === '~' && first === '200') return { length: whole.length, input: 'paste' };
  const held = modifiers(second);
  const done = (name: string | undefined): Taken => ({
    length: whole.length,
    input: name === undefined ? null : key(name, held),
  });
  if (final === 'u') return done(nameOfCode(Number(first.split(':')[0])));
  if (final === '~' && first === '27') return done(nameOfCode(Number(parameters.split(';')[2])));
  if (final === '~') return done(numbers[first]);
  if (final === 'Z') return { length: whole.length, input: key('tab', { shift: true }) };
  return done(letters[final]);
};

/** One more than the sum of what is held: 1 shift, 2 alt, 4 control; the event kind after a colon. */
const modifiers = (text: string): Partial<Key> => {
  const bits = Math.max(0, (Number(text.split(':')[0]) || 1) - 1);
  return { shift: (bits & 1) !== 0, alt: (bits & 2) !== 0, control: (bits & 4) !== 0 };
};

const letters: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  M: 'enter',
};
const numbers: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
};
const codes: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
};

const nameOfCode = (code: number): string | undefined => {
  const known = codes[code];
  if (known !== undefined) return known;
  // From here on kitty numbers keys that write nothing.
  const writes = code >= 32 && code < 0x110000 && !(code >= 57344 && code <= 63743);
  return writes && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : undefined;
};

const takeCharacter = (text: string): { readonly length: number; readonly input: Key } | null => {
  const code = text.codePointAt(0)!;
  // Half a surrogate pair at the end of a chunk.
  if (code >= 0xd800 && code < 0xdc00 && text.length === 1) return null;
  if (code >= 32 && code !== 127) {
    const name = String.fromCodePoint(code);
    return { length: name.length, input: key(name) };
  }
  return { length: 1, input: controlKey(code) };
};

const controlKey = (code: number): Key => {
  switch (code) {
    case 0:
      return key(' ', { control: true });
    case 8:
      return key('backspace', { control: true });
    case 9:
      return key('tab');
    case 10:
      return key('j', { control: true });
    case 13:
      return key('enter');
    case 27:
      return key('escape');
    case 127:
      return key('backspace');
    default:
      return key(String.fromCharCode(code + (code < 27 ? 96 : 64)), { control: true });
  }
};
