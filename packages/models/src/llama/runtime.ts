import { AppError } from '@tandem/protocol';
import type { Token } from 'node-llama-cpp';
import { type ChatFormat, chatFormatOf, type Piece } from './chat-format.ts';
import { type Gpu, type LoadedWeights, loadWeights } from './engine.ts';
import { createSequences, type Sequences } from './sequences.ts';
import { createThreadPilot, type ThreadPilot } from './thread-pilot.ts';

/** Loaded weights with the sequences that requests run on. Everything here is used by one request at a time. */
export type Runtime = LoadedWeights & {
  readonly format: ChatFormat;
  readonly window: number;
  readonly pilot: ThreadPilot;
  readonly tokenize: (pieces: readonly Piece[]) => Token[];
  readonly sequences: Sequences;
  readonly dispose: () => Promise<void>;
};

export const openRuntime = async (input: {
  readonly path: string;
  readonly gpu: Gpu;
  readonly maxContext: number;
  readonly threads: number | undefined;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Runtime> => {
  const loaded = await loadWeights(input);
  const { model, llama } = loaded;
  const window = Math.min(input.maxContext, model.trainContextSize);
  const sequences = createSequences(model, window);
  return {
    ...loaded,
    format: formatOf(loaded),
    window,
    pilot: createThreadPilot({ cores: llama.cpuMathCores, fixed: input.threads, log: input.log }),
    tokenize: (pieces) => {
      const tokens = pieces.flatMap((piece) => model.tokenize(piece.text, piece.special, 'trimLeadingSpace'));
      const bos = model.tokens.shouldPrependBosToken ? model.tokens.bos : null;
      return bos === null ? tokens : [bos, ...tokens];
    },
    sequences,
    dispose: async () => {
      await sequences.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
};

const formatOf = ({ model }: LoadedWeights): ChatFormat => {
  const { tokenizer, general } = model.fileInfo.metadata;
  const format = chatFormatOf(tokenizer?.chat_template, general?.architecture);
  if (format !== null) return format;
  throw new AppError(
    'model_unavailable',
    'these weights use a chat format that is not known here; use weights of the Qwen, Gemma, Llama 3 or another ChatML family, or serve them with Ollama',
  );
};
