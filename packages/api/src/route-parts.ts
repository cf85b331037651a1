import { z } from '@hono/zod-openapi';
import { Problem } from './problem.ts';

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

export const body = <T extends z.ZodType>(schema: T) => ({ content: json(schema), required: true });

export const answer = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: json(schema),
});

export const problem = {
  description: 'Refused; `code` says why and `detail` what to do next',
  content: { 'application/problem+json': { schema: Problem } },
};

/** Of a session, a task or anything else that has one. */
export const idText = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'letters, digits, dash and underscore');

/** After which event a follower goes on. */
export const eventNumber = z.string().regex(/^\d{1,15}$/, 'the number of an event, from 0');

/** Server-sent events, as a client sees each: `data` is JSON. */
export const stream = (description: string) => ({
  description,
  content: {
    'text/event-stream': {
      schema: z.object({ event: z.string(), data: z.string(), id: z.string().optional() }),
    },
  },
});

type Link = {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, string>>;
};

/** What can be asked of that which was made: operations that take its id, by the name of their parameter. */
export const linksTo = (
  operations: readonly string[],
  parameters: Link['parameters'] = { id: '$response.body#/id' },
): { readonly links: Record<string, Link> } => ({
  links: Object.fromEntries(operations.map((operationId) => [operationId, { operationId, parameters }])),
});
