import { AppError, noUsage, type Usage } from '@tandem/protocol';
import type { Generated, GenerateOptions, GenerateRequest, Model, ModelFacts } from '../ports.ts';

/** What the model says at one request: text, calls, an error, or something that looks at the request first. */
export type ScriptedTurn = {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: unknown; readonly id?: string }[];
  readonly stop?: Generated['stop'];
  readonly usage?: Partial<Usage>;
  readonly error?: AppError;
  /** Answers only when this resolves; an abort is obeyed meanwhile. */
  readonly until?: Promise<unknown>;
};

export type Script = {
  readonly id?: string;
  readonly turns:
    | readonly ScriptedTurn[]
    | ((request: GenerateRequest, index: number) => ScriptedTurn | Promise<ScriptedTurn>);
  readonly facts?: Partial<ModelFacts>;
};

export type ScriptedModel = Model & { readonly requests: readonly GenerateRequest[] };

const defaultFacts: ModelFacts = {
  contextWindow: 100_000,
  maxOutput: 4_000,
  nativeTools: true,
  strength: 'strong',
  local: true,
};

/** A Model that plays a script: one entry a request, in order; past the end it says "done". */
export const scriptedModel = (script: Script): ScriptedModel => {
  const requests: GenerateRequest[] = [];
  const play = async (request: GenerateRequest, options: GenerateOptions): Promise<Generated> => {
    options.signal.throwIfAborted();
    const index = requests.push(request) - 1;
    const { turns } = script;
    const turn =
      typeof turns === 'function' ? await turns(request, index) : (turns[index] ?? { text: 'done' });
    if (turn.until !== undefined) await orAbort(turn.until, options.signal);
    if (turn.error !== undefined) throw turn.error;
    options.signal.throwIfAborted();
    const text = turn.text ?? '';
    for (const piece of text.match(/\S+\s*|\s+/g) ?? []) options.onText?.(piece);
    const toolCalls = (turn.calls ?? []).map((call, at) => ({
      id: call.id ?? `call_${index}_${at}`,
      name: call.name,
      arguments: call.arguments,
    }));
    return {
      text,
      ...(turn.reasoning === undefined ? {} : { reasoning: turn.reasoning }),
      toolCalls,
      stop: turn.stop ?? (toolCalls.length > 0 ? 'tool' : 'end'),
      usage: {
        ...noUsage,
        in: countTokens(JSON.stringify(request.messages)),
        out: countTokens(text),
        ...turn.usage,
      },
    };
  };
  return {
    id: script.id ?? 'scripted/memory',
    requests,
    facts: async () => ({ ...defaultFacts, ...script.facts }),
    generate: play,
    samples: async function* (request, { seeds, signal }) {
      for (const seed of seeds) yield await play({ ...request, seed }, { signal });
    },
    countTokens,
    close: async () => {},
  };
};

const countTokens = (text: string): number => Math.ceil(text.length / 4);

const orAbort = (promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason ?? new AppError('interrupted', 'interrupted'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
