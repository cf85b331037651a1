import { afterEach, describe, expect, it } from 'vitest';
import { createAnthropicModel } from '../../src/anthropic/anthropic-model.ts';
import { readTool, request } from '../conformance.ts';
import { answerOf, anthropic, refusal, type Saying } from '../dialects.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock } from '../test-clock.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const signal = new AbortController().signal;
const ok: Saying = { text: ['ok'], tokens: { in: 5, cached: 0, out: 1 } };
const mark = { cache_control: { type: 'ephemeral' } };

const start = async (name = 'claude-haiku-4-5') => {
  const server = await startFakeServer({ path: '/v1/messages' });
  servers.push(server);
  const transport = { clock: createQuickClock(), random: Math.random };
  const model = createAnthropicModel({ name, baseUrl: `${server.url}/v1/`, apiKey: 'secret', transport });
  return { server, model, body: (index: number) => JSON.parse(server.seen[index]!.body) };
};

describe('the Messages API', () => {
  it('marks the ends of what stays the same, and joins messages of one role', async () => {
    const { server, model, body } = await start();
    server.push(answerOf(anthropic, ok));
    const asked = request('', {
      tools: [{ ...readTool, name: 'first' }, readTool],
      messages: [
        { role: 'system', text: 'You fix code.' },
        { role: 'user', text: 'one' },
        { role: 'assistant', text: '', toolCalls: [{ id: 'a/1', name: 'read', arguments: { path: 'x' } }] },
        { role: 'tool', callId: 'a/1', name: 'read', text: 'none', isError: true },
        { role: 'user', text: 'two' },
        { role: 'assistant', text: 'Done.' },
        { role: 'user', text: 'three' },
      ],
    });
    await model.generate(asked, { signal });
    const schema = readTool.parameters;
    expect(body(0)).toEqual({
      model: 'claude-haiku-4-5',
      stream: true,
      tools: [
        { name: 'first', description: readTool.description, input_schema: schema },
        { name: 'read', description: readTool.description, input_schema: schema, ...mark },
      ],
      system: [{ type: 'text', text: 'You fix code.', ...mark }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'one' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a_1', name: 'read', input: { path: 'x' } }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a_1', content: 'none', is_error: true },
            { type: 'text', text: 'two', ...mark },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
        { role: 'user', content: [{ type: 'text', text: 'three', ...mark }] },
      ],
      max_tokens: 200,
    });
    expect(server.seen[0]!.headers).toMatchObject({
      'x-api-key': 'secret',
      'anthropic-version': '2023-06-01',
    });
  });

  it('counts what was read from the cache and written to it, and what it cost', async () => {
    const { server, model } = await start();
    const usage = {
      input_tokens: 100,
      cache_creation_input_tokens: 1_000,
      cache_read_input_tokens: 10_000,
      output_tokens: 1,
    };
    const [, ...rest] = anthropic.say({ ...ok, tokens: { in: 0, cached: 0, out: 500 } });
    const begin = JSON.stringify({ type: 'message_start', message: { usage } });
    server.push({ pieces: [`event: message_start\ndata: ${begin}\n\n`, ...rest] });
    const result = await model.generate(request('x'), { signal });
    const { costUsd, ...counts } = result.usage;
    expect(counts).toEqual({ in: 11_100, cached: 10_000, out: 500 });
    // 100 × 1 + 1,000 × 1.25 + 10,000 × 0.1 + 500 × 5, a million
    expect(costUsd).toBeCloseTo(0.00485, 8);
  });

  it('continues a prefill on the generations that can', async () => {
    const old = await start('claude-sonnet-4-5');
    old.server.push(answerOf(anthropic, { ...ok, text: ['\nx = 1'] }));
    expect((await old.model.generate(request('x', { prefill: '```py\n' }), { signal })).text).toBe(
      '```py\nx = 1',
    );
    expect(old.body(0).messages[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: '```py' }],
    });
    const next = await start('claude-opus-4-6');
    next.server.push(answerOf(anthropic, ok));
    await next.model.generate(request('x', { prefill: '```py\n' }), { signal });
    expect(next.body(0).messages.length).toBe(1);
  });

  it('asks for an answer by schema as a call that must be made', async () => {
    const { server, model, body } = await start();
    const call = { id: 't', name: 'answer', arguments: { ok: true } };
    server.push(answerOf(anthropic, { ...ok, text: [], calls: [call] }));
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    const result = await model.generate(request('x', { schema }), { signal });
    expect(result).toMatchObject({ text: '{"ok":true}', toolCalls: [], stop: 'end' });
    expect(body(0).tool_choice).toEqual({ type: 'tool', name: 'answer' });
  });

  it('reports an overloaded provider inside the stream and tries again', async () => {
    const { server, model } = await start();
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    server.push({ pieces: [`event: error\ndata: ${JSON.stringify(error)}\n\n`] }, refusal(529, error));
    server.push(answerOf(anthropic, ok));
    expect((await model.generate(request('x'), { signal })).text).toBe('ok');
    expect(server.seen.length).toBe(3);
  });
});
