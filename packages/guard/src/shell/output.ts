import { decodeEscapes } from './ansi-c.ts';
import { type Command, hole, literal, unknownWord, type Word } from './command.ts';

/** What is known of the text around a command's output. */
export type OutputContext = { readonly workspace: string };

/** Longer ones are not followed. */
const maxOutput = 20_000;

/** What a command prints, as far as it can be told without running it; final newlines are dropped. */
export const outputOf = (command: Command, context: OutputContext): Word => {
  const { name, args } = command;
  if (name === null || command.elsewhere !== null) return unknownWord;
  const write = Object.hasOwn(printers, name) ? printers[name] : undefined;
  if (write === undefined) return unknownWord;
  const word = write(args, command, context);
  return word.text.length > maxOutput ? unknownWord : { ...word, text: word.text.replace(/\n+$/, '') };
};

/** The text that a command reads from its input, as far as known. */
export const inputOf = (command: Command, context: OutputContext): Word => {
  const { stdin } = command;
  switch (stdin.type) {
    case 'text':
      return stdin.text;
    case 'pipe':
      return outputOf(stdin.from, context);
    case 'file':
    case 'none':
      return unknownWord;
  }
};

type Printer = (args: readonly Word[], command: Command, context: OutputContext) => Word;

const join = (words: readonly Word[], separator: string): Word => ({
  text: words.map((word) => word.text).join(separator),
  known: words.every((word) => word.known),
  glob: words.some((word) => word.glob),
  quoted: false,
});

const operands = (args: readonly Word[]): readonly Word[] =>
  args.filter((word) => !word.text.startsWith('-'));

const echo: Printer = (args) => {
  let index = 0;
  let escapes = false;
  for (; /^-[neE]+$/.test(args[index]?.text ?? ''); index += 1) {
    if (args[index]!.text.includes('e')) escapes = true;
  }
  const word = join(args.slice(index), ' ');
  return escapes ? { ...word, text: decodeEscapes(word.text) } : word;
};

const printf: Printer = (args) => {
  const [format, ...values] = args[0]?.text === '--' ? args.slice(1) : args;
  if (format === undefined || format.text === '-v') return unknownWord;
  const pattern = decodeEscapes(format.text);
  const slots = (pattern.match(/%[-+ 0#]*\d*(?:\.\d+)?[sbdicxXoqu]/g) ?? []).length;
  const rounds = slots === 0 ? 1 : Math.max(1, Math.ceil(values.length / slots));
  if (rounds * pattern.length > maxOutput) return unknownWord;
  let at = 0;
  let text = '';
  for (let round = 0; round < rounds; round += 1) {
    text += pattern.replace(
      /%(%|[-+ 0#]*\d*(?:\.\d+)?([sbdicxXoqu]))/g,
      (whole, _, kind: string | undefined) => {
        if (whole === '%%') return '%';
        const value = values[at]?.text ?? '';
        at += 1;
        return format1(kind ?? 's', value);
      },
    );
  }
  return { text, known: !text.includes(hole), glob: false, quoted: false };
};

const format1 = (kind: string, value: string): string => {
  if (kind === 'b') return decodeEscapes(value);
  if (kind === 'c') return value.slice(0, 1);
  if (kind === 's' || kind === 'q') return value;
  const number = /^['"]/.test(value) ? (value.codePointAt(1) ?? 0) : Number(value.replace(/^0+(?=\d)/, '0o'));
  if (!Number.isFinite(number)) return value.includes(hole) ? hole : '0';
  if (kind === 'x' || kind === 'X') return Math.trunc(number).toString(16);
  return kind === 'o' ? Math.trunc(number).toString(8) : String(Math.trunc(number));
};

/** A filter over the text of its input. */
const filter =
  (change: (text: string, args: readonly Word[]) => string | null): Printer =>
  (args, command, context) => {
    const input = inputOf(command, context);
    if (!input.known) return unknownWord;
    const text = change(input.text, args);
    return text === null ? unknownWord : literal(text);
  };

const has = (args: readonly Word[], ...flags: readonly string[]): boolean =>
  args.some((word) => flags.includes(word.text));

const base64: Printer = filter((text, args) => {
  if (!has(args, '-d', '-D', '--decode', '-di', '-id')) return encode(text);
  return decode(text);
});

const decode = (text: string): string | null => {
  try {
    return new TextDecoder().decode(
      Uint8Array.from(atob(text.replace(/\s+/g, '')), (one) => one.charCodeAt(0)),
    );
  } catch {
    return null;
  }
};

const encode = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (code) => String.fromCharCode(code)).join(''));

const base32: Printer = filter((text, args) => {
  if (!has(args, '-d', '--decode')) return null;
  let bits = '';
  for (const one of text.replace(/[=\s]/g, '').toUpperCase()) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one);
    if (value === -1) return null;
    bits += value.toString(2).padStart(5, '0');
  }
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('');
});

const xxd: Printer = filter((text, args) => {
  const flags = args.map((word) => word.text).join('');
  if (!/-.*r/.test(flags) || !/p/.test(flags)) return null;
  return (text.replace(/\s/g, '').match(/[0-9a-fA-F]{2}/g) ?? [])
    .map((byte) => String.fromCharCode(Number.parseInt(byte, 16)))
    .join('');
});

const openssl: Printer = (args, command, context) =>
  has(args, 'base64', '-base64', '-a') && has(args, '-d')
    ? base64([literal('-d')], command, context)
    : unknownWord;

const tr: Printer = filter((text, args) => {
  const [from, to] = operands(args);
  if (from === undefined) return null;
  const source = characters(from.text);
  if (has(args, '-d')) return [...text].filter((one) => !source.includes(one)).join('');
  if (to === undefined || has(args, '-c', '-s', '-cd')) return null;
  const target = characters(to.text);
  return [...text].map((one) => translate(one, source, target)).join('');
});

const translate = (one: string, source: readonly string[], target: readonly string[]): string => {
  const at = source.lastIndexOf(one);
  return at === -1 ? one : (target[Math.min(at, target.length - 1)] ?? one);
};

const characters = (set: string): readonly string[] =>
  [
    ...decodeEscapes(set)
      .replace('[:upper:]', 'A-Z')
      .replace('[:lower:]', 'a-z')
      .replace('[:digit:]', '0-9')
      .matchAll(/(.)-(.)|([\s\S])/g),
  ].flatMap(([, from, to, one]) => {
    if (from === undefined || to === undefined) return [one ?? ''];
    const start = from.charCodeAt(0);
    const count = Math.min(300, Math.max(0, to.charCodeAt(0) - start + 1));
    return Array.from({ length: count }, (_, index) => String.fromCharCode(start + index));
  });

const sed: Printer = filter((text, args) => {
  const script = args.length === 1 ? args[0]!.text : null;
  const match = script === null ? null : /^s([/|,#])([\w .:-]*)\1([\w ./:-]*)\1(g?)$/.exec(script);
  if (match === null) return null;
  return match[4] === 'g' ? text.replaceAll(match[2]!, match[3]!) : text.replace(match[2]!, match[3]!);
});

/** The name of a program as an absolute path: only its last part is looked at. */
const which = (args: readonly Word[]): Word => {
  const found = operands(args)[0];
  return found === undefined ? unknownWord : { ...found, text: `/usr/bin/${found.text}` };
};

const lastPart = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? path;

const basename: Printer = (args) => {
  const [path, suffix = literal('')] = operands(args);
  if (path === undefined || !path.known) return unknownWord;
  const last = lastPart(path.text);
  return literal(
    last.endsWith(suffix.text) && last !== suffix.text
      ? last.slice(0, last.length - suffix.text.length)
      : last,
  );
};

const dirname: Printer = (args) => {
  const path = operands(args)[0];
  if (path === undefined || !path.known) return unknownWord;
  const trimmed = path.text.replace(/\/+$/, '');
  const at = trimmed.lastIndexOf('/');
  return literal(at === -1 ? '.' : at === 0 ? '/' : trimmed.slice(0, at));
};

/** Names of files below the folders that are listed: not known, but not elsewhere either. */
const names = (folder: string): Word => ({
  text: `${folder.replace(/\/+$/, '')}/${hole}`,
  known: false,
  glob: true,
  quoted: false,
});

const find: Printer = (args) => {
  const ends = args.findIndex((word) => /^[-(!]/.test(word.text));
  const start = (ends === -1 ? args : args.slice(0, ends))[0];
  if (start === undefined) return names('.');
  return start.known ? names(start.text) : unknownWord;
};

const listing: Printer = (args) => {
  const folder = operands(args)[0];
  if (folder === undefined) return names('.');
  return folder.glob || !/[./]$/.test(folder.text) ? { ...folder, glob: true } : names(folder.text);
};

const matches: Printer = (args) => {
  const files = operands(args).slice(1);
  return has(args, '-l', '-rl', '-lr', '-L', '--files-with-matches', '-ril', '-rli', '--files') &&
    files.length <= 1
    ? files[0] === undefined
      ? names('.')
      : names(files[0].text)
    : unknownWord;
};

const git: Printer = (args, _, context) => {
  const words = args.map((word) => word.text);
  if (words[0] === 'rev-parse' && words.includes('--show-toplevel')) return literal(context.workspace);
  const lists = words[0] === 'ls-files' || (words[0] === 'diff' && words.includes('--name-only'));
  return lists ? names('.') : unknownWord;
};

const passOn: Printer = (args, command, context) =>
  operands(args).length === 0 ? inputOf(command, context) : unknownWord;

/** Filters that leave names as they are, only fewer of them or in another order. */
const fewer: Printer = (_, command, context) => {
  const input = inputOf(command, context);
  return input.known ? unknownWord : input;
};

const printers: Readonly<Record<string, Printer>> = {
  echo,
  printf,
  cat: passOn,
  base64,
  base32,
  xxd,
  openssl,
  tr,
  sed,
  rev: filter((text) => [...text].reverse().join('')),
  pwd: (_, command) => (command.cwd === null ? unknownWord : literal(command.cwd)),
  which,
  basename,
  dirname,
  realpath: (args) => operands(args)[0] ?? unknownWord,
  readlink: (args) => operands(args)[0] ?? unknownWord,
  command: (args) => (args[0]?.text === '-v' ? which(args.slice(1)) : unknownWord),
  mktemp: () => ({ text: `/tmp/tmp.${hole}`, known: false, glob: false, quoted: false }),
  find,
  fd: (args) => (operands(args)[1] === undefined ? names('.') : names(operands(args)[1]!.text)),
  ls: listing,
  grep: matches,
  rg: matches,
  git,
  sort: fewer,
  uniq: fewer,
  head: fewer,
  tail: fewer,
};
