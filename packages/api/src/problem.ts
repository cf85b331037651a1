import { z } from '@hono/zod-openapi';
import { AppError, type ErrorCode, isAppError } from '@tandem/protocol';

/** RFC 9457 problem details; `code` is the closed set of the protocol, so a client can rebuild the AppError. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('Problem');
export type Problem = z.infer<typeof Problem>;

/** The one place where a refusal becomes an HTTP status. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  usage: 400,
  configuration: 422,
  not_found: 404,
  conflict: 409,
  busy: 423,
  approval_required: 403,
  limit: 429,
  model_unavailable: 503,
  model_overflow: 413,
  model_failed: 502,
  offline: 503,
  disk: 507,
  verify_failed: 422,
  interrupted: 409,
  internal: 500,
};

/** Any thrown value as a problem. A bug shows its message to nobody: only its code crosses the wire. */
export const problemOf = (thrown: unknown): Problem => {
  const error = isAppError(thrown)
    ? thrown
    : new AppError('internal', 'The engine failed on this request. This is a bug; its log says more.');
  return {
    type: `urn:tandem:error:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: statusOf[error.code],
    detail: error.message,
    code: error.code,
    ...(Object.keys(error.details).length > 0 ? { details: { ...error.details } } : {}),
  };
};

export const problemResponse = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
