import { createRoute, z } from '@hono/zod-openapi';
import { Me } from '@tandem/protocol/team';
import { AuditQuery, AuditRow } from '@tandem/protocol/team-audit';
import { SetUp, SetUpDone } from '@tandem/protocol/team-setup';
import { UsageQuery, UsageReport } from '@tandem/protocol/team-usage';
import { answer, body, problem } from '../route-parts.ts';
import { needs, needsAnyKey, page, paging } from './route-shapes.ts';

const number = z.string().regex(/^\d{1,15}$/, 'a whole number');

/** Without a key: there is none yet. */
export const setUp = createRoute({
  method: 'post',
  path: '/v1/setup',
  operationId: 'setUp',
  security: [],
  request: { body: body(SetUp) },
  responses: {
    201: answer('The first organisation, its owner and a key, shown this once', SetUpDone),
    default: problem,
  },
});

export const me = createRoute({
  method: 'get',
  path: '/v1/me',
  operationId: 'me',
  ...needsAnyKey,
  responses: { 200: answer('Whose key it is, and what it opens', Me), default: problem },
});

export const usage = createRoute({
  method: 'get',
  path: '/v1/usage',
  operationId: 'usage',
  ...needs('usage:read'),
  request: { query: UsageQuery },
  responses: { 200: answer('What tasks used of models', UsageReport), default: problem },
});

export const audit = createRoute({
  method: 'get',
  path: '/v1/audit',
  operationId: 'audit',
  ...needs('audit:read'),
  request: { query: AuditQuery.extend({ ...paging.shape, after: number.optional() }) },
  responses: { 200: answer('Who did what: a page, newest first', page(AuditRow)), default: problem },
});
