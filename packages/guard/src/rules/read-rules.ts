import { parse } from 'smol-toml';
import { categories } from '../decision.ts';
import type { Effect } from '../effects/effect.ts';
import { fieldNamed, fields } from './fields.ts';
import { PolicyError } from './policy-error.ts';
import { exceptions, type Rule, type Values, type Where } from './rule.ts';

/** What a rule takes over when it does not say: a constitution's rule block serves the clause it stands in. */
export type RuleDefaults = { readonly clause?: string };

type Table = Readonly<Record<string, unknown>>;

/**
 * The rules of a policy file's text. Throws PolicyError that names the file, the rule and what is wrong;
 * there is no half-read policy.
 */
export const readRules = (text: string, file: string, defaults: RuleDefaults = {}): readonly Rule[] => {
  const document = tomlOf(text, file);
  const stray = Object.keys(document).find((key) => key !== 'rule');
  if (stray !== undefined) throw fault(file, null, `unknown key '${stray}'; a policy holds [[rule]] tables`);
  return rulesOf(document.rule ?? [], file, defaults);
};

/** The same for `[[rule]]` tables that were read from another file, such as config.toml. */
export const rulesOf = (tables: unknown, file: string, defaults: RuleDefaults = {}): readonly Rule[] => {
  if (!Array.isArray(tables)) throw fault(file, null, 'rules are written as [[rule]] tables');
  const rules = tables.map((table: unknown, index) => readRule(table, { file, index, defaults }));
  const ids = new Set<string>();
  for (const { id } of rules) {
    if (ids.has(id)) throw fault(file, id, 'the id is given twice');
    ids.add(id);
  }
  return rules;
};

type From = { readonly file: string; readonly index: number; readonly defaults: RuleDefaults };

const keys = new Set([
  ...['id', 'decision', 'category', 'clause', 'reason', 'final', 'match', 'not_match'],
  ...[
    'effect',
    'where',
    'except',
    'program',
    'args',
    'flags',
    'wrapper',
    'elsewhere',
    'mentions',
    'unless',
    'when',
  ],
]);
const conditions = ['effect', 'program', 'args', 'flags', 'wrapper', 'elsewhere', 'mentions'];

const readRule = (value: unknown, { file, index, defaults }: From): Rule => {
  if (!isTable(value)) throw fault(file, null, `rule ${index + 1} is no table`);
  const { id } = value;
  if (typeof id !== 'string' || !/^[A-Za-z0-9][\w.-]{0,79}$/.test(id))
    throw fault(file, null, `rule ${index + 1} needs an id of letters, digits, '.', '_' and '-'`);
  const fail = (message: string): PolicyError => fault(file, id, message);
  const unknown = Object.keys(value).find((key) => !keys.has(key));
  if (unknown !== undefined) throw fail(`unknown key '${unknown}'`);
  if (!conditions.some((key) => key in value))
    throw fail(`it would match everything; give one of ${conditions.join(', ')}`);
  return { id, ...readMeaning(value, { fail, defaults }), ...readConditions(value, fail) };
};

type Fail = (message: string) => PolicyError;
type Meaning = Pick<
  Rule,
  'decision' | 'category' | 'clause' | 'reason' | 'final' | 'unless' | 'when' | 'match' | 'notMatch'
>;

const readMeaning = (
  table: Table,
  { fail, defaults }: { readonly fail: Fail; readonly defaults: RuleDefaults },
): Meaning => {
  const decision = oneOf(table.decision, { of: ['allow', 'ask', 'deny'] as const, key: 'decision', fail });
  const allows = decision === 'allow';
  const category = oneOf(table.category ?? (allows ? 'none' : undefined), {
    of: categories,
    key: 'category',
    fail,
  });
  const final = booleanOf(table.final ?? false, 'final', fail);
  if (final && decision !== 'deny') throw fail(`'final' goes with decision = "deny" only`);
  const stated = (['unless', 'when'] as const).flatMap((key) => {
    if (allows && table[key] !== undefined) throw fail(`'${key}' does not go with decision = "allow"`);
    const names = textsOf(table[key], key, fail);
    return names === undefined
      ? []
      : [[key, names.map((name) => oneOf(name, { of: exceptions, key, fail }))] as const];
  });
  return {
    decision,
    category,
    final,
    clause: textOf(table.clause ?? defaults.clause ?? (allows ? 'allowed' : undefined), 'clause', fail),
    reason: templateOf(table.reason ?? (allows ? '{what}' : undefined), fail),
    ...Object.fromEntries(stated),
    match: textsOf(table.match, 'match', fail) ?? [],
    notMatch: textsOf(table.not_match, 'not_match', fail) ?? [],
  };
};

type Conditions = Omit<Rule, 'id' | keyof Meaning>;
const effectTypes = Object.keys(fields) as Effect['type'][];

const readConditions = (table: Table, fail: Fail): Conditions => {
  const types = textsOf(table.effect, 'effect', fail)?.map((type) =>
    oneOf(type, { of: effectTypes, key: 'effect', fail }),
  );
  const where = whereOf(table.where, { key: 'where', types, fail });
  const except = whereOf(table.except, { key: 'except', types, fail });
  const args = argsOf(table.args, fail);
  const elsewhere = table.elsewhere === undefined ? undefined : booleanOf(table.elsewhere, 'elsewhere', fail);
  const lists = (['program', 'flags', 'wrapper', 'mentions'] as const).flatMap((key) => {
    const texts = textsOf(table[key], key, fail);
    return texts === undefined ? [] : [[key, texts] as const];
  });
  return {
    ...(types === undefined ? {} : { effect: types }),
    ...(where === undefined ? {} : { where }),
    ...(except === undefined ? {} : { except }),
    ...(args === undefined ? {} : { args }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
    ...Object.fromEntries(lists),
  };
};

type WhereFrom = {
  readonly key: string;
  readonly types: readonly Effect['type'][] | undefined;
  readonly fail: Fail;
};

const whereOf = (value: unknown, { key, types, fail }: WhereFrom): Where | undefined => {
  if (value === undefined) return undefined;
  if (types === undefined) throw fail(`'${key}' goes with 'effect'`);
  if (!isTable(value)) throw fail(`'${key}' is a table of fields`);
  const entries = flatten(value).map(([name, given]) => {
    const values: Values = (Array.isArray(given) ? given : [given]).map((one: unknown) => {
      if (typeof one === 'string' || typeof one === 'boolean') return one;
      throw fail(`'${key}.${name}' takes texts or booleans`);
    });
    if (values.length === 0) throw fail(`'${key}.${name}' is empty`);
    const [named] = types.map((type) => checkField(type, { name, values, key, fail }));
    return [named ?? name, values] as const;
  });
  if (entries.length === 0) throw fail(`'${key}' is empty`);
  return Object.fromEntries(entries);
};

type FieldFrom = {
  readonly name: string;
  readonly values: Values;
  readonly key: string;
  readonly fail: Fail;
};

const checkField = (type: Effect['type'], { name, values, key, fail }: FieldFrom): string => {
  const named = fieldNamed(type, name);
  if (named === null) throw fail(`'${key}.${name}': the effect '${type}' has no such field`);
  const { field } = named;
  for (const one of values) {
    if (one === 'none') continue;
    if (field === 'boolean' ? typeof one !== 'boolean' : typeof one !== 'string')
      throw fail(`'${key}.${name}' takes ${field === 'boolean' ? 'booleans' : 'texts'}`);
    if (typeof field === 'object' && !Object.hasOwn(field, String(one)))
      throw fail(`'${key}.${name}': '${one}' is none of ${Object.keys(field).join(', ')}`);
  }
  return named.key;
};

const flatten = (table: Table): readonly (readonly [string, unknown])[] =>
  Object.entries(table).flatMap(([key, value]) =>
    isTable(value)
      ? Object.entries(value).map(([inner, item]) => [`${key}.${inner}`, item] as const)
      : [[key, value] as const],
  );

const argsOf = (value: unknown, fail: Fail): readonly (readonly string[])[] | undefined => {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) throw fail(`'args' is a list of words`);
  return value.map((item: unknown) => textsOf(item, 'args', fail) ?? []);
};

const textsOf = (value: unknown, key: string, fail: Fail): readonly string[] | undefined => {
  if (value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 && key !== 'match' && key !== 'not_match') throw fail(`'${key}' is empty`);
  return list.map((item) => textOf(item, key, fail));
};

const textOf = (value: unknown, key: string, fail: Fail): string => {
  if (value === undefined) throw fail(`'${key}' is missing`);
  if (typeof value !== 'string' || value === '') throw fail(`'${key}' takes texts that are not empty`);
  return value;
};

const templateOf = (value: unknown, fail: Fail): string => {
  const text = textOf(value, 'reason', fail);
  const stray = /\{(?!(?:what|path|host|program)\})\w*\}/.exec(text);
  if (stray !== null) throw fail(`'reason': ${stray[0]} is none of {what}, {path}, {host}, {program}`);
  return text;
};

const booleanOf = (value: unknown, key: string, fail: Fail): boolean => {
  if (typeof value !== 'boolean') throw fail(`'${key}' is true or false`);
  return value;
};

type OneOf<T extends string> = { readonly of: readonly T[]; readonly key: string; readonly fail: Fail };

const oneOf = <T extends string>(value: unknown, { of, key, fail }: OneOf<T>): T => {
  if (value === undefined) throw fail(`'${key}' is missing`);
  if (!(of as readonly unknown[]).includes(value))
    throw fail(`'${key}': '${String(value)}' is none of ${of.join(', ')}`);
  return value as T;
};

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tomlOf = (text: string, file: string): Table => {
  try {
    return parse(text);
  } catch (error) {
    throw new PolicyError(`${file}: ${error instanceof Error ? error.message : 'no TOML'}`, { cause: error });
  }
};

const fault = (file: string, id: string | null, message: string): PolicyError =>
  new PolicyError(id === null ? `${file}: ${message}` : `${file}: rule '${id}': ${message}`);
