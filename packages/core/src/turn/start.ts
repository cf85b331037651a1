import { AppError } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import { askBeforePrompt } from './hooks.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Work } from './work.ts';

/** Begins the turn, or what a kill left of its beginning: started, first input taken, files kept. */
export const startTurn = async (work: Work): Promise<void> => {
  const turn = work.now();
  const drafts: Draft[] = turn.started ? [] : [{ type: 'turn.started', data: {} }];
  const first = turn.inputs[0];
  if (turn.taken === 0 && first !== undefined) drafts.push(...(await promptDrafts(work, first)));
  await work.record(...drafts);
  const { refused, taken: settled } = work.now();
  if (refused.length > 0 && refused.length === settled)
    throw new AppError('usage', `a hook refused the prompt: ${refused.join('; ')}`);
  if (turn.snapshot !== null) return;
  const taken = await takeSnapshot(work, { reason: 'turn' });
  await work.record(taken);
  const note = taken.data.notes?.[0];
  if (note !== undefined) work.progress(note);
};

/** Puts inputs that came meanwhile into the conversation, in the order they came. */
export const takeInputs = async (work: Work): Promise<void> => {
  const turn = work.now();
  for (const text of turn.inputs.slice(turn.taken)) await work.record(...(await promptDrafts(work, text)));
};

/** The prompt with what hooks add to it; without it where they refuse it. */
const promptDrafts = async (work: Work, text: string): Promise<readonly Draft[]> => {
  const { drafts, refused } = await askBeforePrompt(work, text);
  return refused ? drafts : [userMessage(work, text), ...drafts];
};

export const userMessage = (work: Work, text: string): Draft => ({
  type: 'item.completed',
  data: { item: { id: work.ports.ids.next('itm'), type: 'user_message', text } },
});
