import { AppError } from '@tandem/protocol';
import { compact } from '../context/compact.ts';
import { standing } from '../session/standing.ts';
import type { End } from './complete.ts';
import { tellBeforeCompaction } from './hooks.ts';
import type { MindedWork } from './work.ts';

/** Puts a summary in the place of old messages; `focus` as of `compact`. False when there was nothing left to shorten. */
export const shorten = async (
  work: MindedWork,
  asked: { readonly hard: boolean; readonly focus?: string },
): Promise<boolean> => {
  const { log, model, facts, signal, ports } = work;
  const step = ports.ids.next('stp');
  const id = ports.ids.next('itm');
  work.progress('summing up earlier work');
  await tellBeforeCompaction(work);
  const events = standing(log.events);
  const made = await compact({ events, model, window: facts.contextWindow, ...asked, signal });
  if (made === null) return false;
  const { summary, upTo, usage } = made;
  await work.record(
    { type: 'step.started', data: { step, model: model.id, results: [id] } },
    { type: 'item.completed', data: { item: { id, type: 'compaction', summary, upTo } } },
    { type: 'step.completed', data: { step, usage, stop: 'compaction' } },
  );
  return true;
};

/** A turn that a person asked for to sum up what was said. Its own text never joins the conversation. */
export const compactTurn = async (work: MindedWork, focus: string): Promise<End> => {
  if (work.facts.strength === 'small')
    throw new AppError('usage', 'a small model is not shown the conversation, so there is nothing to sum up');
  const done = await shorten(work, { hard: true, focus });
  return {
    outcome: 'ok',
    answer: done ? '' : 'There is nothing to sum up yet.',
    usage: work.now().usage,
  };
};
