import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../src/openai/openai-model.ts';
import { normalBaseUrl } from '../../src/openai/server.ts';
import type { ModelSettings } from '../../src/provider/wire.ts';
import { type FakeServer, startFakeServer } from '../fake-server.ts';
import { createQuickClock } from '../test-clock.ts';

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const signal = new AbortController().signal;

const factsOf = async (input: {
  readonly name: string;
  readonly fixed: Record<string, unknown>;
  readonly settings?: ModelSettings;
}) => {
  const server = await startFakeServer({ path: '/v1/chat/completions', fixed: input.fixed });
  servers.push(server);
  const transport = { clock: createQuickClock(), random: Math.random };
  const model = createOpenAiModel({ ...input, baseUrl: server.url, transport });
  return { facts: await model.facts(signal), probes: server.probes };
};

describe('the window of an OpenAI-compatible server', () => {
  it('is asked of llama.cpp', async () => {
    const fixed = {
      '/props': { default_generation_settings: { n_ctx: 6_144 }, total_slots: 1 },
      '/v1/models': { data: [{ id: 'any.gguf', meta: { n_ctx_train: 32_768, n_params: 1_543_714_304 } }] },
    };
    const { facts } = await factsOf({ name: 'any', fixed });
    expect(facts).toMatchObject({ contextWindow: 6_144, strength: 'small', local: true });
    expect(facts.parameters).toBeCloseTo(1.54, 1);
  });

  it('is asked of vLLM', async () => {
    const fixed = { '/v1/models': { data: [{ id: 'a' }, { id: 'Qwen/Qwen3-32B', max_model_len: 40_960 }] } };
    const { facts } = await factsOf({ name: 'Qwen/Qwen3-32B', fixed });
    expect(facts).toMatchObject({ contextWindow: 40_960, strength: 'strong', parameters: 32 });
  });

  it('is asked of LM Studio: what is loaded, not what could be', async () => {
    const fixed = {
      '/v1/models': { data: [{ id: 'm' }] },
      '/api/v0/models/m': { id: 'm', max_context_length: 131_072, loaded_context_length: 4_096 },
    };
    expect((await factsOf({ name: 'm', fixed })).facts.contextWindow).toBe(4_096);
  });

  it('is the silent 4,096 of Ollama behind /v1, unless more is loaded or set', async () => {
    const show = { details: { parameter_size: '7.6B' }, model_info: { 'qwen2.context_length': 32_768 } };
    expect((await factsOf({ name: 'q', fixed: { '/api/show': show } })).facts).toMatchObject({
      contextWindow: 4_096,
      parameters: 7.6,
    });
    const set = { ...show, parameters: 'num_ctx    16384' };
    expect((await factsOf({ name: 'q', fixed: { '/api/show': set } })).facts.contextWindow).toBe(16_384);
    const loaded = {
      '/api/show': show,
      '/api/ps': { models: [{ name: 'q:latest', context_length: 8_000 }] },
    };
    expect((await factsOf({ name: 'q', fixed: loaded })).facts.contextWindow).toBe(8_000);
  });

  it('is cautious where a server tells nothing, and what the person says where they do', async () => {
    expect((await factsOf({ name: 'm', fixed: {} })).facts).toMatchObject({
      contextWindow: 8_192,
      maxOutput: 4_096,
      strength: 'strong',
    });
    const settings = { contextWindow: 50_000, strength: 'small', nativeTools: false } as const;
    const said = await factsOf({ name: 'm', fixed: {}, settings });
    expect(said.facts).toMatchObject(settings);
    expect(said.probes).toEqual([]);
  });
});

describe('normalBaseUrl', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1'],
    ['127.0.0.1:8080/', 'http://127.0.0.1:8080/v1'],
    ['https://host/api/v1/', 'https://host/api/v1'],
    ['https://host/v1/chat/completions', 'https://host/v1'],
  ])('%s is %s', (given, expected) => {
    expect(normalBaseUrl(given)).toBe(expected);
  });
});
