import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Generated, GenerateRequest, Message, Model } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import { createAnthropicModel } from '../../src/anthropic/anthropic-model.ts';
import type { Transport } from '../../src/http/transport.ts';
import { createOpenAiModel } from '../../src/openai/openai-model.ts';
import { readTool } from '../conformance.ts';

/** A server that speaks all three formats for real, such as one of llama.cpp: `http://127.0.0.1:8080`. */
const server = process.env.TANDEM_TEST_SERVER ?? '';
if (server === '') console.warn('skipped: set TANDEM_TEST_SERVER to the address of a llama.cpp server');

const transport: Transport = {
  clock: {
    iso: () => new Date().toISOString(),
    ms: () => performance.now(),
    sleep: async (ms, signal) => void (await sleep(ms, undefined, { signal })),
  },
  random: Math.random,
};
const never = new AbortController().signal;
const anyKey = 'any';

const wires: readonly { readonly name: string; readonly open: () => Model }[] = [
  { name: 'chat/completions', open: () => openAi('chat') },
  { name: 'responses', open: () => openAi('responses') },
  {
    name: 'messages',
    open: () => createAnthropicModel({ name: 'real', baseUrl: server, apiKey: anyKey, transport }),
  },
];

const openAi = (wire: 'chat' | 'responses'): Model =>
  createOpenAiModel({ name: 'real', baseUrl: `${server}/v1`, apiKey: anyKey, wire, transport });

const ask = (text: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [
    { role: 'system', text: 'You answer in as few words as possible.' },
    { role: 'user', text },
  ],
  maxTokens: 60,
  temperature: 0,
  ...more,
});

describe.skipIf(server === '').each(wires)('a real server by $name', ({ open }) => {
  it('streams what it returns, and counts tokens', async () => {
    const parts: string[] = [];
    const result = await open().generate(ask('What is the capital of France?'), {
      signal: never,
      onText: (text) => parts.push(text),
    });
    expect(result.text).toMatch(/Paris/);
    expect(parts.join('')).toBe(result.text);
    expect(result.stop).toBe('end');
    expect(result.usage.in).toBeGreaterThan(10);
    expect(result.usage.out).toBeGreaterThan(0);
  });

  it('stops at the limit of an answer and says so', async () => {
    const result = await open().generate(ask('Count from 1 to 100, each number.', { maxTokens: 16 }), {
      signal: never,
    });
    expect(result.stop).toBe('length');
    expect(result.usage.out).toBeLessThanOrEqual(17);
  });

  it('calls a tool, and goes on with its result', async () => {
    const model = open();
    const first: Message = { role: 'user', text: 'Use the read tool on the file notes.txt. What is in it?' };
    const called: Generated = await model.generate(
      { messages: [first], tools: [readTool], maxTokens: 120, temperature: 0 },
      { signal: never },
    );
    expect(called.toolCalls).toMatchObject([{ name: 'read', arguments: { path: 'notes.txt' } }]);
    const [call] = called.toolCalls;
    const told = await model.generate(
      {
        messages: [
          first,
          { role: 'assistant', text: called.text, toolCalls: called.toolCalls },
          {
            role: 'tool',
            callId: call!.id,
            name: 'read',
            text: 'The password is swordfish.',
            isError: false,
          },
          { role: 'user', text: 'What is the password? Answer with one word.' },
        ],
        maxTokens: 60,
        temperature: 0,
      },
      { signal: never },
    );
    expect(told.text).toMatch(/swordfish/);
  });

  it('an abort ends a running answer within 200 ms', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let aborted = 0;
    const running = open().generate(ask('Count from 1 to 1000, each number.', { maxTokens: 800 }), {
      signal: controller.signal,
      onText: () => {
        if (aborted > 0) return;
        aborted = performance.now();
        controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(performance.now() - aborted).toBeLessThan(200);
  });

  it('a context that is too long is refused as such', async () => {
    const long = 'word '.repeat(60_000);
    await expect(open().generate(ask(long), { signal: never })).rejects.toMatchObject({
      code: 'model_overflow',
    });
  });
});

describe.skipIf(server === '')('what a real server says of itself', () => {
  it('its window is found, not assumed', async () => {
    const props = (await (await fetch(`${server}/props`)).json()) as {
      readonly default_generation_settings: { readonly n_ctx: number };
    };
    const facts = await openAi('chat').facts(never);
    expect(facts.contextWindow).toBe(props.default_generation_settings.n_ctx);
  });
});
