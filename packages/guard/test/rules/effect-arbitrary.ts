import fc from 'fast-check';
import type { Effect, PathRef } from '../../src/effects/effect.ts';
import { type Field, fields, pathFields } from '../../src/rules/fields.ts';

const texts = fc.constantFrom('a', 'example.com', '/home/user/project/src/a.ts', '/etc/hosts', 'prod');

const valuesOf = (field: Field): fc.Arbitrary<unknown> => {
  if (field === 'path') return pathArbitrary;
  if (field === 'boolean') return fc.boolean();
  if (field === 'text') return texts;
  return fc.constantFrom(...Object.keys(field));
};

/** Any path, every place with every sensitivity. */
export const pathArbitrary: fc.Arbitrary<PathRef> = fc.record({
  path: texts,
  place: valuesOf(pathFields.place),
  sensitivity: fc.option(valuesOf(pathFields.sensitivity)),
  glob: fc.boolean(),
  known: fc.boolean(),
}) as fc.Arbitrary<PathRef>;

const optional = new Set(['content', 'secure', 'payload', 'unless']);

/** Any effect, every value of every field, from the table that the compiler keeps complete. */
export const effectArbitrary: fc.Arbitrary<Effect> = fc.oneof(
  ...Object.entries(fields).map(([type, own]) => {
    const entries = Object.entries(own as Readonly<Record<string, Field>>);
    const model = Object.fromEntries(entries.map(([key, field]) => [key, valuesOf(field)]));
    return fc
      .record(model, { requiredKeys: entries.map(([key]) => key).filter((key) => !optional.has(key)) })
      .map((values) => ({ type, ...values }) as unknown as Effect);
  }),
);
