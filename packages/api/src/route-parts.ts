import type { z } from '@hono/zod-openapi';
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
