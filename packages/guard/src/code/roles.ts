import type { Effect, PathRef } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import { singleQuoted } from '../shell/shell-text.ts';
import type { Call } from './program.ts';
import { constantText, firstValues, has, isConstant, marks, unknown, type Value } from './value.ts';

/** What a call needs to know of the world around the snippet. */
export type Surroundings = {
  readonly path: (text: string) => PathRef;
  readonly shell: (text: string) => readonly Effect[];
  /** Effects of more code in the same language, or SQL. */
  readonly code: (text: string) => readonly Effect[];
  readonly sql: (text: string) => readonly Effect[];
};

/** Effects of one call. */
export type Role = (call: Call, around: Surroundings) => readonly Effect[];

/** An argument by its place, by its keyword, or the object itself. */
type Which = number | 'self';

export const argument = (call: Call, which: Which, keyword = ''): Value => {
  if (which === 'self') return call.receiver ?? unknown;
  return call.args[which] ?? call.named.get(keyword) ?? unknown;
};

const maxPaths = 40;

/** The paths that a value may be. A path nothing at all is known of is left out where `skipUnknown`. */
export const pathsOf = (value: Value, around: Surroundings, skipUnknown = false): readonly PathRef[] => {
  if (value.items !== null)
    return firstValues(value.items, maxPaths).flatMap((item) => pathsOf(item, around, skipUnknown));
  const glob = has(value, marks.glob);
  const known = value.texts.filter((text) => !absent.test(text));
  const texts = skipUnknown ? known.filter((text) => text.replaceAll(hole, '') !== '') : known;
  return texts.map((text) => (glob ? { ...around.path(text), glob } : around.path(text)));
};

/** What stands for no path at all. */
const absent = /^(?:None|null|undefined|True|False|true|false)$/;

export const deletes =
  (which: Which, recursive = false): Role =>
  (call, around) =>
    pathsOf(argument(call, which, 'path'), around).map((path) => ({
      type: 'delete',
      path,
      recursive: recursive || constantText(call.named.get('recursive')) === 'true',
    }));

type How = Extract<Effect, { type: 'write' }>['how'];

/** Writing where nothing is known of the path is what most programs do: no effect that could be judged. */
export const writes =
  (which: Which, how: How, contentAt: number | null = null): Role =>
  (call, around) => {
    const content = contentAt === null ? null : constantText(call.args[contentAt]);
    return pathsOf(argument(call, which, 'path'), around, true).flatMap((path): readonly Effect[] => {
      if (content === null) return [{ type: 'write', path, how }];
      // A script is written in order to be run.
      const script = /^#!.*\b(?:ba|z|da)?sh\b/.test(content) || /\.sh$/.test(path.path);
      return [{ type: 'write', path, how, content }, ...(script ? around.shell(content) : [])];
    });
  };

export const reads =
  (which: Which): Role =>
  (call, around) =>
    pathsOf(argument(call, which, 'path'), around, true).flatMap((path): readonly Effect[] => {
      const read: Effect = { type: 'read', path };
      return accounts.test(path.path)
        ? [read, { type: 'credential', change: 'read', what: 'reads the accounts of the machine' }]
        : [read];
    });

const accounts = /^\/etc\/(?:passwd|shadow|gshadow|sudoers|group|master\.passwd)\b/;

export const both =
  (...roles: readonly Role[]): Role =>
  (call, around) =>
    roles.flatMap((role) => role(call, around));

export const moves =
  (from: Which, to: Which): Role =>
  (call, around) => {
    const targets = pathsOf(argument(call, to, 'dst'), around);
    return pathsOf(argument(call, from, 'src'), around).flatMap((path) =>
      targets.map((target): Effect => ({ type: 'move', from: path, to: target })),
    );
  };

export const links =
  (target: Which, path: Which): Role =>
  (call, around) =>
    pathsOf(argument(call, path), around).flatMap((link) =>
      pathsOf(argument(call, target), around).map((to): Effect => ({ type: 'link', path: link, target: to })),
    );

/** Others may write, or setuid. */
const weakMode = /^(?:0o?|u\+s|g\+s)?[0-7]*[2367]$|^0?o?[4-7][0-7]{3}$|^(?:[ao]\+.*w|\+s|.*[ug]\+s)/;
const weakNames = /S_IWOTH|S_IRWXO|S_ISUID|S_ISGID/;

export const modes =
  (which: Which, modeAt: number): Role =>
  (call, around) => {
    const weak = isWeakMode(call, modeAt);
    return pathsOf(argument(call, which, 'path'), around).map((path) => ({
      type: 'chmod',
      path,
      recursive: has(argument(call, which, 'path'), marks.glob),
      how: weak ? 'weaken' : 'mode',
    }));
  };

/** Whether a call gives others the right to write, or runs the file under another name. */
export const isWeakMode = (call: Call, modeAt: number): boolean => {
  const mode = argument(call, modeAt, 'mode');
  if (weakMode.test(octal(constantText(mode) ?? '')) || weakNames.test(call.text)) return true;
  return !isConstant(mode) && /(?<!&\s*)0o?[0-7]*[2367]\b/.test(call.text);
};

const octal = (text: string): string => {
  if (/^[1-9]\d*$/.test(text)) return Number(text).toString(8);
  return text.replace(/^0o?(?=[0-7])/i, '');
};

export const owns =
  (which: Which): Role =>
  (call, around) =>
    pathsOf(argument(call, which, 'path'), around).map((path) => ({
      type: 'chmod',
      path,
      recursive: false,
      how: 'own',
    }));

/** The same effects wherever the call stands. */
export const always =
  (...effects: readonly Effect[]): Role =>
  () =>
    effects;

const opaqueCommand = (what: string): Effect => ({ type: 'opaque', at: 'command', what });

/** A command given as one text, or as a list of words. */
export const commands =
  (which: Which, keyword = 'args'): Role =>
  (call, around) =>
    commandEffects(argument(call, which, keyword), call.args.slice(1), around);

/** Program first, then its arguments as one list or one after another. */
export const commandWords =
  (programAt: number): Role =>
  (call, around) => {
    const [program, ...rest] = call.args.slice(programAt);
    if (program === undefined) return [opaqueCommand('starts a program that is not known')];
    if (program.items !== null) return commandEffects(program, [], around);
    const words = rest.flatMap((arg) => arg.items ?? (arg.fields === null && isConstant(arg) ? [arg] : []));
    return commandEffects({ ...unknown, items: [program, ...words], marks: program.marks }, [], around);
  };

/** `execv(path, argv)`: the list repeats the program's name. */
export const executes =
  (programAt: number): Role =>
  (call, around) => {
    const [program, ...rest] = call.args.slice(programAt);
    const words = rest.flatMap((arg) => arg.items ?? [arg]).slice(1);
    return program === undefined
      ? []
      : commandEffects({ ...unknown, items: [program, ...words] }, [], around);
  };

const commandEffects = (command: Value, rest: readonly Value[], around: Surroundings): readonly Effect[] => {
  const bits = command.marks | (command.items?.[0]?.marks ?? 0);
  if ((bits & (marks.fetched | marks.socket)) !== 0 && !isConstant(command))
    return [
      { type: 'run', program: 'sh', origin: 'fetched', what: 'runs a command that came over the network' },
    ];
  const list = command.items ?? (rest[0]?.items != null ? [command, ...rest[0].items] : null);
  if (list !== null) return listCommand(list, around);
  return command.texts.flatMap((text) => {
    if (text.replaceAll(hole, '').trim() === '') return [opaqueCommand('starts a command that is not known')];
    return around.shell(text.replaceAll(hole, unknownVariable));
  });
};

/** How a text for the shell says that it does not know: a variable that nothing sets. */
const unknownVariable = `\${not_known}`;

const listCommand = (list: readonly Value[], around: Surroundings): readonly Effect[] => {
  const words = list.map((item) => item.texts[0] ?? hole);
  const [program = hole] = words;
  if (program.includes(hole)) return [opaqueCommand('starts a program that is not known')];
  return around.shell(words.map(shellWord).join(' '));
};

const shellWord = (text: string): string =>
  text
    .split(hole)
    .map((part) => (/^[\w./:=@%+,-]*$/.test(part) ? part : singleQuoted(part)))
    .join(`"${unknownVariable}"`) || "''";

const describeCode = (value: Value, around: Surroundings): readonly Effect[] => {
  if (has(value, marks.fetched | marks.socket))
    return [
      { type: 'run', program: 'code', origin: 'fetched', what: 'runs code that came over the network' },
    ];
  return value.texts.flatMap((text): readonly Effect[] => {
    if (text === hole || text.includes(hole)) {
      const what = has(value, marks.decoded)
        ? 'runs code that is packed'
        : 'runs code that is put together as it runs';
      return [{ type: 'opaque', at: 'code', what }];
    }
    return around.code(text);
  });
};

/** Text that is run as code of the same language. */
export const runsCode =
  (which: Which): Role =>
  (call, around) => {
    const value = argument(call, which, 'source');
    return value.name?.startsWith('local:') ||
      value.name === 'repr()' ||
      (value === unknown && call.args.length === 0)
      ? []
      : describeCode(value, around);
  };

/** Data that may run code as it is read. */
export const loads =
  (what: string): Role =>
  (call) => {
    const value = argument(call, 0);
    // A file that is named in the text is as trusted as the text.
    if (isConstant(value) && !has(value, marks.decoded | marks.fetched)) return [];
    const origin = has(value, marks.fetched) ? 'fetched' : 'opaque';
    return [{ type: 'run', program: call.name, origin, what }];
  };

/** A call that may carry one of the dangerous functions as an argument: `map(os.remove, files)`. */
export const listens: Role = (call) => {
  const text = call.text;
  const address =
    call.args[0]?.items?.[0] ??
    call.args.find((arg) => /^[\d.:]+$|^localhost$/.test(constantText(arg) ?? ''));
  const host = constantText(call.named.get('host') ?? address);
  const every =
    host === '' || /0\.0\.0\.0|::(?!1)/.test(`${host ?? ''}`) || /['"](?:0\.0\.0\.0|::)['"]/.test(text);
  const what = every ? 'opens a port to every network' : 'opens a port';
  return [{ type: 'reach', host: host ?? null, how: 'listen', local: !every && host !== null, what }];
};

/** Many methods that take a text are called `query` or `raw`; only one that begins like SQL is. */
const sqlStart =
  /^\s*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*\(?(?:select|insert|update|delete|drop|truncate|create|alter|grant|revoke|with|merge|replace|call|exec(?:ute)?|begin|commit|copy|do|set|vacuum|shutdown|purge|flush|load|rename|explain|show|pragma|attach|detach)\s/i;

export const queries =
  (which: Which): Role =>
  (call, around) => {
    const value = argument(call, which, 'sql');
    const file = call.receiver?.name?.startsWith('sqlite3.connect()') ? call.receiver : null;
    if (file !== null)
      return value.texts.flatMap((text) => (sqlStart.test(text) ? ownFile(around.sql(text), file) : []));
    return value.texts.flatMap((text) => (sqlStart.test(text) ? around.sql(text) : []));
  };

/** A database of one file is the program's own: only what destroys in it counts, and nothing in memory. */
const ownFile = (effects: readonly Effect[], file: Value): readonly Effect[] =>
  constantText(file) === ':memory:'
    ? []
    : effects.filter(
        (effect) => effect.type !== 'remote' || effect.change === 'destroy' || effect.change === 'run',
      );
