import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { AppError } from '@tandem/protocol/error';
import type { Transport } from '@tandem/sdk';

export type Carried = {
  readonly transport: Transport;
  /** The line has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly close: () => void;
};

/** Of an answer that nobody reads yet; then the other side waits. */
const heldBytes = 256_000;

/** Requests over one open stream, in HTTP/2; `gone` is what a request says when the line has ended. */
export const carryOver = (stream: Duplex, gone: string): Carried => {
  const session = connect('http://tandem.local', { createConnection: () => stream });
  // Each request that was under way is told of it by its own stream.
  session.on('error', () => {});
  stream.on('error', () => {});
  const ended = new Promise<void>((resolve) => session.once('close', resolve));
  return {
    transport: (request) => exchange(session, request, gone),
    ended,
    close: () => session.destroy(),
  };
};

const exchange = async (session: ClientHttp2Session, request: Request, gone: string): Promise<Response> => {
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  request.signal.throwIfAborted();
  if (session.closed || session.destroyed) throw new AppError('offline', gone);
  const { pathname, search } = new URL(request.url);
  const headers = {
    ...Object.fromEntries(request.headers),
    ':method': request.method,
    ':path': `${pathname}${search}`,
  };
  const stream = session.request(headers, { endStream: body === null, signal: request.signal });
  return await new Promise<Response>((resolve, reject) => {
    const broken = (cause?: unknown): void =>
      reject(request.signal.aborted ? request.signal.reason : new AppError('offline', gone, { cause }));
    stream.on('error', broken);
    stream.once('close', broken);
    stream.once('response', (answer) => {
      const status = answer[':status'] ?? 502;
      const isEmpty = status === 204 || status === 205 || status === 304;
      const content = contentOf(stream);
      resolve(new Response(isEmpty ? null : content, { status, headers: headersOf(answer) }));
    });
    if (body !== null) stream.end(body);
  });
};

/** Node's own adapter refuses a stream that has ended with its headers, as that of an empty answer has. */
const contentOf = (stream: ClientHttp2Stream): ReadableStream<Uint8Array> => {
  let isOver = false;
  const end = (finish: () => void): void => {
    if (!isOver) finish();
    isOver = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        stream.on('data', (chunk: Buffer) => {
          if (isOver) return;
          controller.enqueue(new Uint8Array(chunk));
          if ((controller.desiredSize ?? 0) <= 0) stream.pause();
        });
        stream.once('error', (error) => end(() => controller.error(error)));
        // An end alone says nothing: a stream whose line has gone in the middle ends as well.
        stream.once('close', () =>
          end(() => {
            if (stream.readableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR) controller.close();
            else controller.error(new Error('The answer broke off.'));
          }),
        );
      },
      pull: () => void stream.resume(),
      cancel: () => end(() => stream.close(constants.NGHTTP2_CANCEL)),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: heldBytes }),
  );
};

const headersOf = (answer: IncomingHttpHeaders): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer))
    if (!name.startsWith(':') && value !== undefined) headers.set(name, String(value));
  return headers;
};
