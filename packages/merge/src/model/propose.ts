import type { Model } from '@tandem/core';
import type { Hunk, ProposeHunk } from '../merge.ts';
import { type Order, type Question, questionAbout } from './prompt.ts';

const orders: readonly Order[] = ['ours first', 'theirs first'];
/** A merged hunk is about as long as both sides together; a longer answer is a lecture. */
const tokensPerCharacter = 0.5;
const leastTokens = 64;

/**
 * Asks twice, with the sides in one order and in the other, and proposes what it wrote both times. A model that is led by
 * the order has no opinion; a text that only one side wrote is no merge, and not proposed.
 */
export const createProposer =
  (model: Model): ProposeHunk =>
  async (question, { signal }) => {
    const nothing = { by: model.id, texts: [] };
    const written: string[] = [];
    for (const order of orders) {
      const text = await write(model, { question, order, signal }).catch(silence);
      if (text === null) return nothing;
      written.push(text);
    }
    const [one = '', other = ''] = written;
    return sameText(one, other) && !isOneSide(question.hunk, one) ? { by: model.id, texts: [one] } : nothing;
  };

/** A request that failed is no answer. A model that cannot be had at all is for the person to put right. */
const silence = (error: unknown): null => {
  const { code } = error as { readonly code?: unknown };
  if (code === 'model_failed' || code === 'model_overflow') return null;
  throw error;
};

const write = async (
  model: Model,
  {
    question,
    order,
    signal,
  }: { readonly question: Question; readonly order: Order; readonly signal: AbortSignal },
): Promise<string | null> => {
  const messages = questionAbout(question, order);
  if (messages === null) return null;
  const { ours, theirs } = question.hunk;
  const maxTokens = leastTokens + Math.ceil((ours.length + theirs.length) * tokensPerCharacter);
  const { text, stop } = await model.generate({ messages, maxTokens, temperature: 0 }, { signal });
  return stop === 'length' ? null : codeIn(text, ours + theirs);
};

/** What stands in the one code block of an answer, with the line ends of what it is for. */
export const codeIn = (answer: string, like: string): string | null => {
  const blocks = [...answer.matchAll(/^(`{3,})[^\n`]*\n([\s\S]*?)^\1[ \t]*$/gm)];
  const [block] = blocks;
  if (blocks.length !== 1 || block === undefined) return null;
  const lines = block[2] ?? '';
  const text = like.endsWith('\n') ? lines : lines.replace(/\n$/, '');
  return like.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text;
};

const sameText = (a: string, b: string): boolean => a.replace(/\s+/g, '') === b.replace(/\s+/g, '');

const isOneSide = ({ base, ours, theirs }: Hunk, text: string): boolean =>
  [base, ours, theirs].some((side) => sameText(side, text));
