import { type Command, hole, type Redirect, type Word } from '../shell/command.ts';
import type { Script } from '../shell/read-script.ts';
import { shells } from '../shell/unwrap/shells.ts';
import type { Context, Describe, Table } from './describe.ts';
import type { Effect } from './effect.ts';
import { loaderEffects } from './loaders.ts';
import { ownShell } from './own-shell.ts';
import { sentSecrets } from './sent-secrets.ts';
import { isLocal } from './system/make.ts';
import { testsLost } from './tests-lost.ts';
import { Written } from './written.ts';

/** An effect with the command that it comes from; null where it is of the whole text. */
export type FoundEffect = { readonly effect: Effect; readonly command: Command | null };

export type EffectTables = {
  /** Looked up in this order. */
  readonly tables: readonly Table[];
  readonly unknown: Describe;
};

/** Nobody reads a longer list before saying yes to it. */
const maxFound = 500;

/** The effects of a shell text, in its order. */
export const effectsOf = (script: Script, context: Context, tables: EffectTables): readonly FoundEffect[] => {
  const found: FoundEffect[] = script.marks.map((effect) => ({ effect, command: null }));
  const written = new Written(context);
  const declared = new Set<string>();
  for (const command of script.commands) {
    const effects = [
      ...programEffects({ command, context, tables, written }),
      ...command.redirects
        .slice(0, maxFound)
        .flatMap((redirect) => redirectEffects(redirect, command, context)),
      ...inputEffects(command),
      ...ownShell(command),
      ...privilege(command),
      ...newLoaders(command, declared),
    ];
    const later = written.runs(command);
    for (const effect of [...effects, ...later, ...testsLost(command, effects, context)])
      found.push({ effect, command });
    written.note(effects, command);
    if (found.length >= maxFound) {
      found.push({
        effect: { type: 'opaque', at: 'text', what: 'does too many things to list' },
        command: null,
      });
      break;
    }
  }
  return [...found, ...sentSecrets(found)];
};

const programEffects = (use: {
  readonly command: Command;
  readonly context: Context;
  readonly tables: EffectTables;
  readonly written: Written;
}): readonly Effect[] => {
  const { command, context, tables, written } = use;
  const { name, program } = command;
  if (name === null) {
    return [
      { type: 'opaque', at: 'command', what: `runs ${shown(program.text)}, which is not known before` },
    ];
  }
  if (name === ':' && program.text === ':') return [];
  if (ownProgram(command, context)) return ownEffects(command, context, written);
  for (const table of tables.tables) {
    if (!Object.hasOwn(table, name)) continue;
    const effects = table[name]!(command, context);
    if (effects !== null) return effects;
  }
  const effects = tables.unknown(command, context);
  return effects ?? [{ type: 'run', program: name, origin: 'unknown', what: `runs ${name}` }];
};

const shown = (text: string): string => text.replaceAll(hole, '…').slice(0, 60);

const toolFolders =
  /(?:^|\/)(?:s?bin|\.bin|libexec|Scripts|shims|cmd)\/[^/]+$|^\/(?:usr|opt|nix|snap|Applications|System)\//;

/** Scripts that workspaces carry along and that do the same in each. */
const wellKnownScripts = new Set(['gradlew', 'mvnw', 'manage.py', 'artisan', 'rails', 'rake', 'console']);

/** A script or program that is given by its own path, not one of the system by its name. */
const ownProgram = ({ program, name }: Command, context: Context): boolean =>
  !wellKnownScripts.has(name ?? '') &&
  program.text.includes('/') &&
  !toolFolders.test(program.text) &&
  !program.text.startsWith(`${context.home}/.cargo`);

const ownEffects = (command: Command, context: Context, written: Written): readonly Effect[] => {
  const { program, args, name } = command;
  const path = context.path(program, command);
  const what = `runs ${shown([program, ...args].map((word) => word.text).join(' '))}`;
  if (path.place === 'unknown') return [{ type: 'opaque', at: 'command', what }];
  if (path.place === 'temp' && !written.made(path.path)) {
    const where = `${what}, which this line did not put into the temporary folder`;
    return [{ type: 'run', program: name ?? program.text, origin: 'opaque', what: where }];
  }
  const origin = path.place === 'workspace' ? 'project' : 'unknown';
  return [{ type: 'run', program: name ?? program.text, origin, what }];
};

const redirectEffects = (redirect: Redirect, command: Command, context: Context): readonly Effect[] => {
  const { operator, target } = redirect;
  const socket = /^\/dev\/(?:tcp|udp)\/([^/]+)/.exec(target.text);
  if (socket !== null) return socketEffects(command, socket[1]!);
  const path = context.path(target, command);
  if (operator === '<') return [{ type: 'read', path }];
  if (/^[<>]&$/.test(operator) && /^[\d-]+$/.test(target.text)) return [];
  if (path.place === 'unknown') {
    return [{ type: 'opaque', at: 'redirect', what: `writes to ${shown(target.text)}` }];
  }
  const empty = printsNothing(command);
  const how = operator.includes('>>') ? 'append' : empty ? 'truncate' : 'overwrite';
  return [{ type: 'write', path, how, ...contentOf(command) }];
};

const printsNothing = ({ name, args }: Command): boolean => {
  const words = args.map((word) => word.text);
  switch (name) {
    case ':':
    case 'true':
      return true;
    case 'cat':
      return words.length === 1 && words[0] === '/dev/null';
    case 'printf':
      return words.length === 1 && words[0] === '';
    case 'echo':
      return words[0] === '-n' && words.slice(1).every((word) => word === '');
    default:
      return false;
  }
};

const contentOf = ({ stdin, name, args }: Command): { readonly content?: string } => {
  if (stdin.type === 'text' && (name === 'cat' || name === 'tee')) return { content: stdin.text.text };
  if (name === 'echo' || name === 'printf') return { content: args.map((word) => word.text).join(' ') };
  return {};
};

const socketEffects = (command: Command, host: string): readonly Effect[] => {
  const what = `opens a connection to ${shown(host)}`;
  const interactive = shells.has(command.name ?? '') || command.name === 'exec' || command.name === ':';
  if (interactive) return [{ type: 'reverseShell', what: `${what} and gives it a shell` }];
  return [{ type: 'reach', host, how: 'send', local: isLocal(host), payload: 'unknown', what }];
};

const interpreters = new Set(
  'python python2 python3 perl ruby node nodejs php lua bun deno tclsh osascript psh pwsh source .'.split(
    ' ',
  ),
);
const sockets = new Set(['nc', 'ncat', 'netcat', 'socat', 'telnet', 'openssl', 'cryptcat']);
const fetchers = new Set([
  'curl',
  'wget',
  'fetch',
  'http',
  'https',
  'xh',
  'aria2c',
  'lynx',
  'GET',
  'ftp',
  'iwr',
]);

/** A shell or an interpreter that reads its program from a pipe, or from a substitution. */
const inputEffects = (command: Command): readonly Effect[] => {
  const { name } = command;
  if (name === null || !(shells.has(name) || interpreters.has(name))) return [];
  const sources = sourcesOf(command);
  if (sources.length === 0) return [];
  const fetching = sources.find((source) => fetchers.has(source.name ?? ''));
  if (sources.some((source) => sockets.has(source.name ?? '')))
    return [{ type: 'reverseShell', what: `${name} runs what comes over the network` }];
  if (fetching !== undefined) {
    return [
      { type: 'run', program: name, origin: 'fetched', what: `${name} runs what ${fetching.name} fetches` },
    ];
  }
  return [{ type: 'opaque', at: 'code', what: `${name} runs text that is not known before` }];
};

const sourcesOf = (command: Command): readonly Command[] => {
  const operand = command.args.find((word) => !/^-./.test(word.text));
  if (operand?.produces !== undefined) return operand.produces.flatMap(chainOf);
  const readsInput =
    operand === undefined ||
    operand.text === '-' ||
    operand.text === '/dev/stdin' ||
    command.args.some((word) => word.text === '-s');
  if (
    !readsInput ||
    command.args.some((word) => /^-\w*[ce]$|^--(?:version|help|eval|print)$|^-[vVhpm]$/.test(word.text))
  )
    return [];
  return command.stdin.type === 'pipe' ? chainOf(command.stdin.from) : [];
};

/** A command and everything that is piped into it. */
export const chainOf = (command: Command): readonly Command[] => {
  const chain: Command[] = [command];
  for (let at = command; at.stdin.type === 'pipe' && chain.length < 20; at = at.stdin.from)
    chain.push(at.stdin.from);
  return chain;
};

const privileged = new Set(['sudo', 'doas', 'pkexec', 'su', 'runuser', 'run0', 'gosu', 'su-exec']);

const privilege = (command: Command): readonly Effect[] => {
  const wrapper = command.wrappers.find((one) => privileged.has(one));
  if (wrapper === undefined) return [];
  return [
    { type: 'system', part: 'privilege', change: 'change', what: `runs as another user by ${wrapper}` },
  ];
};

/** Exported variables reach every later command; they are told once. */
const newLoaders = (command: Command, declared: Set<string>): readonly Effect[] => {
  const fresh: Record<string, Word> = {};
  for (const [name, value] of Object.entries(command.env)) {
    const key = `${name}=${value.text}`;
    if (!declared.has(key)) fresh[name] = value;
    declared.add(key);
  }
  return loaderEffects(fresh);
};
