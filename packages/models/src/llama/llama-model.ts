import type { Generated, GenerateOptions, GenerateRequest, Message, Model, ModelFacts } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { LlamaGrammar, Token } from 'node-llama-cpp';
import { createChannel } from './channel.ts';
import { renderChat } from './chat-format.ts';
import type { Gpu } from './engine.ts';
import { estimateTokens } from './estimate.ts';
import { stateIdentity } from './identity.ts';
import { createKvStore, type KvStore } from './kv-store.ts';
import { openLane, prefillOf } from './lane.ts';
import { keepCommonPrefix, preparePrompt, refuseOverflow, worthKeeping } from './prompt.ts';
import { createQueue } from './queue.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import { decodeSamples } from './samples.ts';
import { scoreCompletions } from './score.ts';

export type LlamaModelOptions = {
  readonly id: string;
  /** The GGUF file. */
  readonly path: string;
  /** Billions. */
  readonly parameters: number;
  /** Of the file, where known; else its size and time of change tell saved states apart. */
  readonly sha256?: string;
  /** Where computed prompts are kept for other processes; null keeps none. */
  readonly stateDir: string | null;
  /** Tokens; the default keeps the state of a small model under 250 MB. */
  readonly maxContext?: number;
  /** A fixed count instead of measuring. */
  readonly threads?: number;
  readonly gpu?: Gpu;
  /** Diagnostics, one line each. */
  readonly log?: (line: string) => void;
};

/** Weights in this process. Nothing is loaded before the first call that needs it; one request runs at a time. */
export const createLlamaModel = (options: LlamaModelOptions): Model => {
  const mind = new EmbeddedMind(options);
  return {
    id: options.id,
    facts: (signal) => mind.facts(signal),
    generate: (request, generateOptions) => mind.generate(request, generateOptions),
    samples: (request, sampleOptions) => mind.samples(request, sampleOptions),
    score: (input, scoreOptions) => mind.score(input, scoreOptions),
    countTokens: (text) => mind.countTokens(text),
    close: () => mind.close(),
  };
};

/** Requests that may wait; a caller with more is in a loop. */
const maxWaiting = 64;
const maxSeeds = 64;
const defaultMaxContext = 8192;
/** Of the last conversation, this much is kept for the next process: 60 MB of a 1.5 B model. */
const maxKeptTokens = 2048;
const small = 4;

type Prepared = {
  readonly runtime: Runtime;
  readonly tokens: readonly Token[];
  readonly stable: number;
  readonly grammar: LlamaGrammar | null;
};

class EmbeddedMind {
  readonly #options: LlamaModelOptions;
  readonly #queue = createQueue(maxWaiting);
  readonly #closing = new AbortController();
  #runtime: Promise<Runtime> | null = null;
  #loaded: Runtime | null = null;
  #store: KvStore | null = null;

  constructor(options: LlamaModelOptions) {
    this.#options = options;
  }

  async facts(signal: AbortSignal): Promise<ModelFacts> {
    const runtime = this.#loaded ?? (await this.#queue.run(signal, () => this.#open()));
    return {
      contextWindow: runtime.window,
      maxOutput: Math.floor(runtime.window / 2),
      nativeTools: false,
      strength: this.#options.parameters <= small ? 'small' : 'strong',
      parameters: this.#options.parameters,
      local: true,
    };
  }

  generate(request: GenerateRequest, options: GenerateOptions): Promise<Generated> {
    const { signal } = options;
    const onText = options.onText && ((text: string) => signal.aborted || options.onText?.(text));
    return this.#queue.run(signal, async () => {
      const prepared = await this.#prepare(request);
      const { runtime, tokens } = prepared;
      const { sequence, reused } = await this.#load(prepared, request.maxTokens, signal);
      const lane = openLane({
        runtime,
        sequence,
        last: tokens.at(-1)!,
        request,
        seed: request.seed ?? 0,
        grammar: prepared.grammar,
        promptTokens: tokens.length,
        guesses: true,
        reused,
        ...(onText === undefined ? {} : { onText }),
      });
      try {
        while (true) {
          signal.throwIfAborted();
          const { answer } = await runtime.pilot.step(sequence.context, 'decode', lane.step);
          if (answer !== null) return answer;
        }
      } finally {
        await lane.stop();
      }
    });
  }

  async *samples(
    request: GenerateRequest,
    options: { readonly seeds: readonly number[]; readonly signal: AbortSignal },
  ): AsyncGenerator<Generated> {
    if (options.seeds.length === 0) return;
    if (options.seeds.length > maxSeeds)
      throw new AppError('usage', `ask for at most ${maxSeeds} samples at once`);
    const ended = new AbortController();
    const signal = AbortSignal.any([options.signal, ended.signal]);
    const channel = createChannel<Generated>();
    const work = this.#queue.run(signal, async () => {
      const prepared = await this.#prepare(request);
      const { sequences, reused } = await this.#load(prepared, request.maxTokens, signal);
      const input = { ...prepared, request, sequences, seeds: options.seeds, reused, signal };
      for await (const answer of decodeSamples(input)) channel.push(answer);
    });
    work.then(channel.end, channel.fail);
    try {
      yield* channel.read();
    } finally {
      ended.abort();
    }
  }

  score(
    input: { readonly messages: readonly Message[]; readonly completions: readonly string[] },
    { signal }: { readonly signal: AbortSignal },
  ): Promise<readonly number[]> {
    return this.#queue.run(signal, async () => {
      const prepared = await this.#prepare({ messages: input.messages, maxTokens: 1 });
      const { runtime, tokens } = prepared;
      const completions = input.completions.map((text) => runtime.model.tokenize(text));
      const longest = Math.max(0, ...completions.map((completion) => completion.length));
      refuseOverflow({ prompt: tokens.length, maxTokens: longest, window: runtime.window });
      const { sequence } = await this.#load(prepared, longest, signal);
      return scoreCompletions({ runtime, sequence, prompt: tokens, completions, signal });
    });
  }

  countTokens(text: string): number {
    return this.#loaded?.model.tokenize(text).length ?? estimateTokens(text);
  }

  /** Keeps the state of the conversation for the next process, then frees the memory. May be called twice. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#queue.idle();
    this.#closing.abort(new AppError('model_unavailable', `the model ${this.#options.id} is closed`));
    const runtime = this.#loaded;
    if (runtime === null) return;
    await this.#keepConversation(runtime);
    this.#loaded = null;
    await runtime.dispose();
  }

  #open(): Promise<Runtime> {
    this.#closing.signal.throwIfAborted();
    this.#runtime ??= this.#openOnce().catch((error: unknown) => {
      this.#runtime = null;
      throw error;
    });
    return this.#runtime;
  }

  async #openOnce(): Promise<Runtime> {
    const { path, stateDir, threads, sha256, gpu = false, log = () => {} } = this.#options;
    const maxContext = this.#options.maxContext ?? defaultMaxContext;
    const signal = this.#closing.signal;
    const runtime = await openRuntime({ path, gpu, maxContext, threads, log, signal });
    if (stateDir !== null) {
      const engineVersion = `${await runtime.engine.getModuleVersion()}:${gpu}`;
      const identity = await stateIdentity({ path, sha256, engineVersion });
      this.#store = createKvStore({ directory: stateDir, identity, log });
    }
    this.#loaded = runtime;
    return runtime;
  }

  /** Tokens of the prompt, checked to fit before anything is computed. */
  async #prepare(request: GenerateRequest): Promise<Prepared> {
    const runtime = await this.#open();
    const { messages, tools = [] } = request;
    const chat = renderChat({ format: runtime.format, messages, tools });
    const stable = runtime.tokenize(chat.pieces.slice(0, chat.stablePieces)).length;
    const prefill = prefillOf(request);
    const tokens = [
      ...runtime.tokenize(chat.pieces),
      ...(prefill === '' ? [] : runtime.model.tokenize(prefill)),
    ];
    refuseOverflow({ prompt: tokens.length, maxTokens: request.maxTokens, window: runtime.window });
    return { runtime, tokens, stable, grammar: await this.#grammarOf(runtime, request) };
  }

  async #load({ runtime, tokens, stable }: Prepared, maxTokens: number, signal: AbortSignal) {
    const sequences = await runtime.sequences.reserve(tokens.length + maxTokens);
    const sequence = sequences[0]!;
    const store = this.#store;
    const reused = await preparePrompt({ runtime, sequence, tokens, stable, store, signal });
    return { sequence, sequences, reused };
  }

  /** A schema that no grammar can be made of is left to the prompt: the caller checks the answer anyway. */
  async #grammarOf(runtime: Runtime, request: GenerateRequest): Promise<LlamaGrammar | null> {
    if (request.schema === undefined) return null;
    try {
      return await runtime.llama.createGrammarForJsonSchema(request.schema as never);
    } catch (error) {
      this.#options.log?.(`no grammar for the schema: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }

  async #keepConversation(runtime: Runtime): Promise<void> {
    const sequence = runtime.sequences.main();
    if (this.#store === null || sequence === null) return;
    const kept = sequence.contextTokens.slice(0, maxKeptTokens);
    const known = await this.#store.find(kept);
    if (kept.length < (known?.common ?? 0) + worthKeeping) return;
    if ((await keepCommonPrefix(sequence, kept)) === kept.length) await this.#store.save(sequence, kept);
  }
}
