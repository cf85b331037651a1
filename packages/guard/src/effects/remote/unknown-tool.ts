import type { Command, Word } from '../../shell/command.ts';
import { hole } from '../../shell/command.ts';
import { shellText } from '../../shell/shell-text.ts';
import type { Context, Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { asksForHelp, changeOfFlag, isDryRun } from './flags.ts';
import { type Line, readLine } from './line.ts';
import { operandEffects, outputEffects } from './operands.ts';
import { findSubcommand, type Subcommand, tokensOf } from './subcommand.ts';
import type { VerbKind } from './verbs.ts';

/**
 * The effects of a program that is in no table, judged by its verbs: `remote` where a subcommand, an option or the
 * program's own name says that something is changed, else `run` with origin `unknown` (`project` inside the
 * workspace). Paths, addresses, SQL and programs among its words are effects of their own. Never null.
 */
export const describeUnknown: Describe = (command, context) => {
  if (command.name === null) {
    return [{ type: 'opaque', at: 'command', what: 'the program is not known before it runs' }];
  }
  const line = readLine(command.args, knowledge);
  if (asksForHelp({ flags: line.flags, count: command.args.length }) || helpWord(line)) {
    return [runs(command, context, 'help')];
  }
  const wrapped = wrappedCommand(line);
  const asked = changeOf(line, command);
  const change = wrapped !== null && asked === 'run' ? null : asked;
  const found = [
    ...operandEffects(line, command, context),
    ...outputEffects(line, command, context),
    ...(wrapped === null ? [] : context.code('shell', wrapped, command)),
  ];
  // An address among the words of a remote read names what is read: `list --queue-url https://…`.
  const effects =
    change === 'read' && !fetches(line) ? found.filter((effect) => effect.type !== 'reach') : found;
  const words = [command.name, ...line.operands.slice(0, 3).map((word) => word.text)]
    .join(' ')
    .replaceAll(hole, '…');
  return [...mainEffects({ change, words, run: runs(command, context, words) }), ...effects];
};

const knowledge = { valued: new Set<string>(), plain: new Set<string>() };

const helpWord = (line: Line): boolean => {
  const first = line.operands[0]?.text.toLowerCase();
  return first === 'help' || (line.operands.length === 1 && line.flags.length === 0 && first === 'version');
};

/** `tool exec -- npm test`: a command in a command. */
const wrappedCommand = (line: Line): Word | null => {
  const words = line.after;
  const last = line.operands.at(-1)?.text;
  if (words.length === 0 || words[0]!.text.startsWith('-') || (last !== 'exec' && last !== 'run'))
    return null;
  return shellText(words);
};

const fetches = (line: Line): boolean =>
  line.operands
    .slice(0, 2)
    .some((word) => /^(?:get|fetch|pull|download|retrieve|clone|open|browse|head)$/i.test(word.text));

type Change = 'read' | 'create' | 'update' | 'destroy' | 'run' | 'secret';

const mainEffects = (input: {
  readonly change: Change | null;
  readonly words: string;
  readonly run: Effect;
}): readonly Effect[] => {
  const { change, words, run } = input;
  if (change === null) return [run];
  if (change === 'secret') return [{ type: 'credential', change: 'read', what: `shows a secret (${words})` }];
  const what = change === 'read' ? `reads (${words})` : `${phrases[change]} by its words (${words})`;
  return [{ type: 'remote', system: 'service', change, what }];
};

const phrases = {
  create: 'creates',
  update: 'changes',
  destroy: 'destroys',
  run: 'runs something elsewhere',
} as const;

const runs = (command: Command, context: Context, words: string): Effect => {
  const own =
    command.program.text.includes('/') && context.path(command.program, command).place === 'workspace';
  const program = command.name ?? command.program.text;
  return { type: 'run', program, origin: own ? 'project' : 'unknown', what: `runs ${words}` };
};

const changeOf = (line: Line, command: Command): Change | null => {
  const found = strongest([
    changeOfWords(line),
    ...line.flags.map(changeOfFlag),
    changeOfMethod(command.args),
    changeOfCode(command.args),
    changeOfName(command.name ?? ''),
  ]);
  const changes = found === 'create' || found === 'update' || found === 'destroy';
  return changes && isDryRun(line.flags) ? 'read' : found;
};

const order: readonly (Change | null)[] = [null, 'read', 'create', 'run', 'update', 'secret', 'destroy'];

const strongest = (changes: readonly (Change | null)[]): Change | null =>
  changes.reduce((one, other) => (order.indexOf(other) > order.indexOf(one) ? other : one), null);

const changeOfWords = (line: Line): Change | null => {
  const narrow = findSubcommand(line.operands.map((word) => word.text));
  const wide = findSubcommand(line.wide.map((word) => word.text));
  if (narrow === null) return wide === null ? null : changeOfVerb(wide, line);
  // A word behind an unknown option is a value or the subcommand: only before the verb can it be the latter.
  const at = line.wide.indexOf(line.operands[narrow.at]!);
  const hidden = wide?.kind === 'destroy' && wide.firm && wide.at < at;
  return changeOfVerb(hidden ? wide : narrow, line);
};

/** Verbs of developers' tools count for less where nothing is named to do it to: `tool start`, `tool cache clean`. */
const changeOfVerb = (found: Subcommand, line: Line): Change | null => {
  const named = line.wide.length > found.at + 1 || line.flags.some((flag) => forcing.has(flag.name));
  const changes: Readonly<Record<VerbKind, Change | null>> = {
    read: 'read',
    text: 'read',
    secret: 'secret',
    create: 'create',
    update: 'update',
    destroy: 'destroy',
    run: found.firm ? 'run' : null,
    local: null,
    slight: named ? 'update' : null,
  };
  return changes[found.kind];
};

const forcing = new Set(['--all', '--force', '-f', '-a', '--yes', '-y', '--everything', '--hard']);

/** An HTTP method that is written out: `-X DELETE`, `tool DELETE /users/5`. */
const changeOfMethod = (args: readonly Word[]): Change | null => {
  const method = args.map(
    (word) => /^(?:-X|--(?:method|request)=)?(DELETE|PUT|POST|PATCH|PURGE)$/.exec(word.text)?.[1],
  );
  if (method.some((name) => name === 'DELETE' || name === 'PURGE')) return 'destroy';
  return method.some((name) => name !== undefined) ? 'update' : null;
};

/** A call in a text of code: `--execute 'db._drop("users")'`. */
const changeOfCode = (args: readonly Word[]): Change | null =>
  args.some((word) => destroyingCall.test(word.text)) ? 'destroy' : null;

const destroyingCall =
  /\.\s?_?(?:drop|delete|remove|truncate|destroy|purge|wipe|unlink|rmtree|rmdir)[A-Za-z]{0,20}\s?\(/;

/** A program named for what it destroys or publishes asks, whatever its words. */
const changeOfName = (name: string): Change | null => {
  const tokens = tokensOf(
    name.replace(/\(.*$/s, '').replace(/\.(?:sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl|php|exe)$/, ''),
  );
  return tokens.some((token) => telling.has(token) || /^(?:nuke|wipe|purge|erase|destroy|shred)/.test(token))
    ? 'update'
    : null;
};

const telling = new Set(
  `wipe purge delete destroy nuke erase drop truncate terminate obliterate uninstall reset shred kill remove rm del teardown
   decommission cancel exploit malware backdoor ransomware dangerous deploy undeploy publish release rollback restore revoke migrate provision flush wiper killer eraser`.split(
    /\s+/,
  ),
);
