import { describe, expect, it } from 'vitest';
import { networkFailure, type Peer, statusFailure } from '../../src/http/failure.ts';
import { isLoopback } from '../../src/http/loopback.ts';
import { saysNoTools, saysOverflow } from '../../src/http/phrases.ts';

const peer: Peer = {
  model: 'openai/m',
  url: 'http://127.0.0.1:1/v1',
  whenUnreachable: 'Start it.',
  whenRefused: 'Check the key.',
  whenUnknown: 'Check the name.',
};

describe('saysOverflow', () => {
  it.each([
    '{"error":{"code":"context_length_exceeded"}}',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'prompt is too long: 208310 tokens > 200000 maximum',
    'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
    'the request exceeds the available context size, try increasing it',
    '{"error":{"code":400,"type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}}',
    'The decoder prompt (length 21535) is longer than the maximum model length of 16384.',
    'Requested tokens (2285) exceed context window of 2048',
    'Trying to keep the first 10136 tokens when context the overflows. However, the model is loaded with …',
    'the input length exceeds the context length',
  ])('knows %j', (text) => {
    expect(saysOverflow(text)).toBe(true);
  });

  it.each([
    'Rate limit reached: 30000 tokens per minute',
    'invalid x-api-key',
    'max_tokens must be positive',
  ])('does not take %j for it', (text) => {
    expect(saysOverflow(text)).toBe(false);
  });
});

describe('saysNoTools', () => {
  it.each([
    'registry.ollama.ai/library/gemma3:1b does not support tools',
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    'tools param requires --jinja flag',
    'No endpoints found that support tool use.',
    "Unrecognized request argument supplied: 'tools'",
  ])('knows %j', (text) => {
    expect(saysNoTools(text)).toBe(true);
  });

  it('does not take a broken schema of a tool for it', () => {
    expect(saysNoTools("Invalid schema for function 'read': 'path' is required")).toBe(false);
  });
});

describe('statusFailure', () => {
  const of = (status: number, body: string) => statusFailure(peer, { status, body });

  it('reads the sentence out of every shape of body', () => {
    const said = [
      '{"error":{"message":"no such thing"}}',
      '{"error":"no such thing"}',
      '{"detail":"no such thing"}',
    ];
    for (const body of [...said, 'no such thing\n'])
      expect(of(400, body).message).toContain('400: no such thing');
  });

  it('retries what may pass and nothing else', () => {
    const retried = [400, 401, 404, 408, 409, 413, 422, 429, 500, 503, 529].filter(
      (status) => of(status, 'x').details.retryable === true,
    );
    expect(retried).toEqual([408, 409, 429, 500, 503, 529]);
    expect(of(429, '{"error":{"code":"insufficient_quota","message":"pay"}}')).toMatchObject({
      code: 'model_unavailable',
    });
    expect(of(500, '{"error":"the request exceeds the available context size"}').code).toBe('model_overflow');
  });
});

describe('networkFailure', () => {
  it('tells nobody there from a broken connection', () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    expect(networkFailure(peer, refused)).toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(/ECONNREFUSED.*Start it/),
    });
    const both = new TypeError('fetch failed', { cause: { errors: [{ code: 'ENETUNREACH' }] } });
    expect(networkFailure(peer, both)).toMatchObject({ code: 'model_unavailable' });
    const later = new TypeError('fetch failed', { cause: { code: 'EAI_AGAIN' } });
    expect(networkFailure(peer, later)).toMatchObject({
      code: 'model_unavailable',
      details: { retryable: true },
    });
    const bug = new TypeError('x is not a function');
    expect(networkFailure(peer, bug)).toBe(bug);
    const reset = new TypeError('terminated', { cause: { code: 'ECONNRESET' } });
    expect(networkFailure(peer, reset)).toMatchObject({ code: 'model_failed', details: { retryable: true } });
  });
});

describe('isLoopback', () => {
  it.each([
    ['http://127.0.0.1:8080/v1', true],
    ['http://127.9.8.7', true],
    ['http://localhost:1', true],
    ['http://[::1]:1', true],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost.example.com', false],
    ['http://192.168.1.2', false],
    ['https://api.openai.com', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopback(url)).toBe(expected);
  });
});
