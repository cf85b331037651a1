import { asList, asObject, type Json } from '../provider/json.ts';

/** True when a schema is in the subset that OpenAI's strict mode takes: closed objects with every field required. */
export const isStrictSchema = (schema: Json): boolean => {
  if (schema.type === 'array') return isStrictSchema(asObject(schema.items));
  if (schema.type !== 'object') return schema.anyOf === undefined || asList(schema.anyOf).every(isStrictPart);
  const fields = asObject(schema.properties);
  const required = new Set(asList(schema.required));
  return (
    schema.additionalProperties === false &&
    Object.entries(fields).every(([name, value]) => required.has(name) && isStrictPart(value))
  );
};

const isStrictPart = (value: unknown): boolean => isStrictSchema(asObject(value));
