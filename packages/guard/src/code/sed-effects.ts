import type { Effect } from '../effects/effect.ts';
import type { Where } from './code-effects.ts';

/** sed: the `e` command and flag run programs, `w` writes files, `r` reads them. Everything else edits the stream. */
export const sedEffects = (script: string, where: Where): readonly Effect[] => {
  const effects: Effect[] = [{ type: 'run', program: 'sed', origin: 'known', what: 'edits a stream' }];
  let rest = script;
  for (let steps = 0; rest !== '' && steps < 10_000; steps += 1) {
    const step = nextCommand(rest.replace(/^[\s;{}]+/, ''));
    if (step === null) break;
    effects.push(...step.effects(where));
    rest = step.rest;
  }
  return effects;
};

type Step = { readonly effects: (where: Where) => readonly Effect[]; readonly rest: string };

const nothing = (): readonly Effect[] => [];

/** `12`, `$`, `/pattern/I`, `\cpatternc`, `1~2`, two of them, and `!`. */
const skipAddresses = (text: string): string => {
  let rest = text;
  for (let part = 0; part < 2; part += 1) {
    const simple = /^(?:\d+(?:~\d+)?|\$|[+~]\d+|\uFFFC)/.exec(rest)?.[0];
    if (simple !== undefined) rest = rest.slice(simple.length);
    else if (rest.startsWith('/')) rest = afterDelimited(rest, '/').replace(/^[IM]+/, '');
    else if (rest.startsWith('\\') && rest.length > 1)
      rest = afterDelimited(rest.slice(1), rest[1]!).replace(/^[IM]+/, '');
    const comma = /^\s*,\s*/.exec(rest);
    if (comma === null) break;
    rest = rest.slice(comma[0].length);
  }
  return rest.replace(/^[\s!]+/, '');
};

/** What follows `/…/`, given the text from its first delimiter. */
const afterDelimited = (text: string, delimiter: string): string => {
  let set = false;
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (set) set = character !== ']';
    else if (character === delimiter) return text.slice(at + 1);
    else if (character === '[' && delimiter !== '[') {
      set = text.indexOf(']', at + 2) !== -1;
      if (set && /^[\^]?\]/.test(text.slice(at + 1))) at += text[at + 1] === '^' ? 2 : 1;
    }
  }
  return '';
};

const nextCommand = (text: string): Step | null => {
  const body = skipAddresses(text);
  const name = body[0];
  if (name === undefined) return null;
  const line = /^[^\n]*/.exec(body.slice(1))![0];
  const afterLine = body.slice(1 + line.length);
  switch (name) {
    case 'e':
      return { effects: (where) => run(line.trim(), where), rest: afterLine };
    case 'w':
    case 'W':
      return { effects: (where) => write(line.trim(), where), rest: afterLine };
    case 'r':
    case 'R':
      return { effects: (where) => [{ type: 'read', path: where.path(line.trim()) }], rest: afterLine };
    case 's':
      return substitution(body);
    case 'y':
      return { effects: nothing, rest: afterSecond(body, false) };
    case '{':
    case '}':
      return { effects: nothing, rest: body.slice(1) };
    case '#':
    case ':':
      return { effects: nothing, rest: afterLine };
    case 'a':
    case 'i':
    case 'c': {
      const lines = /^(?:[^\n\\]|\\[\s\S])*/.exec(body.slice(1))![0];
      return { effects: nothing, rest: body.slice(1 + lines.length) };
    }
    default:
      return { effects: nothing, rest: body.slice(1).replace(/^[^\n;}]*/, '') };
  }
};

const substitution = (body: string): Step => {
  const rest = afterSecond(body, true);
  const flags = /^[gpiImMe0-9\uFFFC]*/.exec(rest)![0];
  const after = rest.slice(flags.length);
  const file = /^w\s*([^\n]*)/.exec(after);
  const effects = (where: Where): readonly Effect[] => [
    ...(flags.includes('e') ? run('', where) : []),
    ...(file === null ? [] : write(file[1]!.trim(), where)),
  ];
  return { effects, rest: after.replace(/^[^\n;}]*/, '') };
};

/** After the second of two stretches that share their middle delimiter; the replacement knows no sets. */
const afterSecond = (body: string, replacement: boolean): string => {
  const delimiter = body[1];
  if (delimiter === undefined) return '';
  const tail = afterDelimited(body.slice(1), delimiter);
  if (!replacement) return afterDelimited(`${delimiter}${tail}`, delimiter);
  for (let at = 0; at < tail.length; at += 1) {
    if (tail[at] === '\\') at += 1;
    else if (tail[at] === delimiter) return tail.slice(at + 1);
  }
  return '';
};

const run = (text: string, where: Where): readonly Effect[] =>
  text === ''
    ? [{ type: 'opaque', at: 'command', what: 'runs what it reads as a command' }]
    : [
        { type: 'spawn', program: text.split(/\s/)[0]!, what: 'starts a program from sed' },
        ...where.shell(text),
      ];

const write = (target: string, where: Where): readonly Effect[] =>
  target === '' || target === '/dev/stdout' || target === '/dev/stderr'
    ? []
    : [{ type: 'write', path: where.path(target), how: 'overwrite' }];
