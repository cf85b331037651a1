import { AppError } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../../src/index.ts';
import { oneTurn, user, viewOf, world } from '../support/harness.ts';

const isSummary = (request: GenerateRequest): boolean => request.tools === undefined;
const long = (size: number): string => 'lorem ipsum '.repeat(size / 12);
const sizeOf = (request: GenerateRequest): number => JSON.stringify(request).length / 4;

describe('compaction', () => {
  it('sums up at four fifths of the window and goes on', async () => {
    let steps = 0;
    const made = world({
      files: Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`f${index}`, long(6_000)])),
      instructions: 'Always be brief.',
      script: {
        facts: { contextWindow: 8_000, maxOutput: 500 },
        turns: (request) => {
          if (isSummary(request)) return { text: 'SUMMARY of what was read', usage: { in: 7, out: 3 } };
          steps += 1;
          if (steps === 1)
            return {
              calls: [
                {
                  name: 'todo',
                  arguments: { steps: [{ text: 'read all of it', status: 'in_progress' }] },
                },
                { name: 'write', arguments: { path: 'made.ts', text: 'x' } },
              ],
            };
          if (steps <= 9) return { calls: [{ name: 'read', arguments: { path: `f${steps - 2}` } }] };
          return { text: 'read it all' };
        },
      },
    });
    const { view, events } = await oneTurn(made, 'read every file please');
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'read it all' });
    const compactions = view.turns[0]?.items.filter((item) => item.type === 'compaction') ?? [];
    expect(compactions.length).toBeGreaterThan(0);
    expect(compactions.length).toBeLessThan(6);
    const last = made.model.requests.at(-1);
    expect(last?.messages[0]?.text).toContain('Always be brief.');
    const summary = last?.messages[1]?.text ?? '';
    for (const kept of ['SUMMARY', 'read every file please', 'read all of it', 'made.ts'])
      expect(summary).toContain(kept);
    for (const request of made.model.requests) expect(sizeOf(request)).toBeLessThan(8_000);
    // The log has lost nothing: every result is still there.
    expect(events.filter((event) => event.type === 'tool.completed')).toHaveLength(10);
    expect(view.usage.in).toBeGreaterThan(0);
  });

  it('compacts when the provider says the context is too long, and sums up by itself when the model cannot', async () => {
    let refused = false;
    const made = world({
      files: { a: long(20_000) },
      script: {
        turns: (request, index) => {
          if (isSummary(request)) return { error: new AppError('model_failed', 'no') };
          if (index === 0) return { calls: [{ name: 'read', arguments: { path: 'a' } }] };
          if (refused) return { text: 'fine' };
          refused = true;
          return { error: new AppError('model_overflow', 'too long') };
        },
      },
    });
    const { view } = await oneTurn(made, 'the request');
    expect(view.turns[0]).toMatchObject({ status: 'ok', answer: 'fine' });
    const item = view.turns[0]?.items.find((one) => one.type === 'compaction');
    expect(item?.type === 'compaction' && item.summary).toContain('call read');
    expect(made.model.requests.at(-1)?.messages[1]?.text).toContain('the request');
  });

  it('gives up with a clear error when nothing is left to shorten', async () => {
    const made = world({
      script: {
        turns: (request) =>
          isSummary(request) ? { text: 's' } : { error: new AppError('model_overflow', 'too long') },
      },
    });
    const { view } = await oneTurn(made);
    expect(view.turns[0]?.error).toMatchObject({ code: 'model_overflow' });
    expect(view.turns[0]?.error?.message).toContain('start a new session');
    expect(made.model.requests.length).toBeLessThan(8);
  });

  it('does not run away when the system prompt alone fills the window', async () => {
    const made = world({
      script: { facts: { contextWindow: 300, maxOutput: 100 }, turns: () => ({ text: 'x' }) },
    });
    const { view } = await oneTurn(made);
    expect(view.turns[0]?.error).toMatchObject({ code: 'model_overflow' });
    expect(made.model.requests.length).toBeLessThan(4);
  });

  it('leaves later turns the summary', async () => {
    let refused = false;
    const made = world({
      script: {
        turns: (request) => {
          if (isSummary(request)) return { text: 'SUMMARY' };
          if (request.messages.some((message) => message.text === 'second') && !refused) {
            refused = true;
            return { error: new AppError('model_overflow', 'too long') };
          }
          return { text: 'ok' };
        },
      },
    });
    const { session } = await oneTurn(made, 'first');
    for (const text of ['second', 'third']) {
      await made.engine.startTurn({ session, text, options: {}, actor: user });
      await made.engine.idle(session);
    }
    const view = await viewOf(made.engine, session);
    expect(view.turns.map((turn) => turn.status)).toEqual(['ok', 'ok', 'ok']);
    const texts = made.model.requests.at(-1)?.messages.map((message) => message.text) ?? [];
    expect(texts[1]).toContain('SUMMARY');
    expect(texts.slice(2)).toEqual(['ok', 'third']);
  });
});
