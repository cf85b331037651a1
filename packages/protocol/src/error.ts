/**
 * Every reason a request may be refused for. A closed set: a screen maps each to words and an exit code once. This module
 * has an entry of its own (`@tandem/protocol/error`) and no schema: what only refuses need not load one.
 */
export const errorCodes = [
  'usage', // the request is malformed; the message says what to type instead
  'configuration', // a file or variable is wrong; the message names it
  'not_found',
  'conflict', // somebody else holds what was asked for, or the log has moved on
  'busy', // another process holds the session
  'approval_required', // a person must answer and none can
  'limit', // turns, seconds or cost ran out
  'model_unavailable', // no weights, no server, no key
  'model_overflow', // the context is longer than the model's window
  'model_failed', // the provider answered with an error that a retry did not cure
  'offline', // the action needs a network and there is none, or --offline forbids it
  'disk', // no room or no permission to write
  'verify_failed',
  'interrupted',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export const isErrorCode = (value: unknown): value is ErrorCode =>
  (errorCodes as readonly unknown[]).includes(value);

const brand: unique symbol = Symbol.for('tandem.AppError') as never;

/** A refusal of a request, with a message that says what to do next. Tested by brand, so copies of this class agree. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }
}

export const isAppError = (value: unknown): value is AppError =>
  typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand as symbol] === true;

/** The model, not the request, is at fault: what goes without one may go on. */
export const isModelError = (value: unknown): value is AppError =>
  isAppError(value) && value.code.startsWith('model_');
