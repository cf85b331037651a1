import type { Message, ModelFacts, StopReason, ToolSpec } from '@tandem/core';
import type { Peer } from '../http/failure.ts';

/** What a wire sends: fitted to the window, tools already turned into text where the server takes none. */
export type WireRequest = {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly prefill?: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly facts: ModelFacts;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
};

/** What the reader of a stream is given. */
export type StreamInput = {
  readonly peer: Peer;
  readonly prefill: string;
  readonly onText: (text: string) => void;
  /** Called at the first sign of an answer: from then on a retry would say things twice. */
  readonly commit: () => void;
};

export type WireTokens = {
  /** All of the prompt, cached or not. */
  readonly in: number;
  readonly cached: number;
  /** The part of `in` that was written to a cache, where that has a price of its own. */
  readonly cacheWritten?: number;
  readonly out: number;
};

export type WireCall = { readonly id?: string; readonly name: string; readonly arguments: unknown };

export type WireAnswer = {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly WireCall[];
  readonly stop: StopReason;
  /** Absent when the server does not say. */
  readonly tokens?: WireTokens;
};

/** One provider's way to speak: what differs between servers, and nothing else. */
export type Wire = {
  /** @throws AppError model_unavailable when nothing answers, the key is refused or the model is unknown */
  readonly probe: (signal: AbortSignal) => Promise<ModelFacts>;
  /** Streams one answer, with its own retries. */
  readonly send: (request: WireRequest) => Promise<WireAnswer>;
};

/** What a person may say about a model; it wins over what is probed. */
export type ModelSettings = {
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  readonly nativeTools?: boolean;
  readonly strength?: 'small' | 'strong';
  /** Billions. */
  readonly parameters?: number;
};
