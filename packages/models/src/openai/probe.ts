import type { ModelFacts } from '@tandem/core';
import { isLoopback } from '../http/loopback.ts';
import { probeJson } from '../http/transport.ts';
import { cautious, hostedLimits } from '../provider/hosted.ts';
import { asCount, asList, asObject, type Json } from '../provider/json.ts';
import { parametersInName, strengthOf } from '../provider/strength.ts';
import { isOpenAi, type OpenAiServer } from './server.ts';

/** Asked before the first request: a server that is slow to say what it is gets the cautious window. */
const patienceMs = 2_000;
/** What Ollama gives a model by default, whatever the model could take: over `/v1` it cannot be set. */
const ollamaDefault = 4_096;

type Found = { readonly window?: number | undefined; readonly parameters?: number | undefined };

/** What an OpenAI-compatible server tells about its model, asked of every make at once. */
export const createProbe = (server: OpenAiServer) => {
  let prefill = false;
  const root = server.baseUrl.replace(/\/v1$/, '');
  const ask = async (url: string, signal: AbortSignal, body?: object): Promise<Json> => {
    const { peer, headers, transport } = server;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const method = body === undefined ? 'GET' : 'POST';
    const request = { peer, url, method, headers, signal, firstByteMs: patienceMs, ...content } as const;
    return asObject(await probeJson(transport, request));
  };

  const probed = async (signal: AbortSignal): Promise<Found> => {
    const models = ask(`${server.baseUrl}/models`, signal);
    // Only a server of one's own is asked questions that are no part of the API it says it speaks.
    const own = isLoopback(server.baseUrl);
    const none = Promise.resolve<Json>({});
    const [list, props, studio, show, running] = await Promise.all([
      models,
      own ? ask(`${root}/props`, signal) : none,
      own ? ask(`${root}/api/v0/models/${encodeURIComponent(server.name)}`, signal) : none,
      own ? ask(`${root}/api/show`, signal, { model: server.name }) : none,
      own ? ask(`${root}/api/ps`, signal) : none,
    ]);
    const llama = fromProps(props);
    prefill = llama.window !== undefined;
    const found = [
      llama,
      fromOllama(server.name, show, running),
      fromStudio(studio),
      fromList(server.name, list),
    ];
    return {
      window: found.find((one) => one.window !== undefined)?.window,
      parameters: found.find((one) => one.parameters !== undefined)?.parameters,
    };
  };

  const facts = async (signal: AbortSignal): Promise<ModelFacts> => {
    const { settings } = server;
    const known = hostedLimits(server.id);
    const skip = settings.contextWindow !== undefined || (isOpenAi(server) && known !== null);
    const found: Found = skip ? {} : await probed(signal);
    const contextWindow =
      settings.contextWindow ?? found.window ?? known?.contextWindow ?? cautious.contextWindow;
    const parameters = settings.parameters ?? parametersInName(server.name) ?? found.parameters;
    const maxOutput =
      settings.maxOutput ?? known?.maxOutput ?? Math.max(1_024, Math.floor(contextWindow / 2));
    return {
      contextWindow,
      maxOutput: Math.min(maxOutput, contextWindow),
      nativeTools: settings.nativeTools ?? true,
      strength: settings.strength ?? strengthOf(parameters),
      ...(parameters === undefined ? {} : { parameters }),
      local: isLoopback(server.baseUrl),
    };
  };

  return { facts, takesPrefill: (): boolean => prefill };
};

/** llama.cpp: the window of one slot, as it was started. */
const fromProps = (props: Json): Found => ({
  window: asCount(asObject(props.default_generation_settings).n_ctx),
});

/** LM Studio: what the loaded instance was given, not what the model could take. */
const fromStudio = (studio: Json): Found => ({
  window: asCount(studio.loaded_context_length) ?? asCount(studio.max_context_length),
});

const isNamed = (entry: Json, name: string): boolean =>
  [entry.id, entry.name, entry.model].some((one) => one === name || one === `${name}:latest`);

/** vLLM, OpenRouter, LM Studio and llama.cpp each put it elsewhere in their list of models. */
const fromList = (name: string, list: Json): Found => {
  const entries = asList(list.data).map(asObject);
  const entry = entries.find((one) => isNamed(one, name)) ?? (entries.length === 1 ? entries[0]! : {});
  const meta = asObject(entry.meta);
  const count = asCount(meta.n_params);
  return {
    window:
      asCount(entry.max_model_len) ??
      asCount(entry.loaded_context_length) ??
      asCount(entry.context_length) ??
      asCount(entry.context_window) ??
      asCount(meta.n_ctx),
    parameters: count === undefined ? undefined : count / 1e9,
  };
};

/** Ollama behind `/v1`: what is loaded, else what the Modelfile sets, else its silent default. */
const fromOllama = (name: string, show: Json, running: Json): Found => {
  const size = asObject(show.details).parameter_size;
  if (show.details === undefined || show.model_info === undefined) return {};
  const loaded = asList(running.models)
    .map(asObject)
    .find((one) => isNamed(one, name));
  return {
    window: asCount(loaded?.context_length) ?? ollamaContext(show).set ?? ollamaDefault,
    parameters: typeof size === 'string' ? parametersInName(size) : undefined,
  };
};

/** Out of `/api/show`: the window the model was made for, and the one its Modelfile sets. */
export const ollamaContext = (
  show: Json,
): { readonly most: number | undefined; readonly set: number | undefined } => {
  const info = Object.entries(asObject(show.model_info));
  const most = info.find(([key]) => key.endsWith('.context_length'))?.[1];
  const set = /^\s*num_ctx\s+(\d+)/m.exec(typeof show.parameters === 'string' ? show.parameters : '')?.[1];
  return { most: asCount(most), set: set === undefined ? undefined : Number(set) };
};
