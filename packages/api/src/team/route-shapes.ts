import { createRoute, z } from '@hono/zod-openapi';
import type { Scope } from '@tandem/protocol/team';
import { answer, idText, problem } from '../route-parts.ts';

/** What a route asks of the key; `administrator` is the machine's own token, in no organisation. */
type Needs = Scope | 'administrator';
export const needs = (scope: Needs) => ({ security: [{ key: [scope] }] });
/** Any key of any scope. */
export const needsAnyKey: { security: { key: string[] }[] } = { security: [{ key: [] }] };

export const id = z.object({ id: idText });
export const once = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'The same request with the same key is done once; kept for a day' }),
});
export const paging = z.object({
  after: idText.optional().openapi({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const page = <T extends z.ZodType>(schema: T) =>
  z.object({ data: z.array(schema).readonly(), next: z.string().nullable() });
export const list = <T extends z.ZodType>(of: T, path: string, operationId: string, scope: Needs) =>
  createRoute({
    method: 'get',
    path,
    operationId,
    ...needs(scope),
    request: { query: paging },
    responses: { 200: answer('A page, newest first', page(of)), default: problem },
  });
