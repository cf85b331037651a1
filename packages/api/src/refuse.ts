import { AppError, type ErrorCode } from '@tandem/protocol';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problemOf, problemResponse } from './problem.ts';

/** A refusal whose status says more than its code does. */
export const refusal = (
  status: number,
  message: string,
  given: { readonly code?: ErrorCode; readonly headers?: Readonly<Record<string, string>> } = {},
): Response => {
  const { code = 'usage', headers = {} } = given;
  return problemResponse({ ...problemOf(new AppError(code, message)), status }, headers);
};

/** A body with more bytes is refused unread, whether it says its length or not. */
export const withinBytes = (maxBytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => refusal(413, `The body is over ${maxBytes} bytes; send less.`),
  });

type Route = { readonly method: string; readonly getRoutingPath: () => string };

/** By path: the answer to a method that none of its routes declares. */
export const wrongMethods = (routes: readonly Route[]): ReadonlyMap<string, () => Response> =>
  new Map(
    routes.map((route) => {
      const path = route.getRoutingPath();
      const allowed = routes
        .filter((one) => one.getRoutingPath() === path)
        .map(({ method }) => method.toUpperCase());
      const headers = { allow: allowed.join(', ') };
      return [path, () => refusal(405, `This takes ${allowed.join(' and ')}.`, { headers })];
    }),
  );
