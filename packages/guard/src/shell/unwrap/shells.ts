import type { Stdin, Word } from '../command.ts';
import { type Inner, script, type Unwrap } from './inner.ts';

/** Shells that read POSIX-like text. */
export const shells: ReadonlySet<string> = new Set(
  'sh bash zsh dash ksh ksh93 mksh ash rbash yash fish csh tcsh posh oksh'.split(' '),
);

/** `sh -c TEXT`, and text on the input of a shell without a script: here-documents and known pipes. */
export const unwrapShell: Unwrap = ({ name, args, stdin }, input): readonly Inner[] => {
  const { text, operands, interactive } = readOptions(args);
  const wrapper = `${name} -c`;
  if (text !== null) {
    const zero = operands[0];
    const body = { ...script(text, operands.slice(1)), ...(zero === undefined ? {} : { zero }) };
    return [{ wrapper, body, detached: false }];
  }
  if (operands.length > 0 || interactive) return [];
  const given = input();
  return given.known && given.text.trim() !== ''
    ? [{ wrapper: `${name} <`, body: script(given, []), detached: true, keep: isDecoded(stdin) }]
    : [];
};

const decoders = new Set(['base64', 'base32', 'xxd', 'openssl', 'rev', 'tr', 'gunzip', 'zcat', 'uudecode']);

/** Text that was hidden on purpose stays suspicious, though it could be read. */
const isDecoded = (stdin: Stdin): boolean => {
  for (let at = stdin; at.type === 'pipe'; at = at.from.stdin)
    if (decoders.has(at.from.name ?? '')) return true;
  return false;
};

type Options = {
  readonly text: Word | null;
  readonly operands: readonly Word[];
  readonly interactive: boolean;
};

const readOptions = (args: readonly Word[]): Options => {
  let at = 0;
  let command = false;
  let interactive = false;
  for (; at < args.length; at += 1) {
    const { text } = args[at]!;
    if (text === '--') {
      at += 1;
      break;
    }
    if (text === '-' || !/^[-+]/.test(text)) break;
    if (/^--(?:rcfile|init-file)$/.test(text)) at += 1;
    if (/^[-+]O$|^[-+]o$/.test(text)) at += 1;
    if (/^-[a-zA-Z]*c/.test(text) || text === '--command') command = true;
    if (text === '--version' || text === '--help') interactive = true;
  }
  const rest = args.slice(args[at]?.text === '-' ? at + 1 : at);
  if (command) return { text: rest[0] ?? null, operands: rest.slice(1), interactive };
  return { text: null, operands: rest, interactive };
};
