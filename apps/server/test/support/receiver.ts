import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Received = {
  readonly url: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** A program that takes webhooks in, on loopback. `answer` may be changed at any time. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, received: Received) => void = (response) => void response.end('ok');
  readonly #listen: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url = '' } = request;
      const id = String(headers['webhook-id']);
      const received = { url, id, headers, body: Buffer.concat(chunks).toString() };
      this.received.push(received);
      this.answer(response, received);
      this.#wake();
    });
  };
  readonly #server: ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>;
  readonly #scheme: 'http' | 'https';
  readonly #host: string;
  #wake: () => void = () => {};

  /** Over https where there is a certificate. */
  constructor(certificate?: { readonly key: string; readonly cert: string }) {
    // Where the name leads first, which is the address that a sender connects to.
    this.#host = certificate === undefined ? '127.0.0.1' : 'localhost';
    this.#scheme = certificate === undefined ? 'http' : 'https';
    this.#server =
      certificate === undefined ? createServer(this.#listen) : createSecureServer(certificate, this.#listen);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, this.#host, resolve));
    return `${this.#scheme}://${this.#host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Until something holds of what came so far; that. */
  async until(holds: (received: readonly Received[]) => boolean): Promise<readonly Received[]> {
    while (!holds(this.received))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.received;
  }

  /** What it is bound to, as a url has it. */
  get address(): string {
    const { address, family } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]` : address;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
