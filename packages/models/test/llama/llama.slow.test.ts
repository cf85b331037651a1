import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Generated, GenerateRequest, Message } from '@tandem/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createLlamaModel } from '../../src/llama/llama-model.ts';

const weights = process.env.TANDEM_TEST_WEIGHTS ?? '';
const present = existsSync(weights);
if (!present) console.warn(`skipped: no weights at ${weights}; set TANDEM_TEST_WEIGHTS to a GGUF file`);

const never = new AbortController().signal;
const rules = Array.from(
  { length: 40 },
  (_, index) => `Rule ${index + 1}: keep function number ${index + 1} short and name it well.`,
);
const system: Message = { role: 'system', text: `You write code.\n${rules.join('\n')}` };
const ask = (text: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [system, { role: 'user', text }],
  maxTokens: 24,
  temperature: 0,
  ...more,
});

describe.skipIf(!present)('the embedded mind', () => {
  const model = createLlamaModel({
    id: 'local/test',
    path: weights,
    parameters: 1.5,
    stateDir: null,
    log: (line) => console.log(line),
  });
  afterAll(() => model.close());

  it('over-estimates tokens before it is loaded, and knows its window', async () => {
    const text = rules.join('\n');
    const before = model.countTokens(text);
    expect(await model.facts(never)).toEqual({
      contextWindow: 8192,
      maxOutput: 4096,
      nativeTools: false,
      strength: 'small',
      parameters: 1.5,
      local: true,
    });
    expect(before).toBeGreaterThan(model.countTokens(text));
  });

  it('streams, is greedy at temperature 0 and reuses the prompt, also for another request', async () => {
    let streamed = '';
    const first = await model.generate(ask('Write isEven(n) in JavaScript.'), {
      signal: never,
      onText: (text) => {
        streamed += text;
      },
    });
    expect(streamed).toBe(first.text);
    expect(first).toMatchObject({ stop: 'length', usage: { cached: 0, out: 24 } });
    const again = await model.generate(ask('Write isEven(n) in JavaScript.'), { signal: never });
    expect(again.text).toBe(first.text);
    expect(again.usage.cached).toBe(again.usage.in - 1);
    const other = await model.generate(ask('Write isOdd(n) in Python.'), { signal: never });
    expect(other.usage.cached).toBeGreaterThan(500);
    expect(other.usage.in - other.usage.cached).toBeLessThan(40);
  });

  it('writes repeated text as it would without guessing it', async () => {
    const file = rules.slice(0, 12).join('\n');
    const text = `Repeat these lines exactly, nothing else.\n${file}`;
    const messages: readonly Message[] = [{ role: 'user', text }];
    const guessed = await model.generate({ messages, maxTokens: 120, temperature: 0 }, { signal: never });
    // All but greedy, and on the path that guesses nothing.
    const drawn = await model.generate({ messages, maxTokens: 120, temperature: 1e-6 }, { signal: never });
    expect(guessed.text).toBe(drawn.text);
    expect(guessed.usage.out).toBe(drawn.usage.out);
  });

  it('goes on from a prefill, stops at a stop string and follows a schema', async () => {
    const request = ask('Write isEven(n) in JavaScript.', {
      prefill: '```js\nfunction isEven(',
      stop: ['```\n', '\n```'],
      maxTokens: 80,
    });
    const code = await model.generate(request, { signal: never });
    expect(code.text).toMatch(/^```js\nfunction isEven\([^)]*\) \{/);
    expect(code.text.slice(5)).not.toContain('```');
    expect(code.stop).toBe('end');
    const schema = {
      type: 'object',
      properties: { file: { enum: ['a.js', 'b.js'] }, why: { type: 'string', maxLength: 20 } },
      required: ['file', 'why'],
    };
    const answer = await model.generate(ask('b.js is broken. Which file?', { schema }), { signal: never });
    expect(JSON.parse(answer.text)).toMatchObject({ file: 'b.js' });
  });

  it('draws different samples from one computed prompt, and gives each as it is done', async () => {
    const request = ask('Name an animal and say a sentence about it.', { temperature: 1, maxTokens: 16 });
    const samples: Generated[] = [];
    for await (const sample of model.samples(request, { seeds: [1, 2, 3], signal: never }))
      samples.push(sample);
    expect(samples).toHaveLength(3);
    expect(new Set(samples.map(({ text }) => text)).size).toBeGreaterThan(1);
    const fresh = samples.map(({ usage }) => usage.in - usage.cached);
    expect(fresh.filter((tokens) => tokens === 1)).toHaveLength(2);

    for await (const sample of model.samples(request, { seeds: [1, 2, 3, 4, 5, 6], signal: never })) {
      expect(sample.usage.out).toBeGreaterThan(0);
      break;
    }
    const after = await model.generate(ask('Say yes.', { maxTokens: 2 }), { signal: never });
    expect(after.usage.out).toBeGreaterThan(0);
  });

  it('scores the right completion highest', async () => {
    const messages: readonly Message[] = [
      { role: 'user', text: 'Answer with the number only: what is 2+2?' },
    ];
    const completions = ['5', '4', 'banana', '44'];
    const scores = await model.score!({ messages, completions }, { signal: never });
    expect(scores.indexOf(Math.max(...scores))).toBe(1);
    const alone = await model.score!({ messages, completions: ['4'] }, { signal: never });
    expect(alone[0]).toBeCloseTo(scores[1]!, 1);
    expect(scores.every((score) => score < 0)).toBe(true);
  });

  it('rejects within 200 ms of an abort, while prompting and while writing, and works after it', async () => {
    const long = rules.concat(rules, rules).join('\n');
    for (const [text, delay] of [
      [long, 300],
      ['Count to a thousand.', 2500],
    ] as const) {
      const stop = new AbortController();
      const running = model.generate(ask(text, { maxTokens: 400 }), { signal: stop.signal });
      const failed = running.catch((error: unknown) => ({ error, at: performance.now() }));
      await new Promise((resolve) => setTimeout(resolve, delay));
      const start = performance.now();
      stop.abort(new Error('stop'));
      const outcome = await failed;
      if (!('at' in outcome)) throw new Error('it ended before the abort');
      expect(String(outcome.error)).toBe('Error: stop');
      expect(outcome.at - start).toBeLessThan(200);
    }
    const after = await model.generate(ask('Say yes.', { maxTokens: 2 }), { signal: never });
    expect(after.usage.out).toBeGreaterThan(0);
  });

  it('refuses what cannot fit before computing anything', async () => {
    const start = performance.now();
    const failed = model.generate(ask('Hi', { maxTokens: 9000 }), { signal: never });
    await expect(failed).rejects.toMatchObject({ code: 'model_overflow' });
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe.skipIf(!present)('another process', () => {
  it('goes on from the saved state of the system message, and says the same', async () => {
    const stateDir = await mkdtemp(path.join(os.tmpdir(), 'tandem-state-test-'));
    try {
      const first = await generateElsewhere(stateDir);
      const second = await generateElsewhere(stateDir);
      expect(first.usage.cached).toBe(0);
      expect(second.usage.cached).toBeGreaterThan(500);
      expect(second.text).toBe(first.text);
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});

const program = (input: { readonly stateDir: string; readonly request: GenerateRequest }): string => `
  import { createLlamaModel } from ${JSON.stringify(new URL('../../src/llama/llama-model.ts', import.meta.url).href)};
  const options = { id: 'local/test', path: ${JSON.stringify(weights)}, parameters: 1.5 };
  const model = createLlamaModel({ ...options, stateDir: ${JSON.stringify(input.stateDir)} });
  const answer = await model.generate(${JSON.stringify(input.request)}, { signal: new AbortController().signal });
  await model.close();
  console.log(JSON.stringify(answer));
`;

/** From a file: the engine tries its binary in a fork, which would inherit `-e`. */
const generateElsewhere = async (stateDir: string): Promise<Generated> => {
  const file = path.join(stateDir, 'program.mjs');
  await writeFile(file, program({ stateDir, request: ask('Write isEven(n) in JavaScript.') }));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return JSON.parse(stdout) as Generated;
};
