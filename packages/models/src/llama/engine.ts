import { AppError } from '@tandem/protocol';
import type { Llama, LlamaModel } from 'node-llama-cpp';

export type Engine = typeof import('node-llama-cpp');
export type LoadedWeights = {
  readonly engine: Engine;
  readonly llama: Llama;
  readonly model: LlamaModel;
};

export type Gpu = 'auto' | 'cuda' | 'vulkan' | 'metal' | false;

/**
 * Loads the engine's prebuilt binary, then the weights. Never builds, never downloads, prints nothing.
 * @throws AppError model_unavailable, saying what to do
 */
export const loadWeights = async (input: {
  readonly path: string;
  readonly gpu: Gpu;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<LoadedWeights> => {
  const engine = await importEngine();
  const llama = await openLlama(engine, input);
  try {
    const model = await llama.loadModel({ modelPath: input.path, loadSignal: input.signal });
    return { engine, llama, model };
  } catch (cause) {
    input.signal.throwIfAborted();
    throw new AppError(
      'model_unavailable',
      `the weights ${input.path} do not load (${firstLine(cause)}); run "tandem model pull" to fetch them again`,
      { cause },
    );
  }
};

const importEngine = async (): Promise<Engine> => {
  try {
    return await import('node-llama-cpp');
  } catch (cause) {
    throw new AppError(
      'model_unavailable',
      'the embedded engine is not installed; run "npm ci" in the folder of tandem',
      { cause },
    );
  }
};

const openLlama = async (
  engine: Engine,
  input: { readonly gpu: Gpu; readonly log: (line: string) => void },
): Promise<Llama> => {
  try {
    return await engine.getLlama({
      gpu: input.gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: engine.LlamaLogLevel.error,
      logger: (_level, message) => input.log(message.trimEnd()),
      // Threads are chosen by measuring; a limit here would silently change what was measured.
      maxThreads: 0,
    });
  } catch (cause) {
    throw new AppError(
      'model_unavailable',
      `no engine binary works on this machine (${process.platform}-${process.arch}: ${firstLine(cause)}); run "tandem model engine" to see which are installed`,
      { cause },
    );
  }
};

const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.slice(0, 200);
