import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { CatalogEntry, CatalogSource } from '../../src/catalog/catalog.ts';

export const hubSource: CatalogSource = { type: 'hub', repository: 'some/weights', file: 'tiny.gguf' };

/** Three parts, the last one shorter. */
export const pipSource: CatalogSource = {
  type: 'pip',
  package: 'tandem-test-part{n}',
  version: '1.0.0',
  member: 'tandem_test_part{n}/data/part{nn}.bin',
  parts: 3,
  partBytes: 1_200_000,
};

export const tinyBytes = randomBytes(3_000_000);

export const tinyEntry = (sources: readonly CatalogSource[]): CatalogEntry => ({
  id: 'tiny',
  title: 'Tiny',
  file: 'tiny.gguf',
  bytes: tinyBytes.length,
  sha256: createHash('sha256').update(tinyBytes).digest('hex'),
  licence: 'none',
  parameters: 0.001,
  goodFor: 'tests',
  contextWindow: 10,
  sources,
});

export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tandem-pull-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export type Hub = { readonly url: string; readonly ranges: readonly (string | undefined)[] };

/** A hub on loopback; `answer` is called with the number of the request, from 1. */
export const startHub = async (
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<Hub> => {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
};

/** The bytes as a well-behaved hub sends them, from where the range says. */
export const sendRange = (
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer = tinyBytes,
): void => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(start);
  if (start > 0)
    response.writeHead(206, {
      'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      'content-length': rest.length,
    });
  else response.writeHead(200, { 'content-length': rest.length });
  response.end(rest);
};

/** Promises the rest of the file, sends `count` bytes of it and cuts the connection. */
export const sendThenCut = (request: IncomingMessage, response: ServerResponse, count: number): void => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': tinyBytes.length - start,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${tinyBytes.length - 1}/${tinyBytes.length}` } : {}),
  });
  response.write(tinyBytes.subarray(start, start + count), () => response.destroy());
};
