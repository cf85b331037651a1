import type { Word } from '../../shell/command.ts';
import type { Effect } from '../effect.ts';
import { type Arguments, grammarOf, has, parseArguments, valuesOf } from './arguments.ts';
import type { Develop, DevelopContext } from './develop.ts';
import { type Outcome, outcomeEffect, type Subject } from './outcome.ts';

/**
 * Subcommands of a tool, one line an outcome: `outcome: name name group/name …`. A `name?other` has `other` as its
 * outcome where no operand follows; `group/*` stands for the rest of a group, `*` for what no line names.
 */
export type Tool = {
  readonly subcommands: string;
  /** Text for `grammarOf`: options with values. */
  readonly options?: string;
  /** Without a subcommand; `read` if not said. */
  readonly alone?: Outcome;
  readonly scope?: Subject['scope'];
  readonly system?: Subject['system'];
  /** Options that mean the person's or machine's installation instead of the project's. */
  readonly global?: readonly string[];
  /** Options that name the folder to work in. */
  readonly folders?: readonly string[];
  /** Options with which nothing is changed; a special use decides that itself (scripts do not heed them). */
  readonly dry?: readonly string[];
  /** What options add, whatever the subcommand. */
  readonly flags?: Readonly<Record<string, Outcome>>;
  /** Uses that a line cannot tell, by subcommand; null falls back to the lines. */
  readonly special?: Readonly<Record<string, Special>>;
};

export type ToolUse = {
  readonly path: string;
  /** Operands after the subcommand. */
  readonly operands: readonly Word[];
  readonly parsed: Arguments;
  readonly args: readonly Word[];
  readonly subject: Subject;
  /** An option says that nothing is to be changed. */
  readonly dry: boolean;
  readonly command: Parameters<Develop>[0];
  readonly context: DevelopContext;
};

export type Special = (use: ToolUse) => readonly Effect[] | null;

type Entry = { readonly outcome: Outcome; readonly alone: Outcome };

/** The description of a tool that is told what to do by subcommands. */
export const toolOf = (name: string, tool: Tool): Develop => {
  let lines: ReadonlyMap<string, Entry> | null = null;
  return (command, context) => {
    lines ??= linesOf(tool.subcommands);
    const parsed = parseArguments(command.args, grammarOf(tool.options ?? ''));
    const found = findUse(parsed, command.args, lines, tool.special ?? {});
    const what = [name, found.path].filter((part) => part !== '').join(' ');
    const scope = tool.global && has(parsed, ...tool.global) ? 'user' : (tool.scope ?? 'project');
    const subject: Subject = { program: name, what, scope, system: tool.system ?? 'service' };
    if (asksForHelp(parsed, command.args, found)) return [outcomeEffect('read', subject)];
    const dry = tool.dry !== undefined && has(parsed, ...tool.dry);
    if (dry && !found.special) return [outcomeEffect('read', subject)];
    const use = {
      path: found.path,
      operands: found.rest,
      parsed,
      args: command.args,
      subject,
      dry,
      command,
      context,
    };
    const extra = [...flagEffects(tool, parsed, subject), ...folderEffects(tool, use)];
    const special = found.special?.(use);
    if (special) return [...extra, ...special];
    if (found.unknown)
      return [...extra, { type: 'opaque', at: 'command', what: `${name} with an unknown subcommand` }];
    const outcome = outcomeOf(found, parsed, tool);
    return outcome === null ? null : [...extra, outcomeEffect(outcome, subject)];
  };
};

type Found = {
  readonly path: string;
  readonly entry: Entry | null;
  readonly special: Special | undefined;
  readonly rest: readonly Word[];
  readonly unknown: boolean;
};

const outcomeOf = ({ entry, rest, path }: Found, parsed: Arguments, tool: Tool): Outcome | null => {
  if (path === '' && parsed.operands.length === 0) return tool.alone ?? 'read';
  if (!entry) return null;
  return rest.length === 0 ? entry.alone : entry.outcome;
};

const linesOf = (text: string): ReadonlyMap<string, Entry> => {
  const entries = new Map<string, Entry>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const outcome = line.slice(0, Math.max(colon, 0)).trim();
    for (const word of line.slice(colon + 1).split(/\s+/)) {
      const [path, alone] = word.split('?') as [string, string | undefined];
      const entry = { outcome, alone: alone ?? outcome } as Entry;
      for (const each of alternatives(path)) entries.set(each, entry);
    }
  }
  return entries;
};

/** `issue,pr/list,view` stands for four paths. */
const alternatives = (path: string): readonly string[] =>
  path
    .split('/')
    .map((part) => part.split(','))
    .reduce<readonly string[]>(
      (before, names) => before.flatMap((start) => names.map((name) => (start ? `${start}/${name}` : name))),
      [''],
    );

/**
 * An option that is wrongly thought to take a value would swallow the subcommand: where none is found, the words are
 * searched for one.
 */
const findUse = (
  parsed: Arguments,
  args: readonly Word[],
  lines: ReadonlyMap<string, Entry>,
  special: Readonly<Record<string, Special>>,
): Found => {
  const found = find(parsed.operands, lines, special);
  if (found.entry || (found.special && found.special !== special['*'])) return found;
  const words = args.filter(({ text }) => !text.startsWith('-'));
  const start = words.findIndex(({ text }) => lines.has(text) || Object.hasOwn(special, text));
  return start === -1 || parsed.operands.length > 0 ? found : find(words.slice(start), lines, special);
};

/** The longest line that the operands begin with. */
const find = (
  operands: readonly Word[],
  lines: ReadonlyMap<string, Entry>,
  special: Readonly<Record<string, Special>>,
): Found => {
  const names = operands.map(({ text }) => text);
  const unknown = operands[0]?.known === false;
  for (let length = Math.min(3, names.length); length > 0; length--) {
    const path = names.slice(0, length).join('/');
    const entry = lines.get(path) ?? lines.get([...names.slice(0, length - 1), '*'].join('/')) ?? null;
    const handler = Object.hasOwn(special, path) ? special[path] : undefined;
    if (!entry && !handler) continue;
    return {
      path: path.replaceAll('/', ' '),
      entry,
      special: handler,
      rest: operands.slice(length),
      unknown,
    };
  }
  return { path: names[0] ?? '', entry: null, special: special['*'], rest: operands.slice(1), unknown };
};

/** Behind the operand of a use that hands its arguments on, the option is not the tool's own. */
const asksForHelp = (parsed: Arguments, args: readonly Word[], found: Found): boolean => {
  if (parsed.operands[0]?.text === 'help' || isVersion(args)) return true;
  if (!has(parsed, '--help', '-help')) return false;
  const first = found.special ? found.rest[0] : undefined;
  return first === undefined || args.findIndex(({ text }) => /^--?help$/.test(text)) < args.indexOf(first);
};

const isVersion = (args: readonly Word[]): boolean =>
  args.length === 1 && /^(?:--?version|-[vVh]|-\?)$/.test(args[0]!.text);

const flagEffects = (tool: Tool, parsed: Arguments, subject: Subject): readonly Effect[] =>
  Object.entries(tool.flags ?? {}).flatMap(([names, outcome]) => {
    const given = names.split(' ').filter((name) => has(parsed, name));
    if (given.length === 0) return [];
    const value = valuesOf(parsed, ...given)[0]?.text;
    return [
      outcomeEffect(outcome, { ...subject, what: `${subject.what} ${given[0]}${value ? ` ${value}` : ''}` }),
    ];
  });

/** Working in a folder elsewhere is writing there; a neighbour in the same repository is not elsewhere. */
const folderEffects = (tool: Tool, { parsed, command, context }: ToolUse): readonly Effect[] =>
  valuesOf(parsed, ...(tool.folders ?? []))
    .filter(({ text }) => !text.startsWith('../'))
    .map((word) => context.path(word, command))
    .filter(({ place }) => ['home', 'homeRoot', 'outside', 'system', 'root'].includes(place))
    .map((path) => ({ type: 'write', path, how: 'edit' }));
