import { type Command, hole, literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopContext, DevelopTable } from '../develop.ts';
import { branchSubcommands } from './branches.ts';
import { settingEffects, splitSetting } from './config.ts';
import { configSubcommands } from './config-command.ts';
import { historySubcommands } from './history.ts';
import { inspectSubcommands } from './inspect.ts';
import { nestedSubcommands } from './nested.ts';
import { remoteSubcommands } from './remotes.ts';
import { reads, type Subcommands, writes } from './use.ts';
import { worktreeSubcommands } from './worktree.ts';

const subcommands: Subcommands = {
  ...inspectSubcommands,
  ...worktreeSubcommands,
  ...branchSubcommands,
  ...historySubcommands,
  ...remoteSubcommands,
  ...nestedSubcommands,
  ...configSubcommands,
};

const globalOptions = grammarOf(
  '@stop -C= -c= --git-dir= --work-tree= --namespace= --super-prefix= --config-env= --attr-source= --list-cmds=',
);

const git: Develop = (command, context) => {
  const parsed = parseArguments(command.args, globalOptions);
  const around = globalEffects(parsed, command, context);
  const [name, ...args] = parsed.operands;
  if (
    !name ||
    has(parsed, '--version', '--help', '-v', '-h', '--exec-path', '--html-path', '--man-path', '--info-path')
  )
    return [...around, reads('git')];
  if (name.text.startsWith('-')) return [...around, reads('git')];
  if (!name.known)
    return [...around, { type: 'opaque', at: 'command', what: 'git with an unknown subcommand' }];
  const settings = valuesOf(parsed, '-c').map(splitSetting);
  const alias = settings.findLast(({ key }) => key.toLowerCase() === `alias.${name.text}`.toLowerCase());
  if (alias && !Object.hasOwn(subcommands, name.text))
    return [...around, ...runAlias(alias.value, args, command, context)];
  const effects = describeSubcommand(name.text, args, command, context);
  if (effects === null) return null;
  const folders = valuesOf(parsed, '-C', '--git-dir', '--work-tree').map(gitFolder);
  return [...around, ...placed(folders, effects, command, context)];
};

/** Git's own subcommands under their dashed names, and tools that hand what they do not know to git. */
export const gitTable: DevelopTable = {
  git,
  ...Object.fromEntries(
    Object.keys(subcommands).map((name): [string, Develop] => [
      `git-${name}`,
      (command, context) => git({ ...command, args: [literal(name), ...command.args] }, context),
    ]),
  ),
};

const describeSubcommand = (
  name: string,
  args: readonly Word[],
  command: Command,
  context: DevelopContext,
): readonly Effect[] | null => {
  const help = args[0]?.text;
  if (help === '--help' || (help === '-h' && args.length === 1)) return [reads(`git ${name}`)];
  if (!Object.hasOwn(subcommands, name))
    return [
      { type: 'run', program: `git-${name}`, origin: 'opaque', what: `git ${name} is an alias or a program` },
    ];
  const { options, effects } = subcommands[name]!;
  const parsed = parseArguments(args, grammarOf(`@prefixes ${options}`));
  if (has(parsed, '--help')) return [reads(`git ${name}`)];
  return effects({ name, args, parsed, command, context });
};

const runAlias = (
  value: Word,
  args: readonly Word[],
  command: Command,
  context: DevelopContext,
): readonly Effect[] => {
  if (!value.known || value.text.trimStart().startsWith('!')) return [];
  const words = value.text.trim().split(/\s+/).map(literal);
  return context.inner([literal('git'), ...words, ...args], command);
};

/** What the options before the subcommand do by themselves. */
const globalEffects = (
  parsed: ReturnType<typeof parseArguments>,
  command: Command,
  context: DevelopContext,
): readonly Effect[] => {
  const effects: Effect[] = [];
  for (const { name, value } of parsed.flags) {
    if (name === '-c' && value) {
      const { key, value: setting } = splitSetting(value);
      if (key.includes(hole))
        effects.push({ type: 'opaque', at: 'code', what: 'a git setting that is not known' });
      effects.push(...settingEffects(key, setting));
    }
    if (name === '--config-env' && value) {
      const { key } = splitSetting(value);
      effects.push(...settingEffects(key, { ...value, text: hole, known: false }));
    }
    if (name === '--exec-path' && value)
      effects.push({
        type: 'loader',
        variable: 'GIT_EXEC_PATH',
        what: `git runs its parts from ${value.text}`,
      });
    if (name === '-C' && value && context.path(value, command).sensitivity === 'secret')
      effects.push({ type: 'read', path: context.path(value, command) });
  }
  return effects;
};

/**
 * A change to a repository outside the workspace is a write there, and what is known about the workspace's own
 * repository (that it is clean) says nothing about another.
 */
const placed = (
  folders: readonly Word[],
  effects: readonly Effect[],
  command: Command,
  context: DevelopContext,
): readonly Effect[] => {
  if (!effects.some((effect) => effect.type === 'git')) return effects;
  const here = context.path(literal('.'), command);
  const paths = folders.map((word) => ({ word, path: context.path(word, command) }));
  const moved = 'GIT_DIR' in command.env || 'GIT_WORK_TREE' in command.env;
  const own =
    !moved &&
    here.known &&
    inside.has(here.place) &&
    paths.every(({ path }) => path.place === 'workspaceRoot');
  const facts = own ? effects : effects.map(withoutUnless);
  if (!effects.some((effect) => effect.type === 'git' && effect.reach !== 'fetch')) return facts;
  const foreign = paths.filter(({ path }) => path.known && path.place !== 'temp' && !inside.has(path.place));
  return [...facts, ...foreign.map(({ word }) => writes({ command, context }, word, 'edit'))];
};

const withoutUnless = (effect: Effect): Effect => {
  if (effect.type !== 'git') return effect;
  const { unless: _, ...rest } = effect;
  return rest;
};

const inside = new Set(['workspace', 'workspaceRoot']);

const gitFolder = (word: Word): Word => ({ ...word, text: word.text.replace(/\/+\.git\/*$/, '') });
