import { AppError, isErrorCode } from '@tandem/protocol';

/** The global `fetch`, or an in-process app's own: same requests, same encoding, no socket. */
export type Transport = (request: Request) => Response | Promise<Response>;

export type ClientOptions = {
  readonly fetch: Transport;
  /** Where the door is; any address does in process. */
  readonly baseUrl?: string;
  readonly token?: string;
};

export type Call = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Instead of a body in JSON. A file's are read as they are sent. */
  readonly bytes?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Sends one request. @throws AppError with the door's code for a refusal; model-free `offline` when nobody answers */
export const send = async (options: ClientOptions, call: Call): Promise<Response> => {
  const request = new Request(new URL(call.path, options.baseUrl ?? 'http://tandem.local'), {
    method: call.method,
    headers: {
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.bytes === undefined ? {} : { body: call.bytes }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  const response = await options.fetch(request);
  if (response.ok) return response;
  throw await refusalOf(response);
};

export const sendJson = async <T>(options: ClientOptions, call: Call): Promise<T> =>
  (await (await send(options, call)).json()) as T;

const refusalOf = async (response: Response): Promise<AppError> => {
  const problem = (await response.json().catch(() => ({}))) as {
    readonly code?: unknown;
    readonly detail?: unknown;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  const message =
    typeof problem.detail === 'string' ? problem.detail : `The door answered ${response.status}.`;
  const code = isErrorCode(problem.code) ? problem.code : 'internal';
  return new AppError(code, message, { details: problem.details ?? {} });
};
