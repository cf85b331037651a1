import { openModelOf } from '../compose.ts';
import { readyModel } from '../exec/ready-model.ts';
import { configOf } from './config-of.ts';
import type { CommandInput } from './run.ts';

/** A few hundred tokens: enough to time reading, short enough for a slow machine. */
const prompt = `Explain in a few sentences what this program does.\n${'total = total + price * count\n'.repeat(30)}`;
const answerTokens = 64;

/** Loads a model and measures how fast it reads and writes. */
export const modelDoctor = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  const config = await configOf(host, host.cwd);
  const typed = parsed.positionals[1] ?? (host.env.TANDEM_MODEL || config.model) ?? null;
  const id = await readyModel({ id: typed, offline: true, host, signal });
  host.err(`Loading ${id}\n`);
  const begun = performance.now();
  const model = await openModelOf(
    { env: host.env, config, cwd: host.cwd, offline: false, ephemeral: true },
    id,
  );
  try {
    const facts = await model.facts(signal);
    const loaded = performance.now();
    let first = 0;
    const { usage } = await model.generate(
      { messages: [{ role: 'user', text: prompt }], maxTokens: answerTokens, temperature: 0 },
      { signal, onText: () => (first ||= performance.now()) },
    );
    const ended = performance.now();
    first ||= ended;
    const result = {
      model: id,
      window: facts.contextWindow,
      strength: facts.strength,
      loadMs: Math.round(loaded - begun),
      readTokensPerSecond: rate(usage.in - usage.cached, first - loaded),
      writeTokensPerSecond: rate(usage.out - 1, ended - first),
    };
    if (parsed.switches.has('json')) host.out(`${JSON.stringify(result)}\n`);
    else host.out(describe(result));
    return 0;
  } finally {
    await model.close();
  }
};

const rate = (tokens: number, ms: number): number =>
  Math.round((Math.max(0, tokens) / Math.max(1, ms)) * 10_000) / 10;

const describe = (result: {
  readonly model: string;
  readonly window: number;
  readonly strength: string;
  readonly loadMs: number;
  readonly readTokensPerSecond: number;
  readonly writeTokensPerSecond: number;
}): string =>
  [
    `${result.model} (${result.strength}, window of ${result.window} tokens)`,
    `ready after ${(result.loadMs / 1000).toFixed(1)} s`,
    `reads ${result.readTokensPerSecond} tokens/s, writes ${result.writeTokensPerSecond} tokens/s`,
  ]
    .join('\n')
    .concat('\n');
