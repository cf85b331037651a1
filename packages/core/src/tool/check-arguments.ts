import type { ToolSpec } from '../ports.ts';
import type { ToolArguments } from './tool.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

export type Checked =
  | { readonly type: 'good'; readonly value: ToolArguments }
  | { readonly type: 'bad'; readonly message: string };

/** Checks arguments against the tool's schema; forgives a number written as text and an object written as JSON. */
export const checkArguments = (spec: ToolSpec, given: unknown): Checked => {
  const schema = spec.parameters as Schema;
  const value = fit(schema, given);
  const problem = problemOf(schema, value, '');
  if (problem === null) return { type: 'good', value: value as ToolArguments };
  return { type: 'bad', message: `${spec.name}: ${problem}. Call it as ${spec.name}(${usage(schema)}).` };
};

const fit = (schema: Schema, value: unknown): unknown => {
  if (typeof value === 'string' && schema.type !== 'string') return fitText(schema, value);
  // An object whose properties are not listed is anybody's.
  if (schema.type === 'object' && schema.properties !== undefined && isObject(value)) {
    const entries = Object.entries(schema.properties)
      .filter(([name]) => value[name] !== undefined && value[name] !== null)
      .map(([name, property]) => [name, fit(property, value[name])]);
    return Object.fromEntries(entries);
  }
  if (schema.type === 'array' && Array.isArray(value) && schema.items !== undefined)
    return value.map((one) => fit(schema.items as Schema, one));
  return value;
};

const fitText = (schema: Schema, text: string): unknown => {
  if (schema.type === 'integer' && /^\d{1,9}$/.test(text.trim())) return Number(text);
  if (schema.type !== 'object' && schema.type !== 'array') return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? text : fit(schema, parsed);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
};

/** What is wrong with a value by the part of JSON Schema that is read here; null when nothing is. */
export const schemaProblem = (schema: Readonly<Record<string, unknown>>, value: unknown): string | null =>
  problemOf(schema as Schema, value, '');

const problemOf = (schema: Schema, value: unknown, at: string): string | null => {
  const name = at === '' ? 'the whole' : `"${at}"`;
  if (!hasType(schema.type, value)) return `${name} must be ${article(schema.type)}`;
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return `${name} must be one of ${schema.enum.join(', ')}`;
  if (isObject(value)) {
    const missing = schema.required?.find((key) => value[key] === undefined);
    if (missing !== undefined) return `"${join(at, missing)}" is missing`;
    return first(Object.entries(schema.properties ?? {}), ([key, property]) =>
      value[key] === undefined ? null : problemOf(property, value[key], join(at, key)),
    );
  }
  const { items } = schema;
  if (!Array.isArray(value) || items === undefined) return null;
  return first([...value.entries()], ([index, one]) => problemOf(items, one, join(at, String(index))));
};

const first = <T>(values: readonly T[], find: (value: T) => string | null): string | null => {
  for (const value of values) {
    const found = find(value);
    if (found !== null) return found;
  }
  return null;
};

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasType = (type: string | undefined, value: unknown): boolean => {
  if (type === undefined) return true;
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
};

const article = (type = 'value'): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`);

const usage = (schema: Schema): string => {
  const required = new Set(schema.required ?? []);
  const parts = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => `"${name}"${required.has(name) ? '' : '?'}: ${property.type ?? 'any'}`,
  );
  return `{${parts.join(', ')}}`;
};
