import { AppError, isAppError } from '@tandem/protocol';
import { saysNoTools, saysOverflow } from './phrases.ts';

/** Who is asked, for the words of an error. */
export type Peer = {
  /** `openai/gpt-4.1`. */
  readonly model: string;
  readonly url: string;
  /** What to do when nobody answers there: `start it with …, or set …`. */
  readonly whenUnreachable: string;
  /** What to do when the key is refused. */
  readonly whenRefused: string;
  /** What to do when the server does not know the model. */
  readonly whenUnknown: string;
};

/** What a failure carries for the retry loop and for wires that learn what a server does not take. */
export type FailureDetails = {
  readonly status?: number;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** The server's own words, capped. */
  readonly said?: string;
  /** The server takes no `tools`: describe them in text instead. */
  readonly rejectsTools?: boolean;
};

const failure = (
  code: 'model_unavailable' | 'model_overflow' | 'model_failed',
  message: string,
  details: FailureDetails,
  cause?: unknown,
): AppError => new AppError(code, message, { details, ...(cause === undefined ? {} : { cause }) });

export const failureDetails = (error: unknown): FailureDetails =>
  isAppError(error) ? (error.details as FailureDetails) : {};

/** The sentence a person should read out of an error body: JSON of any of the known shapes, or plain text. */
export const errorText = (body: string): string => {
  try {
    const value = JSON.parse(body) as Record<string, unknown>;
    const inner = value.error ?? value.message ?? value.detail ?? value;
    if (typeof inner === 'string') return inner.slice(0, 500);
    const parts = inner as Record<string, unknown>;
    const words = [parts.message, parts.code, parts.type, parts.param].filter(
      (part) => typeof part === 'string',
    );
    return (words.length > 0 ? words.join(' · ') : JSON.stringify(inner)).slice(0, 500);
  } catch {
    return body.trim().slice(0, 500);
  }
};

const isRetryableStatus = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

/** An HTTP status other than success, as a refusal that says what to do next. */
export const statusFailure = (
  peer: Peer,
  answer: { readonly status: number; readonly body: string; readonly retryAfterMs?: number },
): AppError => {
  const { status } = answer;
  const said = errorText(answer.body);
  if (saysOverflow(answer.body)) {
    return failure('model_overflow', `${peer.model}: the context is too long: ${said}`, { status, said });
  }
  if (status === 401 || status === 403) {
    return failure('model_unavailable', `${peer.url} refused the key (${status}). ${peer.whenRefused}`, {
      status,
      said,
    });
  }
  if (saysNoTools(said)) {
    const message = `${peer.model} takes no native tools: ${said}`;
    return failure('model_failed', message, { status, said, rejectsTools: true });
  }
  if (status === 404) {
    return failure('model_unavailable', `${peer.url} answered 404: ${said} ${peer.whenUnknown}`, {
      status,
      said,
    });
  }
  if (/insufficient_quota|credit balance is too low/i.test(answer.body)) {
    return failure('model_unavailable', `${peer.model}: the account has no credit left: ${said}`, {
      status,
      said,
    });
  }
  return failure('model_failed', `${peer.model} answered ${status}: ${said}`, {
    status,
    said,
    retryable: isRetryableStatus(status),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
  });
};

/** A redirect: not followed, because nobody configured where it leads. */
export const movedFailure = (peer: Peer, location: string): AppError =>
  failure(
    'model_unavailable',
    `${peer.url} has moved to ${location.slice(0, 200)}. Set that as its address.`,
    {},
  );

/** An error that the provider reports inside a stream that began well. */
export const streamedFailure = (peer: Peer, said: string, retryable = true): AppError => {
  if (saysOverflow(said)) {
    return failure('model_overflow', `${peer.model}: the context is too long: ${said}`, { said });
  }
  return failure('model_failed', `${peer.model} failed: ${said}`, { said, retryable });
};

const nobodyThere = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM']);
/** The way there, or the name server, may be back in a moment. */
const perhapsLater = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EAI_AGAIN']);

const errorCodes = (error: unknown, depth = 0): readonly string[] => {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  return [
    ...(typeof code === 'string' ? [code] : []),
    ...errorCodes(cause, depth + 1),
    ...(Array.isArray(errors) ? errors.slice(0, 4).flatMap((one) => errorCodes(one, depth + 1)) : []),
  ];
};

const isNetworkError = (cause: unknown, codes: readonly string[]): boolean =>
  codes.length > 0 || (cause instanceof TypeError && /^(fetch failed|terminated)/.test(cause.message));

/** fetch rejected, or the body broke off. What is neither, a bug of our own, is returned as it is. */
export const networkFailure = (peer: Peer, cause: unknown): unknown => {
  if (isAppError(cause)) return cause;
  const codes = errorCodes(cause);
  if (!isNetworkError(cause, codes)) return cause;
  const code = codes[0] ?? (cause instanceof Error ? cause.message : 'network error');
  const notNow = codes.some((one) => perhapsLater.has(one));
  if (notNow || codes.some((one) => nobodyThere.has(one) || /CERT|TLS|SSL/.test(one))) {
    const message = `Nothing answers at ${peer.url} (${code}). ${peer.whenUnreachable}`;
    return failure('model_unavailable', message, notNow ? { retryable: true } : {}, cause);
  }
  return failure(
    'model_failed',
    `The connection to ${peer.url} broke (${code}). Try again.`,
    { retryable: true },
    cause,
  );
};

/** The stream ended before the provider said that it was complete. */
export const cutFailure = (peer: Peer): AppError =>
  failure('model_failed', `The answer of ${peer.model} broke off before its end. Try again.`, {
    retryable: true,
  });
