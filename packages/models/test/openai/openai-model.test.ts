import type { Model } from '@tandem/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelSettings } from '../../src/provider/wire.ts';
import { readTool, request } from '../conformance.ts';
import { answerOf, chat, refusal, responses, type Saying } from '../dialects.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock } from '../test-clock.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const signal = new AbortController().signal;
const ok: Saying = { text: ['ok'], tokens: { in: 5, cached: 0, out: 1 } };

const start = async (
  settings: ModelSettings = { contextWindow: 8_192 },
  dialect = chat,
  fixed: Record<string, unknown> = {},
): Promise<{ server: FakeServer; model: Model; body: (index: number) => Record<string, unknown> }> => {
  const server = await startFakeServer({ path: dialect.path, fixed });
  servers.push(server);
  const model = dialect.open(server.url, { clock: createQuickClock(), random: Math.random }, settings);
  return { server, model, body: (index) => JSON.parse(server.seen[index]!.body) };
};

const conversation = request('fix it', {
  tools: [readTool],
  messages: [
    { role: 'system', text: 'You fix code.' },
    { role: 'user', text: 'fix it' },
    {
      role: 'assistant',
      text: 'Looking.',
      toolCalls: [{ id: 'c1', name: 'read', arguments: { path: 'a' } }],
    },
    { role: 'tool', callId: 'c1', name: 'read', text: 'content', isError: false },
    { role: 'tool', callId: 'c2', name: 'read', text: 'no such file', isError: true },
  ],
});

describe('chat/completions', () => {
  it('sends a lean body: what stays first, what changes last', async () => {
    const { server, model } = await start();
    server.push(answerOf(chat, ok));
    await model.generate(conversation, { signal });
    expect(JSON.parse(server.seen[0]!.body)).toEqual({
      model: 'mind-7b',
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: readTool }],
      messages: [
        { role: 'system', content: 'You fix code.' },
        { role: 'user', content: 'fix it' },
        {
          role: 'assistant',
          content: 'Looking.',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'content' },
        { role: 'tool', tool_call_id: 'c2', content: 'Error: no such file' },
      ],
      max_tokens: 200,
    });
    expect(server.seen[0]!.headers.authorization).toBe('Bearer k');
  });

  it('finds out that a server takes no tools, and writes them as text from then on', async () => {
    const { server, model, body } = await start();
    const call = '```tool_call\n{"name": "read", "arguments": {"path": "a.ts"}}\n```';
    server.push(
      refusal(400, { error: { message: '"auto" tool choice requires --enable-auto-tool-choice' } }),
      answerOf(chat, { ...ok, text: ['Look:\n', call] }),
      answerOf(chat, ok),
    );
    const result = await model.generate(conversation, { signal });
    expect(result).toMatchObject({
      text: 'Look:',
      stop: 'tool',
      toolCalls: [{ id: expect.stringMatching(/^call_\w+$/), name: 'read', arguments: { path: 'a.ts' } }],
    });
    expect((await model.facts(signal)).nativeTools).toBe(false);
    await model.generate(conversation, { signal });
    expect(server.seen.length).toBe(3);
    const messages = body(2).messages as { role: string; content: string }[];
    expect(body(2).tools).toBeUndefined();
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]!.content).toContain('- read {path: string, limit?: integer} - Reads a file.');
    expect(messages[2]!.content).toBe(
      'Looking.\n```tool_call\n{"name":"read","arguments":{"path":"a"}}\n```',
    );
    expect(messages[3]!.content).toBe('Result of read:\ncontent\n\nError of read:\nno such file');
  });

  it('reads calls that a mind with native tools wrote as text all the same', async () => {
    const { server, model } = await start();
    const text = ['```json\n{"name": "read", ', '"arguments": {"path": "a"}}\n```'];
    server.push(answerOf(chat, { ...ok, text }));
    const result = await model.generate(conversation, { signal });
    expect(result).toMatchObject({ stop: 'tool', toolCalls: [{ name: 'read', arguments: { path: 'a' } }] });
  });

  it('gives up a parameter that a server does not know, once', async () => {
    const { server, model, body } = await start();
    server.push(
      refusal(400, {
        error: { message: "Unsupported value: 'temperature' does not support 0", param: 'temperature' },
      }),
      refusal(400, {
        error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." },
      }),
      answerOf(chat, ok),
      answerOf(chat, ok),
    );
    const asked = request('x', { temperature: 0 });
    await model.generate(asked, { signal });
    await model.generate(asked, { signal });
    expect(server.seen.length).toBe(4);
    expect(body(3)).toMatchObject({ max_completion_tokens: 200 });
    expect(Object.keys(body(3))).not.toContain('temperature');
  });

  it('goes on after a prefill where the server can, and says it once', async () => {
    const props = { '/props': { default_generation_settings: { n_ctx: 8_192 } } };
    for (const text of [['x = 1'], ['```py', '\nx = 1']]) {
      const { server, model, body } = await start({}, chat, props);
      server.push(answerOf(chat, { ...ok, text }));
      const parts: string[] = [];
      const onText = (part: string) => parts.push(part);
      const result = await model.generate(request('x', { prefill: '```py\n' }), { signal, onText });
      expect(result.text).toBe('```py\nx = 1');
      expect(parts.join('')).toBe(result.text);
      expect((body(0).messages as object[]).at(-1)).toEqual({ role: 'assistant', content: '```py\n' });
    }
  });

  it('parts thoughts from the answer, however they come', async () => {
    const { server, model } = await start();
    server.push(answerOf(chat, { ...ok, text: ['<think>hm', 'm</think>\n\n', 'Done.'] }));
    expect(await model.generate(request('x'), { signal })).toMatchObject({ text: 'Done.', reasoning: 'hmm' });
    const chunk = { choices: [{ delta: { reasoning_content: 'first' }, finish_reason: null }] };
    server.push({ pieces: [`data: ${JSON.stringify(chunk)}\n\n`, ...chat.say(ok)] });
    expect(await model.generate(request('x'), { signal })).toMatchObject({ text: 'ok', reasoning: 'first' });
  });

  it('understands a server that does not stream', async () => {
    const { server, model } = await start();
    const call = { id: 'c', type: 'function', function: { name: 'read', arguments: '{"path":"a",}' } };
    const whole = {
      choices: [
        { message: { role: 'assistant', content: 'Hi', tool_calls: [call] }, finish_reason: 'tool_calls' },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
      timings: { cache_n: 1 },
    };
    server.push({ headers: { 'content-type': 'application/json' }, pieces: [JSON.stringify(whole)] });
    expect(await model.generate(request('x'), { signal })).toEqual({
      text: 'Hi',
      toolCalls: [{ id: 'c', name: 'read', arguments: { path: 'a' } }],
      stop: 'tool',
      usage: { in: 3, cached: 1, out: 2, costUsd: 0 },
    });
  });

  it('keeps calls apart that a server sends whole and all with index 0', async () => {
    const { server, model } = await start();
    const call = (id: string) => ({
      index: 0,
      id,
      function: { name: 'read', arguments: JSON.stringify({ path: id }) },
    });
    const chunks = [
      { choices: [{ delta: { tool_calls: [call('a')] } }] },
      { choices: [{ delta: { tool_calls: [call('b')] } }] },
      { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
    ];
    server.push({ pieces: chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`) });
    const { toolCalls } = await model.generate(request('x'), { signal });
    expect(toolCalls.map((one) => one.arguments)).toEqual([{ path: 'a' }, { path: 'b' }]);
  });

  it('turns an error inside the stream into the right failure', async () => {
    const { server, model } = await start();
    server.push({
      pieces: ['data: {"error":{"message":"the request exceeds the available context size"}}\n\n'],
    });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_overflow' });
  });

  it('asks for less where the window leaves less, and learns how long its tokens are', async () => {
    const { server, model, body } = await start({ contextWindow: 4_000, maxOutput: 4_000 });
    const text = 'abcde '.repeat(1_000);
    const tokens = { in: 1_500, cached: 0, out: 1 };
    server.push(answerOf(chat, { ...ok, tokens }), answerOf(chat, { ...ok, tokens }));
    const long = request(text, { maxTokens: 3_000 });
    await model.generate(long, { signal });
    const before = model.countTokens('x'.repeat(3_000));
    await model.generate(long, { signal });
    expect(body(0).max_tokens).toBeLessThan(2_000);
    expect(body(1).max_tokens).toBeGreaterThan(body(0).max_tokens as number);
    expect(before).toBeLessThan(1_000);
    expect(before).toBeGreaterThan(600);
  });

  it('cuts at a stop string that the server did not know', async () => {
    const { server, model } = await start({ contextWindow: 8_192 }, responses);
    server.push(answerOf(responses, { ...ok, text: ['one\n', 'END two'] }));
    expect((await model.generate(request('x', { stop: ['END'] }), { signal })).text).toBe('one\n');
  });

  it('sends at most four samples at once', async () => {
    const { server, model } = await start();
    const seeds = [1, 2, 3, 4, 5, 6];
    server.push(...seeds.map(() => answerOf(chat, ok)));
    const texts = [];
    for await (const { text } of model.samples(request('x', { temperature: 0.8 }), { seeds, signal }))
      texts.push(text);
    expect(texts.length).toBe(6);
    expect(server.seen.map((one) => JSON.parse(one.body).seed).toSorted()).toEqual(seeds);
  });
});

describe('responses', () => {
  it('an answer as long as it may be was cut, whatever the server calls it', async () => {
    const { server, model } = await start({ contextWindow: 8_192 }, responses);
    server.push(answerOf(responses, { text: ['1 2 3'], tokens: { in: 5, cached: 0, out: 20 } }));
    const { stop } = await model.generate(request('count', { maxTokens: 20 }), { signal });
    expect(stop).toBe('length');
  });

  it('says everything in each request and keeps nothing at the provider', async () => {
    const { server, model, body } = await start({ contextWindow: 8_192 }, responses);
    server.push(answerOf(responses, ok));
    await model.generate({ ...conversation, schema: { type: 'object' } }, { signal });
    expect(body(0)).toEqual({
      model: 'mind-7b',
      stream: true,
      store: false,
      tools: [{ type: 'function', ...readTool, strict: false }],
      input: [
        { role: 'system', content: 'You fix code.' },
        { role: 'user', content: 'fix it' },
        { role: 'assistant', content: 'Looking.' },
        { type: 'function_call', call_id: 'c1', name: 'read', arguments: '{"path":"a"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'content' },
        { type: 'function_call_output', call_id: 'c2', output: 'Error: no such file' },
      ],
      max_output_tokens: 200,
      text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: false } },
    });
  });
});
