import { type Command, hole, unknownWord, type Word } from './command.ts';
import { normalPath } from './normal-path.ts';
import type { Scope } from './scope.ts';

/** `script`: the builtin runs text as if it stood here. */
type Change = { readonly type: 'none' } | { readonly type: 'script'; readonly text: string };
const none: Change = { type: 'none' };

type Help = { readonly home: string; readonly input: () => Word };

/** What a builtin changes for the commands behind it. */
export const changeScope = (command: Command, scope: Scope, help: Help): Change => {
  const { args } = command;
  switch (command.name) {
    case 'cd':
    case 'pushd':
    case 'chdir':
      scope.cwd = folder(args, scope.cwd, help.home);
      return none;
    case 'popd':
      scope.cwd = null;
      return none;
    case 'eval':
      return { type: 'script', text: args.map((word) => word.text).join(' ') };
    case 'trap':
      return args.length >= 2 &&
        /\s|\w/.test(args[0]!.text) &&
        args[0]!.text !== '-' &&
        !args[0]!.text.startsWith('-')
        ? { type: 'script', text: args[0]!.text }
        : none;
    case 'alias':
      for (const { text } of args) {
        const at = text.indexOf('=');
        if (at > 0) scope.aliases.set(text.slice(0, at), text.slice(at + 1));
      }
      return none;
    case 'unset':
      for (const { text } of args) {
        scope.variables.delete(text);
        scope.functions.delete(text);
      }
      return none;
    case 'set':
      setPositional(args, scope);
      return none;
    case 'shift':
      scope.positional = scope.positional?.slice(Number(args[0]?.text ?? 1)) ?? null;
      return none;
    case 'read':
    case 'mapfile':
    case 'readarray':
      readInto(command, scope, help.input());
      return none;
    default:
      return none;
  }
};

const folder = (args: readonly Word[], cwd: string | null, home: string): string | null => {
  const target = args.find((word) => !/^-[LPe@]*$/.test(word.text) || word.text === '-');
  if (target === undefined) return home;
  if (target.text === '-') return null;
  if (!target.known || target.glob) return partly(target.text, cwd);
  return normalFolder(target.text, cwd);
};

/** A folder whose last parts are not known lies at least below the known ones. */
const partly = (text: string, cwd: string | null): string | null => {
  const path = normalFolder(text, cwd);
  return path === null || text.startsWith(hole) ? null : path;
};

/** Absolute, without `.` and `..`; null where what it is relative to is not known. */
export const normalFolder = (text: string, cwd: string | null): string | null => {
  if (!text.startsWith('/') && cwd === null) return null;
  return normalPath(text.startsWith('/') ? text : `${cwd}/${text}`);
};

const setPositional = (args: readonly Word[], scope: Scope): void => {
  const at = args.findIndex((word) => word.text === '--');
  if (at !== -1) scope.positional = args.slice(at + 1);
  else if (args.length > 0 && !/^[-+]/.test(args[0]!.text)) scope.positional = args;
};

/** `read name`: a name of a file where the input lists such, else unknown. */
const readInto = (command: Command, scope: Scope, input: Word): void => {
  const names = command.args.map((word) => word.text).filter((text) => /^[A-Za-z_]\w*$/.test(text));
  const value = input.known && !input.text.trim().includes('\n') ? input : input.glob ? input : unknownWord;
  for (const name of names.length === 0 ? ['REPLY'] : names) scope.variables.set(name, value);
};
