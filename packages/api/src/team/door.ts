import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Caller, PageOf, Team } from './port.ts';

export type Variables = { caller: Caller | null };
export type Door = { readonly app: OpenAPIHono<{ Variables: Variables }>; readonly team: Team };

/** Whose key a request came with. */
export const callerOf = (context: Context<{ Variables: Variables }>): Caller => {
  const caller = context.get('caller');
  if (caller === null) throw new Error('this route was not asked in an organisation');
  return caller;
};

export const pageOf = (query: { readonly after?: string | undefined; readonly limit: number }): PageOf => ({
  after: query.after,
  limit: query.limit,
});
