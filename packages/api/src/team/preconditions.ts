import { AppError } from '@tandem/protocol';
import type { Context } from 'hono';
import { problemOf, problemResponse } from '../problem.ts';
import type { Once } from './port.ts';

/** The request's `Idempotency-Key`, and what tells the request from another one. */
export const onceOf = async (context: Context, input: unknown): Promise<Once> => {
  const key = context.req.header('idempotency-key');
  if (key === undefined) return null;
  const text = JSON.stringify([context.req.method, context.req.path, input]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { key, hash };
};

/** The answer to an `If-Match` that does not hold; null where it does or is not given. */
export const requireMatch = (header: string | undefined, etag: string): Response | null => {
  if (header === undefined || header === '*' || header.split(/\s*,\s*/).includes(etag)) return null;
  const error = new AppError('conflict', 'It was changed meanwhile; read it again.');
  return problemResponse({ ...problemOf(error), status: 412 }, { etag });
};
