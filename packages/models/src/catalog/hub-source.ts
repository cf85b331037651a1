import { setTimeout as sleep } from 'node:timers/promises';
import type { HubSource } from './catalog.ts';
import { SourceFailure, type SourceInput } from './source.ts';

const defaultHub = 'https://huggingface.co';

/**
 * Consecutive attempts without a new byte before a hub that did answer is given up. One that never did is not asked
 * again: the next source may be near, and each attempt on a network that drops packets takes ten seconds.
 */
const maxIdleAttempts = 3;
/** A server silent for this long is taken for gone; slow links still deliver something within it. */
const silenceMs = 30_000;
const firstPauseMs = 500;

/** Appends the rest of the file, going on after cuts. @throws SourceFailure */
export const fetchFromHub = async (source: HubSource, input: SourceInput): Promise<void> => {
  const url = hubUrl(source, input.env);
  const start = input.part.size;
  let idle = 0;
  while (input.part.size < input.totalBytes) {
    const before = input.part.size;
    const failure = await attempt(url, input);
    if (failure === null) continue;
    if (failure.kind !== 'unreachable') throw failure;
    idle = input.part.size > before ? 0 : idle + 1;
    if (idle >= maxIdleAttempts || input.part.size === start) throw failure;
    await sleep(firstPauseMs * 2 ** idle, undefined, { signal: input.signal });
  }
};

const hubUrl = (source: HubSource, env: SourceInput['env']): string => {
  const base = (env.TANDEM_MODEL_HUB || defaultHub).replace(/\/+$/, '');
  return `${base}/${source.repository}/resolve/main/${source.file}`;
};

const attempt = async (url: string, input: SourceInput): Promise<SourceFailure | null> => {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  try {
    const signal = AbortSignal.any([input.signal, silence.signal]);
    const response = await fetchOrFail(url, input, signal);
    const refused = await checkResponse(response, input);
    if (refused !== null) {
      await response.body?.cancel().catch(() => {});
      return refused;
    }
    return await appendBody(response, input, heard);
  } catch (error) {
    input.signal.throwIfAborted();
    if (error instanceof SourceFailure) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

const fetchOrFail = async (url: string, input: SourceInput, signal: AbortSignal): Promise<Response> => {
  const range = input.part.size > 0 ? { range: `bytes=${input.part.size}-` } : {};
  try {
    return await input.fetch(url, { headers: { 'accept-encoding': 'identity', ...range }, signal });
  } catch (error) {
    throw unreachable(url, error);
  }
};

/** Null when the body is the rest of the file, from where the part ends. */
const checkResponse = async (response: Response, input: SourceInput): Promise<SourceFailure | null> => {
  const { part, totalBytes, signal } = input;
  if (response.status >= 500 || response.status === 429)
    return new SourceFailure('unreachable', `the model hub answered ${response.status}`);
  if (response.status === 416) {
    await part.cut(0, signal);
    return new SourceFailure('wrong', 'the model hub has a shorter file');
  }
  if (response.status !== 200 && response.status !== 206)
    return new SourceFailure('refused', `the model hub answered ${response.status}`);
  const total = totalOf(response);
  if (total !== null && total !== totalBytes)
    return new SourceFailure('wrong', `the model hub offers ${total} bytes instead of ${totalBytes}`);
  if (response.status === 206 && startOf(response) !== part.size)
    return new SourceFailure('wrong', 'the model hub answered with another part of the file');
  // A server without ranges starts over.
  if (response.status === 200) await part.cut(0, signal);
  return null;
};

const totalOf = (response: Response): number | null => {
  const range = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  const text = response.status === 206 ? range?.[1] : response.headers.get('content-length');
  return text === undefined || text === null ? null : Number(text);
};

const startOf = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? -1);

const appendBody = async (
  response: Response,
  input: SourceInput,
  heard: () => void,
): Promise<SourceFailure | null> => {
  if (response.body === null) return new SourceFailure('unreachable', 'the model hub sent nothing');
  const reader = response.body.getReader();
  try {
    while (true) {
      const next = await readOrFail(reader);
      if (next === null) break;
      heard();
      if (input.part.size + next.length > input.totalBytes)
        return new SourceFailure('wrong', 'the model hub sent more bytes than the file has');
      await input.part.append(next);
      input.onBytes();
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  return input.part.size < input.totalBytes
    ? new SourceFailure('unreachable', 'the connection to the model hub ended early')
    : null;
};

const readOrFail = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> => {
  try {
    const { value, done } = await reader.read();
    return done ? null : value;
  } catch (error) {
    throw new SourceFailure('unreachable', 'the connection to the model hub was cut', error);
  }
};

const unreachable = (url: string, cause: unknown): SourceFailure =>
  new SourceFailure('unreachable', `${new URL(url).host} cannot be reached`, cause);
