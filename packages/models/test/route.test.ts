import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenModelOptions, openModel } from '../src/route.ts';
import { realClock } from './test-clock.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-route-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (id: string, more: Partial<OpenModelOptions> = {}) =>
  openModel(id, { env: {}, clock: realClock, cwd: folder, stateDir: null, modelsDir: folder, ...more });

const says = (text: string) => expect.stringContaining(text);

describe('openModel', () => {
  it('names the providers it knows to who asks for another', async () => {
    for (const id of ['gpt-4', 'gemini/pro', 'openai/', '/x', 'constructor/x']) {
      await expect(open(id)).rejects.toMatchObject({
        code: 'usage',
        message: says('local/…, openai/…, ollama/…, anthropic/…, scripted/…'),
      });
    }
  });

  it('says which key is missing', async () => {
    await expect(open('openai/gpt-4.1')).rejects.toMatchObject({
      code: 'model_unavailable',
      message: says('OPENAI_API_KEY'),
    });
    await expect(open('anthropic/claude-haiku-4-5')).rejects.toMatchObject({
      code: 'model_unavailable',
      message: says('ANTHROPIC_API_KEY'),
    });
    const local = await open('openai/org/name', {
      env: { OPENAI_BASE_URL: 'http://127.0.0.1:8080', OPENAI_API_KEY: '' },
    });
    expect(local.id).toBe('openai/org/name');
  });

  it('speaks offline to this machine only', async () => {
    const offline = { offline: true, env: { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' } };
    const refused = { code: 'offline', message: says('api.openai.com') };
    await expect(open('openai/gpt-4.1', offline)).rejects.toMatchObject(refused);
    await expect(open('anthropic/claude-haiku-4-5', offline)).rejects.toMatchObject({ code: 'offline' });
    const elsewhere = { offline: true, env: { OLLAMA_HOST: 'box.lan' } };
    await expect(open('ollama/x', elsewhere)).rejects.toMatchObject({
      code: 'offline',
      message: says('box.lan'),
    });
    expect((await open('ollama/x', { offline: true })).id).toBe('ollama/x');
  });

  it('names the variable that holds no URL', async () => {
    await expect(open('openai/x', { env: { OPENAI_BASE_URL: 'http://' } })).rejects.toMatchObject({
      code: 'configuration',
      message: says('OPENAI_BASE_URL'),
    });
  });

  it('lets the environment win over the configuration, and settings over probing', async () => {
    const seen: string[] = [];
    const fetch: typeof globalThis.fetch = async (url) => {
      seen.push(String(url));
      return Response.json({ choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] });
    };
    const config = {
      openai: { baseUrl: 'http://127.0.0.1:1/v1' },
      models: { 'openai/m': { contextWindow: 5_000 } },
    };
    const model = await open('openai/m', { env: { OPENAI_BASE_URL: 'http://127.0.0.1:2' }, config, fetch });
    const signal = new AbortController().signal;
    expect((await model.facts(signal)).contextWindow).toBe(5_000);
    await model.generate({ messages: [{ role: 'user', text: 'x' }], maxTokens: 10 }, { signal });
    expect(seen).toEqual(['http://127.0.0.1:2/v1/chat/completions']);
  });

  it('says how to get weights that are not there', async () => {
    await expect(open('local/qwen2.5-coder-1.5b')).rejects.toMatchObject({
      code: 'model_unavailable',
      message: says('tandem model pull qwen2.5-coder-1.5b'),
    });
    await expect(open('local/./none.gguf')).rejects.toMatchObject({
      code: 'model_unavailable',
      message: says('none.gguf'),
    });
  });
});

it('loads the engine of no other provider for a scripted mind', async () => {
  await writeFile(join(folder, 'a.json'), '[{"text":"hi"}]');
  const index = new URL('../src/index.ts', import.meta.url).href;
  const code = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { openModel } = await import(${JSON.stringify(index)});
    await openModel('scripted/a.json', { env: {}, clock: {}, cwd: ${JSON.stringify(folder)}, stateDir: null, modelsDir: '' });
    console.log(JSON.stringify(loaded));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  const loaded = JSON.parse(child.stdout) as string[];
  expect(loaded.some((url) => url.endsWith('/scripted/scripted-model.ts'))).toBe(true);
  expect(loaded.filter((url) => /\/(openai|ollama|anthropic|llama|http|node-llama-cpp)\//.test(url))).toEqual(
    [],
  );
});
