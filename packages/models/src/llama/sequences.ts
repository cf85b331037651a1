import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';

/**
 * Sequences computed together. A CPU gains little from more, and each holds its own state in memory. All contexts have
 * the same number: the engine refuses a saved state from a context with another.
 */
export const sequenceCount = 4;

/** Tokens computed at once, at most: more gains nothing on a CPU. */
const batchSize = 128;

export type Sequences = {
  /**
   * The sequences, each with room for `tokens`; the first keeps the session's state, the others are for samples. May
   * replace them all, so the result is not kept between requests.
   */
  readonly reserve: (tokens: number) => Promise<readonly LlamaContextSequence[]>;
  /** The first sequence, if there is one yet. */
  readonly main: () => LlamaContextSequence | null;
  readonly dispose: () => Promise<void>;
};

type Open = { readonly context: LlamaContext; readonly sequences: readonly LlamaContextSequence[] };

/**
 * Memory is taken for the whole size at once (28 KB a token and sequence for a 1.5 B model), so it starts small and
 * doubles when a request needs more; the first sequence's state moves along.
 */
export const createSequences = (model: LlamaModel, window: number): Sequences => {
  let open: Open | null = null;
  const create = async (contextSize: number): Promise<Open> => {
    const context = await model.createContext({
      sequences: sequenceCount,
      contextSize,
      batchSize,
      threads: 1,
      // A sliding window would forget the prefix that the next request shares.
      swaFullCache: true,
      failedCreationRemedy: false,
    });
    return { context, sequences: Array.from({ length: sequenceCount }, () => context.getSequence()) };
  };
  return {
    reserve: async (tokens) => {
      if (open !== null && open.context.contextSize >= Math.min(tokens, window)) return open.sequences;
      const previous = open;
      open = await create(sizeFor(tokens, window));
      if (previous !== null) {
        await moveState(previous.sequences[0]!, open.sequences[0]!);
        await previous.context.dispose();
      }
      return open.sequences;
    },
    main: () => open?.sequences[0] ?? null,
    dispose: async () => {
      await open?.context.dispose();
    },
  };
};

const smallestSize = 2048;

const sizeFor = (tokens: number, window: number): number => {
  let size = smallestSize;
  while (size < tokens) size *= 2;
  return Math.min(size, window);
};

const moveState = async (from: LlamaContextSequence, to: LlamaContextSequence): Promise<void> => {
  if (from.nextTokenIndex > 0) await copyState(from, [to]);
};

/** Through a file, because that is the engine's only public way; the page cache makes it one of memory speed. */
export const copyState = async (
  from: LlamaContextSequence,
  targets: readonly LlamaContextSequence[],
): Promise<void> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tandem-state-'));
  try {
    const file = path.join(directory, 'state');
    await from.saveStateToFile(file);
    for (const target of targets) await target.loadStateFromFile(file, { acceptRisk: true });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
