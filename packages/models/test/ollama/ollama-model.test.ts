import { afterEach, describe, expect, it } from 'vitest';
import { ollamaUrl } from '../../src/ollama/host.ts';
import { createOllamaModel, type OllamaInput } from '../../src/ollama/ollama-model.ts';
import { readTool, request } from '../conformance.ts';
import { answerOf, ollama, refusal, type Saying } from '../dialects.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock } from '../test-clock.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const signal = new AbortController().signal;
const ok: Saying = { text: ['ok'], tokens: { in: 5, cached: 0, out: 1 } };

const start = async (show: object | null, more: Partial<OllamaInput> = {}) => {
  const server = await startFakeServer({
    path: '/api/chat',
    fixed: show === null ? {} : { '/api/show': show },
  });
  servers.push(server);
  const transport = { clock: createQuickClock(), random: Math.random };
  const model = createOllamaModel({ name: 'mind', host: server.url, transport, ...more });
  return { server, model, body: (index: number) => JSON.parse(server.seen[index]!.body) };
};

const show = (window: number, parameters = '') => ({
  parameters,
  details: { parameter_size: '1.5B' },
  model_info: { 'qwen2.context_length': window },
  capabilities: ['completion', 'tools'],
});

describe('ollama', () => {
  it('always says the window and never leaves it to the server', async () => {
    const { server, model, body } = await start(show(131_072));
    server.push(answerOf(ollama, ok));
    const asked = request('x', { temperature: 0, seed: 7, stop: ['END'], tools: [readTool], prefill: '```' });
    expect((await model.generate(asked, { signal })).text).toBe('```ok');
    expect(body(0)).toEqual({
      model: 'mind',
      keep_alive: '30m',
      truncate: false,
      tools: [{ type: 'function', function: readTool }],
      messages: [
        { role: 'system', content: 'You fix code.' },
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '```' },
      ],
      options: { num_ctx: 32_768, num_predict: 200, temperature: 0, seed: 7, stop: ['END'] },
    });
  });

  it.each([
    ['what the model can take', show(8_192), {}, 8_192],
    ['at most 32,768', show(131_072), {}, 32_768],
    ['more, where the Modelfile says so', show(131_072, 'num_ctx 65536'), {}, 65_536],
    ['not more than the model can take', show(40_000, 'num_ctx 65536'), {}, 40_000],
    ['what the person says', show(131_072), { numCtx: 12_000 }, 12_000],
  ])('takes a window of %s', async (_name, shown, more, expected) => {
    const { model } = await start(shown, more);
    expect(await model.facts(signal)).toMatchObject({
      contextWindow: expected,
      strength: 'small',
      parameters: 1.5,
      nativeTools: true,
      local: true,
    });
  });

  it('writes tools as text for a model that has none', async () => {
    const { server, model, body } = await start({ ...show(8_192), capabilities: ['completion'] });
    server.push(answerOf(ollama, { ...ok, text: ['<read><path>a</path></read>'] }));
    const result = await model.generate(request('x', { tools: [readTool] }), { signal });
    expect(result.toolCalls).toMatchObject([{ name: 'read', arguments: { path: 'a' } }]);
    expect(body(0).tools).toBeUndefined();
  });

  it('finds out by the refusal too, for servers that do not tell', async () => {
    const { capabilities: _none, ...silent } = show(8_192);
    const { server, model, body } = await start(silent);
    server.push(refusal(400, { error: 'registry.ollama.ai/library/mind does not support tools' }));
    server.push(answerOf(ollama, ok));
    expect((await model.generate(request('x', { tools: [readTool] }), { signal })).text).toBe('ok');
    expect(body(1).tools).toBeUndefined();
  });

  it('says how to get a model that is not there', async () => {
    const { model } = await start(null);
    await expect(model.facts(signal)).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('ollama pull mind'),
    });
  });
});

describe('ollamaUrl', () => {
  it.each([
    [undefined, 'http://127.0.0.1:11434'],
    ['', 'http://127.0.0.1:11434'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:8000', 'http://127.0.0.1:8000'],
    ['box:80', 'http://box'],
    ['box.lan', 'http://box.lan:11434'],
    ['https://box.lan/ollama/', 'https://box.lan/ollama'],
    ['http://localhost:11434/', 'http://localhost:11434'],
  ])('%s is %s', (given, expected) => {
    expect(ollamaUrl(given)).toBe(expected);
  });
});
