/** Rewrites of the commands inside a line: other spellings of the same words. */
import type { SyntaxNode } from '../../packages/syntax/src/tree.ts';
import { type Line, quoted, type Rewrite } from './rewrite.ts';

/** Each is tried on every command of the line that it fits; null where it fits none. */
const everyCommand =
  (name: string, spell: (command: PlainCommand) => string | null): Rewrite =>
  (line) => {
    let text = line.text;
    let changed = false;
    for (const command of plainCommands(line).toReversed()) {
      const spelled = readsSpecially.test(command.name) ? null : spell(command);
      if (spelled === null) continue;
      text = text.slice(0, command.start) + spelled + text.slice(command.end);
      changed = true;
    }
    return changed ? { name, text } : null;
  };

/** Tried on the first command of the line; what must stand before it goes to the line's start. */
const firstCommand =
  (
    name: string,
    spell: (
      command: PlainCommand,
      line: Line,
    ) => { readonly before: string; readonly spelled: string } | null,
  ): Rewrite =>
  (line) => {
    const [first] = plainCommands(line);
    if (first === undefined || readsSpecially.test(first.name)) return null;
    const parts = spell(first, line);
    if (parts === null) return null;
    const { before, spelled } = parts;
    return { name, text: before + line.text.slice(0, first.start) + spelled + line.text.slice(first.end) };
  };

/** A command whose name is a bare word. `words` are the texts of its arguments as they stand there. */
type PlainCommand = {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly words: readonly string[];
  /** From behind the name to the end of the last argument, as it stands there. */
  readonly rest: string;
  /** The rest with one word spelled otherwise. */
  readonly restWith: (word: number, spelled: string) => string;
};

/** In order of the text, none inside another, none inside quotes or a text for another program. */
const plainCommands = ({ root }: Line): readonly PlainCommand[] => {
  const found: PlainCommand[] = [];
  for (const node of root.walk()) {
    const plain = node.type === 'command' ? plainOf(node) : null;
    if (plain !== null && plain.start >= (found.at(-1)?.end ?? 0) && !isInsideText(node)) found.push(plain);
  }
  return found;
};

const plainOf = (node: SyntaxNode): PlainCommand | null => {
  const name = node.child('name');
  const args = node.childrenOf('argument');
  if (name === null || !/^[a-z][\w.-]*$/i.test(name.text)) return null;
  const end = args.at(-1)?.end ?? name.end;
  const { text } = node.source;
  return {
    start: name.start,
    end,
    name: name.text,
    words: args.map((word) => word.text),
    rest: text.slice(name.end, end),
    restWith: (word, spelled) =>
      text.slice(name.end, args[word]!.start) + spelled + text.slice(args[word]!.end, end),
  };
};

const texts: ReadonlySet<string> = new Set([
  'string',
  'heredoc_body',
  'command_substitution',
  'process_substitution',
]);
const isInsideText = (node: SyntaxNode): boolean => node.ancestor(texts) !== null;

/** Words that the shell reads in one way only. `~` is left out where it would not stand at a word's start. */
const isBare = (word: string): boolean => /^[\w./:@%+=*?-]+$/.test(word);
const areBare = (words: readonly string[]): boolean => words.length > 0 && words.every(isBare);

const named =
  (spell: (name: string) => string) =>
  ({ name, rest }: PlainCommand): string =>
    spell(name) + rest;

const octal = (name: string): string =>
  [...name].map((letter) => `\\${letter.charCodeAt(0).toString(8)}`).join('');

const ansi = (name: string): string =>
  [...name].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('');

/** What declares variables reads its arguments by its own rules. */
const readsSpecially = /^(?:export|declare|local|readonly|typeset|alias|let|time|coproc)$/;

const inBinFolders: Readonly<Record<string, string>> = Object.fromEntries([
  ...'rm cat ls cp mv ln chmod chown dd mkdir rmdir touch sh bash grep sed tar mount umount kill ps'
    .split(' ')
    .map((name) => [name, `/bin/${name}`]),
  ...'git curl wget find xargs env python3 perl awk head tail sort ssh scp rsync nc docker shred truncate'
    .split(' ')
    .map((name) => [name, `/usr/bin/${name}`]),
]);

const applets = new Set(
  'rm cat ls cp mv ln chmod chown dd mkdir rmdir touch grep sed tar mount kill find head tail sort wget nc shred truncate'.split(
    ' ',
  ),
);

export const commandRewrites: readonly Rewrite[] = [
  everyCommand(
    'quotes in the name',
    named((name) => `${name[0]}''${name.slice(1)}`),
  ),
  everyCommand(
    'quotes around the name',
    named((name) => `"${name}"`),
  ),
  everyCommand(
    'backslash in the name',
    named((name) => `\\${name}`),
  ),
  everyCommand(
    'ANSI-C name',
    named((name) => `$'${ansi(name)}'`),
  ),
  everyCommand(
    'variable default as name',
    named((name) => `\${zq_unset:-${name}}`),
  ),
  everyCommand(
    'name from echo',
    named((name) => `$(echo ${name})`),
  ),
  everyCommand(
    'name from printf',
    named((name) => `$(printf '${octal(name)}')`),
  ),
  everyCommand(
    'name in two lines',
    named((name) => `${name[0]}\\\n${name.slice(1)}`),
  ),
  everyCommand('continued line', ({ name, rest }) => (rest === '' ? null : `${name} \\\n ${rest}`)),
  everyCommand('braces', ({ name, words }) => (areBare(words) ? `{${[name, ...words].join(',')}}` : null)),
  everyCommand('$IFS', ({ name, words }) => (areBare(words) ? [name, ...words].join(`\${IFS}`) : null)),
  everyCommand('quoted flag', ({ name, words, restWith }) => {
    const at = words.findIndex((word) => /^-[a-z]+$/i.test(word));
    return at < 0 ? null : name + restWith(at, `"-"'${words[at]!.slice(1)}'`);
  }),
  everyCommand('absolute path', ({ name, rest }) =>
    Object.hasOwn(inBinFolders, name) ? inBinFolders[name] + rest : null,
  ),
  everyCommand('busybox', ({ name, rest }) => (applets.has(name) ? `busybox ${name}${rest}` : null)),
  everyCommand('command', ({ name, rest }) => `command ${name}${rest}`),
  ...['env', 'nice -n 5', 'nohup', 'timeout 60', 'setsid'].map((wrapper) =>
    everyCommand(wrapper.split(' ', 1)[0]!, ({ name, rest }) =>
      Object.hasOwn(inBinFolders, name) ? `${wrapper} ${name}${rest}` : null,
    ),
  ),
  firstCommand('variable as name', ({ name, rest }) => ({
    before: `zq_name=${name}; `,
    spelled: `$zq_name${rest}`,
  })),
  firstCommand('variable as flag', ({ name, words, restWith }) => {
    const at = words.findIndex((word) => /^--?[a-z-]+$/i.test(word));
    return at < 0
      ? null
      : { before: `zq_flag=${words[at]}; `, spelled: `${name}${restWith(at, '$zq_flag')}` };
  }),
  firstCommand('alias', ({ start, name, rest }) =>
    start > 0
      ? null
      : { before: `shopt -s expand_aliases\nalias zq=${quoted(name)}\n`, spelled: `zq${rest}` },
  ),
  firstCommand('xargs', ({ name, words, start, end }, { text }) =>
    start > 0 || end < text.length || !areBare(words) || !Object.hasOwn(inBinFolders, name)
      ? null
      : { before: `printf '%s\\n' ${words.join(' ')} | `, spelled: `xargs ${name}` },
  ),
];
