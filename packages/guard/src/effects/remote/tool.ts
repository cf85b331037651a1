import type { Command, Word } from '../../shell/command.ts';
import { hole } from '../../shell/command.ts';
import type { Context, Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { asksForHelp, changeOfFlag, isDryRun } from './flags.ts';
import { type Flag, type FlagKnowledge, type Line, readLine } from './line.ts';
import { findSubcommand } from './subcommand.ts';
import { verbOfToken } from './verbs.ts';

type RemoteSystem = Extract<Effect, { type: 'remote' }>['system'];

/** What one operation of a tool does; `local` stays on this machine and loses nothing; `secret` shows a secret. */
export type Outcome = 'read' | 'create' | 'update' | 'destroy' | 'run' | 'local' | 'secret';

/**
 * A remote tool as data. Operations are written as the words that name them, alternatives in a word with `|`, `*` for
 * any word, separated by commas: `kv delete|destroy, lease revoke`. The longest that fits the leading operands wins;
 * what none fits is judged by its verb.
 */
export type ToolSpec = {
  readonly system: RemoteSystem;
  readonly read?: string;
  readonly create?: string;
  readonly update?: string;
  readonly destroy?: string;
  readonly run?: string;
  readonly local?: string;
  readonly secret?: string;
  /** Options with a value and options without, with their dashes, separated by blanks. */
  readonly valued?: string;
  readonly plain?: string;
  /** This tool's own names for a dry run. */
  readonly dryRun?: string;
  /** What the program does without any operand; `local` unless said. */
  readonly bare?: Outcome;
  /** What an operation is that no list and no verb knows; `update` unless said. */
  readonly otherwise?: Outcome;
  /** Options that decide by themselves, by outcome: `destroy: '--prune'`. */
  readonly options?: Readonly<Partial<Record<Outcome, string>>>;
};

/** What a spec cannot say of an odd tool. Neither is asked where only help is printed. */
type Exceptions = {
  /** Decides before the lists and verbs do; null leaves it to them. */
  readonly decide?: (line: Line) => Outcome | null;
  /** Effects beside the operation's own. */
  readonly extra?: (line: Line, command: Command, context: Context) => readonly Effect[];
};

/** A description of every use of a tool, from its spec. */
export const describeTool = (spec: ToolSpec, exceptions: Exceptions = {}): Describe => {
  let compiled: Compiled | null = null;
  return (command, context) => {
    compiled ??= compile(spec);
    return describe({ command, context, spec, compiled, exceptions });
  };
};

/** The outcome of an operation as an effect. */
export const effectOf = (input: {
  readonly system: RemoteSystem;
  readonly outcome: Outcome;
  readonly words: string;
}): Effect => {
  const { system, outcome, words } = input;
  if (outcome === 'secret') return { type: 'credential', change: 'read', what: `shows a secret (${words})` };
  if (outcome === 'local') {
    return { type: 'run', program: words.split(' ')[0]!, origin: 'known', what: `runs ${words}` };
  }
  return { type: 'remote', system, change: outcome, what: `${phrases[outcome]} (${words})` };
};

const phrases = {
  read: 'reads',
  create: 'creates something',
  update: 'changes something',
  destroy: 'destroys something',
  run: 'runs something elsewhere',
} as const;

type Compiled = {
  readonly knowledge: FlagKnowledge;
  readonly operations: ReadonlyMap<string, Outcome>;
  readonly dryRun: ReadonlySet<string>;
  readonly options: ReadonlyMap<string, Outcome>;
};

type Use = {
  readonly command: Command;
  readonly context: Context;
  readonly spec: ToolSpec;
  readonly compiled: Compiled;
  readonly exceptions: Exceptions;
};

const describe = (use: Use): readonly Effect[] => {
  const { command, spec, compiled, exceptions } = use;
  const line = readLine(command.args, compiled.knowledge);
  const name = command.name ?? 'a program';
  const words = [name, ...line.operands.slice(0, 4).map((word) => word.text)].join(' ').replaceAll(hole, '…');
  if (asksForHelp({ flags: line.flags, count: command.args.length })) {
    return [effectOf({ system: spec.system, outcome: 'read', words: `${name} help` })];
  }
  const outcome = exceptions.decide?.(line) ?? outcomeOf(line, use);
  if (outcome === null) {
    return [{ type: 'opaque', at: 'command', what: `the operation of ${name} is not known before it runs` }];
  }
  const quiet = outcome !== 'secret' && isDryRun(line.flags, compiled.dryRun) ? 'read' : outcome;
  const extra = [...(exceptions.extra?.(line, command, use.context) ?? []), ...helperPrograms(line.flags)];
  return [effectOf({ system: spec.system, outcome: quiet, words }), ...extra];
};

/** A program that the tool starts here for its own ends: `--password-command`, `--rsh`. */
const helperPrograms = (flags: readonly Flag[]): readonly Effect[] =>
  flags.flatMap((flag): Effect[] => {
    if (flag.value === null || !helperFlag.test(flag.name)) return [];
    const program = flag.value.text.trim().split(/\s+/)[0] || 'sh';
    return [{ type: 'spawn', program, what: `${flag.name} starts ${flag.value.text.slice(0, 80)}` }];
  });

const helperFlag =
  /^-{1,2}(?:(?:password|passphrase|pass|ssh|proxy|credential|token|auth)-?command|rsh|remote-shell|pager|editor|askpass)$/;

const severity: Readonly<Record<Outcome, number>> = {
  local: 0,
  read: 0,
  create: 1,
  run: 2,
  update: 2,
  secret: 3,
  destroy: 4,
};

const worse = (one: Outcome, other: Outcome | null): Outcome =>
  other !== null && severity[other] > severity[one] ? other : one;

const outcomeOf = (line: Line, use: Use): Outcome | null => {
  const byOption = line.flags.reduce<Outcome | null>((found, flag) => {
    const outcome = use.compiled.options.get(flag.name) ?? changeOfFlag(flag);
    return outcome === null || found === null ? (outcome ?? found) : worse(found, outcome);
  }, null);
  const narrow = outcomeOfWords(line.operands, use.compiled);
  const wide = line.wide.length === line.operands.length ? null : outcomeOfWords(line.wide, use.compiled);
  if (narrow !== null) return worse(worse(narrow, wide === 'destroy' ? wide : null), byOption);
  if (wide !== null) return worse(wide, byOption);
  if (byOption !== null) return byOption;
  if (line.operands.length === 0 && (line.flags.length === 0 || use.spec.otherwise === undefined)) {
    return use.spec.bare ?? 'local';
  }
  if (line.operands.slice(0, 2).some((word) => word.text.includes(hole))) return null;
  return use.spec.otherwise ?? 'update';
};

const outcomeOfWords = (operands: readonly Word[], compiled: Compiled): Outcome | null => {
  const words = operands.slice(0, 6).map((word) => word.text);
  const listed = lookup(compiled.operations, words);
  if (listed !== null) return erasesAfter(words, listed.length) ? 'destroy' : listed.outcome;
  const firstHole = words.findIndex((word) => word.includes(hole));
  const found = findSubcommand(words);
  if (found === null || (firstHole >= 0 && firstHole < found.at)) return null;
  if (found.kind === 'slight') return 'update';
  return found.kind === 'text' ? 'read' : found.kind;
};

/** A list may end at the resource (`monitor log-analytics`) where a verb follows (`workspace delete`). */
const erasesAfter = (words: readonly string[], length: number): boolean =>
  words.slice(length, length + 2).some((word) => {
    const verb = verbOfToken(word);
    return verb?.kind === 'destroy' && verb.firm;
  });

type Listed = { readonly outcome: Outcome; readonly length: number };

/** Longest listed operation that the words begin with. */
const lookup = (operations: ReadonlyMap<string, Outcome>, words: readonly string[]): Listed | null => {
  let best: Listed | null = null;
  let keys: readonly string[] = [''];
  for (const [index, word] of words.slice(0, 4).entries()) {
    keys = keys.flatMap((key) => [`${key} *`, `${key} ${word.toLowerCase()}`]);
    const hit = keys.map((key) => operations.get(key)).findLast((outcome) => outcome !== undefined);
    if (hit !== undefined) best = { outcome: hit, length: index + 1 };
  }
  return best;
};

const outcomes = ['read', 'create', 'update', 'destroy', 'run', 'local', 'secret'] as const;

const compile = (spec: ToolSpec): Compiled => {
  const operations = new Map<string, Outcome>();
  const options = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    for (const text of spec[outcome]?.split(',') ?? []) {
      for (const key of spellings(text)) operations.set(key, outcome);
    }
    for (const name of setOf(spec.options?.[outcome])) options.set(name, outcome);
  }
  return {
    knowledge: { valued: setOf(spec.valued), plain: setOf(spec.plain) },
    operations,
    dryRun: setOf(spec.dryRun),
    options,
  };
};

const spellings = (text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+/)
    .reduce<readonly string[]>(
      (keys, word) => keys.flatMap((key) => word.split('|').map((one) => `${key} ${one}`)),
      [''],
    );

const setOf = (text: string | undefined): ReadonlySet<string> =>
  new Set(text === undefined ? [] : text.split(/\s+/).filter((word) => word !== ''));
