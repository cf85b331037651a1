import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Checked } from './address.ts';

/** From the first packet to the last byte that is read of the answer. */
const totalMs = 15_000;
/** An answer is read so far, so that its connection ends in order; it means nothing past its status. */
const mostRead = 64 * 1024;
/** Characters of it that are kept for people. */
const mostKept = 500;

export type Posted = { readonly status: number; readonly answer: string };

/**
 * One POST to the address that was checked, whatever the name says by now. A redirect is an answer like any other.
 * @throws Error for what ends without an answer
 */
export const post = (
  { url, address }: Checked,
  given: {
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<Posted> =>
  new Promise((resolve, reject) => {
    const { body, headers, signal } = given;
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const late = AbortSignal.timeout(totalMs);
    const sent = (isSecure ? requestHttps : requestHttp)({
      ...{ host: address, port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port), method: 'POST' },
      ...{ path: `${url.pathname}${url.search}`, agent: false, signal: AbortSignal.any([signal, late]) },
      // The certificate is that of the name, though the connection goes to the address.
      ...(isSecure && isIP(host) === 0 ? { servername: host } : {}),
      headers: {
        ...headers,
        host: url.host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Tandem-Webhooks/1',
        connection: 'close',
      },
    });
    const failed = (error: Error): void =>
      reject(late.aborted ? new Error(`no answer in ${totalMs / 1_000} s`, { cause: error }) : error);
    sent.on('error', failed);
    sent.on('response', (response) => {
      read(response).then((answer) => {
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, answer });
      }, failed);
    });
    sent.end(body);
  });

const read = async (response: IncomingMessage): Promise<string> => {
  let bytes = 0;
  const kept: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < mostKept * 4) kept.push(chunk.subarray(0, mostKept * 4));
    bytes += chunk.length;
    if (bytes > mostRead) break;
  }
  // A column of text cannot hold the character 0.
  return Buffer.concat(kept).toString('utf8').replaceAll('\0', '\ufffd').slice(0, mostKept);
};
