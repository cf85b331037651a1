import type { ElicitRequestFormParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import type { AskPerson } from '@tandem/core';
import type { AskedField } from '@tandem/protocol';
import { fieldProblem, optionOf } from '@tandem/protocol/field';
import type { CallTime } from './call-time.ts';

/** A form that nobody would fill in. */
const fieldLimit = 30;
const messageLimit = 4_000;

type Asking = { readonly ask: AskPerson; readonly time: CallTime };

/** The calls that run at one server, and what it asks meanwhile. */
export class Asked {
  readonly #server: string;
  readonly #calls = new Set<Asking>();

  constructor(server: string) {
    this.#server = server;
  }

  /** Questions of the server are asked where this call was made, until the work is done. */
  async during<T>(call: Asking, work: () => Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await work();
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Whose question it is cannot be told where several calls run: then, and without any, nobody is asked. */
  async answer(params: ElicitRequestFormParams, signal: AbortSignal): Promise<ElicitResult> {
    const [only, ...others] = this.#calls;
    const fields = fieldsOf(params);
    if (only === undefined || others.length > 0 || fields === null) return { action: 'cancel' };
    const { ask, time } = only;
    const goOn = time.hold();
    try {
      const text = `${this.#server} asks: ${params.message.slice(0, messageLimit)}`;
      const said = await ask({ text, fields }, AbortSignal.any([signal, time.signal]));
      if (said === null) return { action: 'cancel' };
      if (said.decision === 'deny') return { action: 'decline' };
      const content = contentOf(fields, said.values);
      return content === null ? { action: 'cancel' } : { action: 'accept', content };
    } finally {
      goOn();
    }
  }
}

type Schema = ElicitRequestFormParams['requestedSchema'];
type Property = Schema['properties'][string];

/** Null where it is more than a person would fill in. */
const fieldsOf = ({
  requestedSchema: { properties, required = [] },
}: ElicitRequestFormParams): readonly AskedField[] | null => {
  const entries = Object.entries(properties);
  if (entries.length > fieldLimit) return null;
  return entries.map(([name, property]) => fieldOf(name, property, required.includes(name)));
};

const fieldOf = (name: string, property: Property, required: boolean): AskedField => {
  const { title, description } = property;
  const options = optionsOf(property);
  const initial = 'default' in property ? property.default : undefined;
  return {
    name: name.slice(0, 200),
    title: [title ?? name, ...(description === undefined ? [] : [description])].join(': ').slice(0, 500),
    kind: kindOf(property, options),
    required,
    ...(options === null ? {} : { options: [...options] }),
    ...(initial === undefined ? {} : { initial: initialOf(initial) }),
  };
};

type Options = NonNullable<AskedField['options']>;

const kindOf = ({ type }: Property, options: Options | null): AskedField['kind'] => {
  if (type === 'array') return 'choices';
  if (options !== null) return 'choice';
  if (type === 'boolean') return 'yes or no';
  return type === 'number' || type === 'integer' ? type : 'text';
};

/** The protocol has four ways to list what may be chosen. */
const optionsOf = (property: Property): Options | null => {
  const from = (property.type === 'array' ? property.items : property) as {
    readonly enum?: readonly string[];
    readonly enumNames?: readonly string[];
    readonly oneOf?: readonly { readonly const: string; readonly title: string }[];
    readonly anyOf?: readonly { readonly const: string; readonly title: string }[];
  };
  const titled = from.oneOf ?? from.anyOf;
  if (titled !== undefined) return titled.map(({ const: value, title }) => ({ value, title }));
  return from.enum?.map((value, index) => ({ value, title: from.enumNames?.[index] ?? value })) ?? null;
};

const initialOf = (value: unknown): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
};

type Content = NonNullable<ElicitResult['content']>;

/** As the server asked for it; null where something is missing or does not fit. */
const contentOf = (
  fields: readonly AskedField[],
  values: Readonly<Record<string, string>>,
): Content | null => {
  const content: Content = {};
  for (const field of fields) {
    const text = (values[field.name] ?? '').trim();
    if (fieldProblem(field, text) !== null) return null;
    if (text !== '') content[field.name] = givenAs(field, text);
  }
  return content;
};

const givenAs = (field: AskedField, text: string): Content[string] => {
  switch (field.kind) {
    case 'text':
      return text;
    case 'number':
    case 'integer':
      return Number(text);
    case 'yes or no':
      return /^(?:y|yes|true)$/i.test(text);
    case 'choice':
      return optionOf(field, text) ?? text;
    case 'choices':
      return text.split(',').map((one) => optionOf(field, one) ?? one.trim());
  }
};
