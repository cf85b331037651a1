import type { Parsed } from './parse.ts';

/** A spread-ready field: `{ [key]: value }` when the option was given, nothing when it was not. */
export const given = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };

/** The parser has checked that it is a number of the right kind. */
export const numberOf = (parsed: Parsed, name: string): number | undefined => {
  const text = parsed.values.get(name);
  return text === undefined ? undefined : Number(text);
};

export const listOf = (parsed: Parsed, name: string): readonly string[] | undefined =>
  parsed.values
    .get(name)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Each value of an option that may be given more than once. */
export const manyOf = (parsed: Parsed, name: string): readonly string[] =>
  parsed.values.get(name)?.split('\0') ?? [];
