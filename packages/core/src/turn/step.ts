import { AppError, isAppError } from '@tandem/protocol';
import { buildContext } from '../context/build.ts';
import { tokensOf } from '../context/compact.ts';
import { systemMessage } from '../context/system-prompt.ts';
import type { Generated, Message } from '../ports.ts';
import type { Draft } from '../session/log.ts';
import { standing } from '../session/standing.ts';
import { orAbort } from './abort.ts';
import { shorten } from './shorten.ts';
import type { MindedWork } from './work.ts';

/** Share of the window at which old messages are summed up. */
const COMPACT_SHARE = 0.8;
/** Tool calls taken from one answer: more is a model gone astray. */
const CALL_LIMIT = 32;
/** Tokens asked for at most: a long file fits, a runaway answer ends. */
const ANSWER_LIMIT = 16_000;

/** One model request. What it answers is in the log when this resolves; its calls are still to be settled. */
export const takeStep = async (work: MindedWork): Promise<void> => {
  await makeRoom(work);
  for (const hard of [false, true, null]) {
    try {
      await ask(work);
      return;
    } catch (error) {
      if (!isAppError(error) || error.code !== 'model_overflow') throw error;
      if (
        hard === null ||
        !((await shorten(work, { hard })) || (!hard && (await shorten(work, { hard: true }))))
      )
        throw tooLong(error);
    }
  }
};

const ask = async (work: MindedWork): Promise<void> => {
  const { model, facts, ports, live, signal, log } = work;
  const step = ports.ids.next('stp');
  const item = ports.ids.next('itm');
  const messages = contextOf(work);
  const room = facts.contextWindow - sizeOf(work, messages);
  await work.record({ type: 'step.started', data: { step, model: model.id, results: [item] } });
  const { seed, temperature } = work.now().options;
  const request = {
    messages,
    ...(seed === undefined ? {} : { seed }),
    ...(temperature === undefined ? {} : { temperature }),
    tools: work.tools.map((tool) => tool.spec),
    maxTokens: Math.max(256, Math.min(facts.maxOutput, ANSWER_LIMIT, room)),
  };
  const onText = (text: string): void => live({ type: 'item.delta', session: log.session, item, text });
  const generated = await orAbort(model.generate(request, { signal, onText }), signal);
  await work.record(...itemsOf(work, item, generated), {
    type: 'step.completed',
    data: { step, usage: generated.usage, stop: generated.stop },
  });
};

/** One append: either the whole answer is in the log or none of it, and then it is asked for again. */
const itemsOf = (work: MindedWork, id: string, generated: Generated): readonly Draft[] => {
  const { ids } = work.ports;
  const drafts: Draft[] = [];
  if (generated.reasoning !== undefined && generated.reasoning !== '') {
    const item = { id: ids.next('itm'), type: 'reasoning', text: generated.reasoning } as const;
    drafts.push({ type: 'item.completed', data: { item } });
  }
  if (generated.text !== '' || generated.toolCalls.length === 0)
    drafts.push({
      type: 'item.completed',
      data: { item: { id, type: 'agent_message', text: generated.text } },
    });
  for (const call of generated.toolCalls.slice(0, CALL_LIMIT)) {
    // The item's id is also the call's: providers repeat theirs from one answer to the next.
    const callId = ids.next('itm');
    const { name, arguments: given } = call;
    const item = {
      id: callId,
      type: 'tool_call',
      callId,
      name,
      arguments: given ?? null,
      output: '',
      status: 'in_progress',
    } as const;
    drafts.push({ type: 'item.started', data: { item } });
  }
  return drafts;
};

const contextOf = (work: MindedWork): readonly Message[] => [
  systemMessage({
    root: work.workspace.root,
    instructions: work.instructions,
    sandbox: work.workspace.sandbox,
  }),
  ...buildContext(standing(work.log.events)),
];

const sizeOf = (work: MindedWork, messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + tokensOf(message, work.model), 0) +
  work.model.countTokens(JSON.stringify(work.tools.map((tool) => tool.spec)));

const makeRoom = async (work: MindedWork): Promise<void> => {
  const { contextWindow } = work.facts;
  if (sizeOf(work, contextOf(work)) <= contextWindow * COMPACT_SHARE) return;
  await shorten(work, { hard: false });
  if (sizeOf(work, contextOf(work)) <= contextWindow) return;
  await shorten(work, { hard: true });
  if (sizeOf(work, contextOf(work)) > contextWindow) throw tooLong();
};

const tooLong = (cause?: unknown): AppError =>
  new AppError(
    'model_overflow',
    'the session is longer than the model can read, even summed up; start a new session or use a model with a larger window',
    cause === undefined ? {} : { cause },
  );
