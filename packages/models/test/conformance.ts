import type { GenerateRequest, Model } from '@tandem/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScriptedTurn } from '../src/scripted/script.ts';

/** A model that will give these answers, in this order. */
export type ConformanceSubject = {
  readonly name: string;
  readonly open: (turns: readonly ScriptedTurn[]) => Promise<{
    readonly model: Model;
    readonly dispose: () => Promise<void>;
  }>;
  /** False where the provider has no ids for calls and the model makes them. */
  readonly keepsCallIds: boolean;
};

export const request = (text: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [
    { role: 'system', text: 'You fix code.' },
    { role: 'user', text },
  ],
  maxTokens: 200,
  ...more,
});

export const readTool = {
  name: 'read',
  description: 'Reads a file.',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string' }, limit: { type: 'integer' } },
    required: ['path'],
  },
};

const never = new AbortController().signal;

const call = { id: 'call_a', name: 'read', arguments: { path: 'src/ä.ts', limit: 3 } };

/** What every implementation of the Model port must do. */
export const modelConformance = (subject: ConformanceSubject): void => {
  describe(`Model: ${subject.name}`, () => {
    const disposals: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const dispose of disposals.splice(0)) await dispose();
    });
    const open = async (...turns: readonly ScriptedTurn[]): Promise<Model> => {
      const opened = await subject.open(turns);
      disposals.push(opened.dispose);
      return opened.model;
    };

    it('tells a window, an output limit and a strength, the same at each call', async () => {
      const model = await open();
      const facts = await model.facts(never);
      expect(facts.contextWindow).toBeGreaterThan(1_000);
      expect(facts.maxOutput).toBeLessThanOrEqual(facts.contextWindow);
      expect(await model.facts(never)).toEqual(facts);
    });

    it('streams the text that it returns, with usage', async () => {
      const model = await open({ text: 'Grüße 🌍, done.\n', usage: { in: 40, cached: 0, out: 9 } });
      const parts: string[] = [];
      const result = await model.generate(request('hello'), {
        signal: never,
        onText: (text) => parts.push(text),
      });
      expect(parts.join('')).toBe('Grüße 🌍, done.\n');
      expect(result).toEqual({
        text: 'Grüße 🌍, done.\n',
        toolCalls: [],
        stop: 'end',
        usage: { in: 40, cached: 0, out: 9, costUsd: expect.any(Number) },
      });
    });

    it('returns tool calls with whole arguments and distinct ids', async () => {
      const second = { id: 'call_b', name: 'read', arguments: { path: 'b' } };
      const model = await open({ text: 'Looking.', toolCalls: [call, second] });
      const result = await model.generate(request('look', { tools: [readTool] }), { signal: never });
      expect(result.stop).toBe('tool');
      expect(result.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given }))).toEqual([
        { name: 'read', arguments: { path: 'src/ä.ts', limit: 3 } },
        { name: 'read', arguments: { path: 'b' } },
      ]);
      const ids = result.toolCalls.map((one) => one.id);
      expect(new Set(ids).size).toBe(2);
      if (subject.keepsCallIds) expect(ids).toEqual(['call_a', 'call_b']);
    });

    it('says when the answer was cut for length', async () => {
      const model = await open({ text: 'half an', stop: 'length' });
      expect((await model.generate(request('x'), { signal: never })).stop).toBe('length');
    });

    it('refuses what does not fit before it is asked', async () => {
      const model = await open({ text: 'never said' });
      const { contextWindow } = await model.facts(never);
      const long = request('word '.repeat(contextWindow));
      await expect(model.generate(long, { signal: never })).rejects.toMatchObject({ code: 'model_overflow' });
      // The answer is still there: nothing was used up.
      expect((await model.generate(request('x'), { signal: never })).text).toBe('never said');
    });

    it('rejects with the reason of a signal that is aborted already', async () => {
      const model = await open({ text: 'a' });
      const reason = new Error('stop it');
      await expect(model.generate(request('x'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('yields one result per seed', async () => {
      const model = await open({ text: 'a' }, { text: 'b' }, { text: 'c' });
      const texts: string[] = [];
      for await (const result of model.samples(request('x'), { seeds: [1, 2, 3], signal: never })) {
        texts.push(result.text);
      }
      expect(texts.toSorted()).toEqual(['a', 'b', 'c']);
    });

    it('fails a request after it was closed', async () => {
      const model = await open({ text: 'a' });
      await model.close();
      await expect(model.generate(request('x'), { signal: never })).rejects.toMatchObject({
        code: 'interrupted',
      });
    });

    it('counts more tokens for more text, and never none', async () => {
      const model = await open();
      const short = model.countTokens('const a = 1;');
      expect(short).toBeGreaterThan(0);
      expect(model.countTokens('const a = 1;\n'.repeat(50))).toBeGreaterThan(short * 30);
    });
  });
};
