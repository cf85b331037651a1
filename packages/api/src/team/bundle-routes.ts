import { createRoute, z } from '@hono/zod-openapi';
import { Bundle, Head, maxBundleBytes } from '@tandem/protocol/team';
import { answer, problem } from '../route-parts.ts';
import { needs, once } from './route-shapes.ts';

const repository = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'an id or a name')
    .openapi({ description: 'Id or name' }),
});

export const heads = createRoute({
  method: 'get',
  path: '/v1/repositories/{id}/heads',
  operationId: 'heads',
  ...needs('repositories:read'),
  request: { params: repository },
  responses: {
    200: answer(
      'The branches of the repository as it is now, at most 1,000',
      z.object({ data: z.array(Head).readonly() }),
    ),
    default: problem,
  },
});

export const createBundle = createRoute({
  method: 'post',
  path: '/v1/repositories/{id}/bundles',
  operationId: 'createBundle',
  ...needs('tasks:write'),
  request: {
    params: repository,
    headers: once,
    body: {
      description: `What \`git bundle create\` writes, with one ref: commits that the repository lacks. At most ${maxBundleBytes} bytes`,
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
      required: true,
    },
  },
  responses: {
    201: answer(
      'Kept for a day, or until the end of the one task that names it: `"base": {"bundle": id}` among its options',
      Bundle,
    ),
    default: problem,
  },
});
