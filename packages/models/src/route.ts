import type { Clock, Model } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { Transport } from './http/transport.ts';
import type { ModelSettings } from './provider/wire.ts';

/** What a person's configuration may say about models. Environment variables win over it. */
export type ModelsConfig = {
  readonly openai?: {
    readonly baseUrl?: string;
    readonly apiKey?: string;
    readonly wire?: 'chat' | 'responses' | 'auto';
  };
  readonly anthropic?: { readonly baseUrl?: string; readonly apiKey?: string };
  readonly ollama?: { readonly host?: string; readonly numCtx?: number; readonly keepAlive?: string };
  readonly local?: { readonly maxContext?: number; readonly threads?: number };
  /** By model id: what wins over probing. */
  readonly models?: Readonly<Record<string, ModelSettings>>;
};

export type OpenModelOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config?: ModelsConfig;
  readonly clock: Clock;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** Where a relative path in an id begins. */
  readonly cwd: string;
  /** For saved KV states; null keeps none. */
  readonly stateDir: string | null;
  readonly modelsDir: string;
  /** Only this machine may be spoken to. */
  readonly offline?: boolean;
  readonly log?: (line: string) => void;
};

/** An id cut at its first slash: `openai/org/name` is the provider `openai` and the name `org/name`. */
export type ModelName = { readonly id: string; readonly provider: string; readonly name: string };

type Opener = (model: ModelName, options: OpenModelOptions) => Promise<Model>;

/**
 * The mind that an id means. Only its provider's code is loaded, and nothing is asked or read into memory before the
 * first use. @throws AppError usage for an unknown provider; configuration; offline; model_unavailable
 */
export const openModel = async (id: string, options: OpenModelOptions): Promise<Model> => {
  const slash = id.indexOf('/');
  const model = { id, provider: id.slice(0, Math.max(slash, 0)), name: id.slice(slash + 1) };
  const known = Object.keys(openers).map((provider) => `${provider}/…`);
  const opener = Object.hasOwn(openers, model.provider) ? openers[model.provider] : undefined;
  if (opener === undefined || model.name === '') {
    const message = `${JSON.stringify(id)} names no model. A model is provider/name, one of: ${known.join(', ')}.`;
    throw new AppError('usage', message);
  }
  return await opener(model, options);
};

const openOpenAi: Opener = async ({ id, name }, options) => {
  const config = options.config?.openai ?? {};
  const baseUrl = given(options.env.OPENAI_BASE_URL) ?? config.baseUrl;
  const { createOpenAiModel } = await import('./openai/openai-model.ts');
  const { normalBaseUrl } = await import('./openai/server.ts');
  const url = readUrl('OPENAI_BASE_URL', () => normalBaseUrl(baseUrl ?? 'https://api.openai.com/v1'));
  const transport = await reach({ id, url }, options);
  const apiKey = given(options.env.OPENAI_API_KEY) ?? config.apiKey;
  const settings = options.config?.models?.[id];
  return createOpenAiModel({ name, baseUrl: url, apiKey, wire: config.wire, settings, transport });
};

const openAnthropic: Opener = async ({ id, name }, options) => {
  const config = options.config?.anthropic ?? {};
  const baseUrl = given(options.env.ANTHROPIC_BASE_URL) ?? config.baseUrl ?? 'https://api.anthropic.com';
  const url = readUrl('ANTHROPIC_BASE_URL', () => new URL(baseUrl).href);
  const transport = await reach({ id, url }, options);
  const { createAnthropicModel } = await import('./anthropic/anthropic-model.ts');
  const apiKey = given(options.env.ANTHROPIC_API_KEY) ?? config.apiKey;
  const settings = options.config?.models?.[id];
  return createAnthropicModel({ name, baseUrl: url, apiKey, settings, transport });
};

const openOllama: Opener = async ({ id, name }, options) => {
  const config = options.config?.ollama ?? {};
  const { createOllamaModel } = await import('./ollama/ollama-model.ts');
  const { ollamaUrl } = await import('./ollama/host.ts');
  const host = readUrl('OLLAMA_HOST', () => ollamaUrl(given(options.env.OLLAMA_HOST) ?? config.host));
  const transport = await reach({ id, url: host }, options);
  const settings = options.config?.models?.[id];
  const { numCtx, keepAlive } = config;
  return createOllamaModel({ name, host, numCtx, keepAlive, settings, transport });
};

const openScripted: Opener = async ({ id, name }, options) => {
  const { openScriptedFile } = await import('./scripted/scripted-file.ts');
  return await openScriptedFile({ id, path: name, cwd: options.cwd, clock: options.clock });
};

const openLocal: Opener = async (model, options) => {
  const { openLocalModel } = await import('./local.ts');
  return await openLocalModel(model, options);
};

const openers: Readonly<Record<string, Opener>> = {
  local: openLocal,
  openai: openOpenAi,
  ollama: openOllama,
  anthropic: openAnthropic,
  scripted: openScripted,
};

/** An empty variable is how many shells unset one. */
const given = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

const readUrl = (variable: string, read: () => string): string => {
  try {
    return read();
  } catch (cause) {
    throw new AppError('configuration', `${variable} is no URL. Write it like http://127.0.0.1:8080.`, {
      cause,
    });
  }
};

/** The way to a host, if it may be spoken to. */
const reach = async (
  target: { readonly id: string; readonly url: string },
  options: OpenModelOptions,
): Promise<Transport> => {
  const { isLoopback } = await import('./http/loopback.ts');
  const local = isLoopback(target.url);
  if (options.offline === true && !local) {
    const host = new URL(target.url).host;
    const message = `${target.id} is at ${host}, and --offline allows only this machine. Use a local/… model, or go online.`;
    throw new AppError('offline', message);
  }
  if (!local) (await import('./http/proxy.ts')).useProxy(options.env);
  (await import('./http/parser-memory.ts')).delayParserOptimising();
  const transport = { clock: options.clock, random: options.random ?? Math.random };
  return options.fetch === undefined ? transport : { ...transport, fetch: options.fetch };
};
