import { stringify } from 'smol-toml';
import type { Category } from '../decision.ts';
import type { Effect, PathRef } from '../effects/effect.ts';
import type { Command } from '../shell/command.ts';
import { collect } from './collect.ts';
import { evaluate } from './evaluate.ts';
import { type Field, fields } from './fields.ts';
import type { Rule, RuleInput, Where } from './rule.ts';
import { type RuleSet, withRule } from './rule-set.ts';

/** One rule that a person may take instead of answering again. */
export type Offer = {
  readonly rule: Rule;
  /** A `[[rule]]` table to append to the person's policy. */
  readonly toml: string;
  /** One sentence for the person. */
  readonly explain: string;
};

/** Asked for because it costs or touches others, not because it destroys, hides or opens something. */
const generalised: ReadonlySet<Category> = new Set<Category>([
  'fs.outside_write',
  'git.publish',
  'container.run',
  'forge.mutate',
  'net.fetch',
  'net.remote',
  'process',
  'package.install',
  'package.exec',
  'package.remove',
]);

/** What these run is in their words or their input, so that a rule over the program would allow anything. */
const carriers =
  /^(?:(?:ba|da|z|k|c|tc|fi)?sh|python[\d.]*|pypy\d?|node|deno|bun|perl|ruby|php|lua|[gmn]?awk|osascript|pwsh|powershell|eval|exec|source|env|sudo|doas|su|xargs|parallel|find|watch|ssh|script|expect|make|busybox)$/;

/**
 * "Allow this kind here": one general rule that covers what was asked, or null where none is safe: several programs or
 * kinds of harm, a wrapper, an interpreter, words that are not known, or a kind of harm that is never allowed in
 * general. The rule names the program, its subcommand, and every field of the effect, so that nothing stricter fits;
 * and it lifts only reasons of the category that was asked.
 */
export const generalise = (rules: RuleSet, input: RuleInput): Offer | null => {
  const reasons = evaluate(rules, input).filter(({ decision }) => decision !== 'allow');
  if (reasons.some(({ decision }) => decision === 'deny')) return null;
  const asked = collect(rules, input).find(({ placed }) => placed.rule.decision === 'ask');
  if (asked === undefined || !generalised.has(asked.placed.rule.category)) return null;
  const { effect, command } = asked.subject;
  if (effect === null || command === null || !isPlain(command)) return null;
  const where = whereOf(effect);
  const words = leadingWords(command, effect);
  if (where === null || words === null) return null;
  const rule = ruleOf({
    effect,
    program: command.name ?? '',
    words,
    where,
    category: asked.placed.rule.category,
  });
  const left = evaluate(withRule(rules, rule, 'user'), input).some(({ decision }) => decision !== 'allow');
  return left ? null : { rule, toml: tomlOf(rule), explain: explain(rule) };
};

const isPlain = (command: Command): boolean => {
  const name = command.name ?? '';
  return (
    command.program.text === name &&
    /^[\w.+-]+$/.test(name) &&
    !carriers.test(name) &&
    command.wrappers.length === 0 &&
    command.elsewhere === null
  );
};

/** Every closed field as it is, paths by their folder, hosts by name; null where one of them is not known. */
const whereOf = (effect: Effect): Where | null => {
  const values = effect as unknown as Readonly<Record<string, unknown>>;
  if (values.change === 'run' || values.payload === 'unknown' || values.how === 'shell') return null;
  const conditions: [string, string | boolean][] = [];
  for (const [key, field] of Object.entries<Field>(fields[effect.type])) {
    const value = values[key];
    if (field === 'path') {
      const folder = folderOf(value as PathRef);
      if (folder === null) return null;
      conditions.push([`${key}.path`, `${folder}/*`], [`${key}.place`, (value as PathRef).place]);
      conditions.push([`${key}.sensitivity`, 'none'], [`${key}.known`, true]);
    } else if (key === 'host') {
      if (typeof value !== 'string' || !/^[\w.:-]+$/.test(value)) return null;
      conditions.push([key, value]);
    } else if (field !== 'text') conditions.push([key, (value as string | boolean | undefined) ?? 'none']);
  }
  return Object.fromEntries(conditions.map(([key, value]) => [key, [value]]));
};

/** Not the root nor a folder directly below it: those hold too much. */
const folderOf = ({ path, known, sensitivity }: PathRef): string | null => {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return known && sensitivity === null && !path.includes('*') && folder.split('/').length > 2 ? folder : null;
};

/** How many words name what these do; one for all others. */
const depths: Readonly<Record<string, number>> = { aws: 2, gcloud: 3, az: 3, gh: 2, glab: 2, heroku: 1 };

/** The subcommand; no words where host or folder already bind the rule; null where it cannot be told. */
const leadingWords = (command: Command, effect: Effect): readonly string[] | null => {
  if (effect.type === 'reach' || effect.type === 'write' || effect.type === 'move' || effect.type === 'link')
    return [];
  const words = command.args.slice(0, depths[command.name ?? ''] ?? 1);
  if (words.length === 0) return null;
  return words.every(({ text, known }) => known && /^[a-z@][\w@/.:-]*$/i.test(text))
    ? words.map(({ text }) => text)
    : null;
};

type Parts = {
  readonly effect: Effect;
  readonly program: string;
  readonly words: readonly string[];
  readonly where: Where;
  readonly category: Category;
};

const ruleOf = ({ effect, program, words, where, category }: Parts): Rule => ({
  id: `allow.${[program, ...words]
    .join('-')
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 60)}-${hashOf(JSON.stringify([effect.type, program, words, where]))}`,
  decision: 'allow',
  category,
  clause: 'allowed',
  reason: '{what}',
  final: false,
  effect: [effect.type],
  where,
  program: [program],
  ...(words.length === 0 ? {} : { args: words.map((word) => [word]) }),
  match: [],
  notMatch: [],
});

/** FNV-1a: the same offer has the same id, and two offers have two. */
const hashOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
};

const tomlOf = ({ id, decision, category, effect, where, program, args }: Rule): string =>
  `\n${stringify({
    rule: [
      {
        id,
        decision,
        category,
        effect,
        program,
        ...(args === undefined ? {} : { args: args.flat() }),
        where: Object.fromEntries(Object.entries(where ?? {}).map(([key, [value]]) => [key, value])),
      },
    ],
  }).trimEnd()}\n`;

const explain = ({ program, args, where, category }: Rule): string => {
  const command = [...(program ?? []), ...(args ?? []).flat()].join(' ');
  const host = where?.host?.[0];
  const folder = Object.entries(where ?? {}).find(([key]) => key.endsWith('.path'))?.[1][0];
  const bound = host === undefined ? (folder === undefined ? '' : ` in ${folder}`) : ` with ${host}`;
  return `Allow \`${command}\`${bound} from now on, as far as it is only about ${category}.`;
};
