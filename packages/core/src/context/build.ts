import { type Event, type EventOf, isKnown } from '@tandem/protocol';
import type { Message, ToolCall } from '../ports.ts';
import type { Logged } from '../session/log.ts';
import { isStop } from '../turn/hooks.ts';

/** A message and the last event it stands for. */
export type ContextEntry = { readonly message: Message; readonly seq: number };

const VERIFY_OUTPUT_LIMIT = 12_000;

/** What the log says to the model, without the system message. Pure; more events only ever add messages at the end. */
export const buildContext = (events: readonly Logged[]): readonly Message[] => {
  const summary = lastCompaction(events);
  const entries = contextEntries(events).filter((entry) => entry.seq > (summary?.upTo ?? 0));
  const messages = entries.map((entry) => entry.message);
  return summary === null ? messages : [summaryMessage(summary.text), ...messages];
};

export const summaryMessage = (text: string): Message => ({
  role: 'user',
  text: `Earlier work in this session, in short:\n\n${text}`,
});

export const lastCompaction = (
  events: readonly Logged[],
): { readonly text: string; readonly upTo: number } | null => {
  for (const event of events.toReversed()) {
    if (!isKnown(event) || event.type !== 'item.completed') continue;
    const { item } = event.data;
    if (item.type === 'compaction') return { text: item.summary, upTo: item.upTo };
  }
  return null;
};

/** Every message since the beginning, whatever a compaction has left out since. */
export const contextEntries = (events: readonly Logged[]): readonly ContextEntry[] => {
  const entries: ContextEntry[] = [];
  const results = resultsOf(events);
  const shapes = new Map<string, string>();
  let step: { text: string; calls: ToolCall[] } | null = null;
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'turn.admitted' && event.data.options.outputSchema !== undefined)
      shapes.set(event.turn ?? '', JSON.stringify(event.data.options.outputSchema));
    if (event.type === 'step.started') step = { text: '', calls: [] };
    else if (event.type === 'turn.completed') step = null;
    else if (event.type === 'step.completed') {
      if (step !== null && event.data.stop !== 'compaction')
        entries.push(...stepEntries(step, { seq: event.seq, results }));
      step = null;
    } else if (step !== null && event.type === 'item.completed' && event.data.item.type === 'agent_message')
      step.text = event.data.item.text;
    else if (step !== null && event.type === 'item.started' && event.data.item.type === 'tool_call') {
      const { id, name, arguments: given } = event.data.item;
      step.calls.push({ id, name, arguments: given });
    } else if (step === null) {
      const message = plainMessage(event, shapes.get(event.turn ?? ''));
      if (message !== null) entries.push({ message, seq: event.seq });
    }
  }
  return entries;
};

type Result = { readonly text: string; readonly isError: boolean; readonly seq: number };

const resultsOf = (events: readonly Logged[]): ReadonlyMap<string, Result> => {
  const results = new Map<string, Result>();
  for (const event of events) {
    if (!isKnown(event) || event.type !== 'tool.completed') continue;
    const { callId, output, isError } = event.data;
    results.set(callId, { text: output, isError, seq: event.seq });
  }
  return results;
};

/** Results stand in the order of the calls, whichever was done first: so the bytes are the same in every run. */
const stepEntries = (
  step: { readonly text: string; readonly calls: readonly ToolCall[] },
  at: { readonly seq: number; readonly results: ReadonlyMap<string, Result> },
): readonly ContextEntry[] => {
  if (step.text === '' && step.calls.length === 0) return [];
  const assistant: Message =
    step.calls.length === 0
      ? { role: 'assistant', text: step.text }
      : { role: 'assistant', text: step.text, toolCalls: step.calls };
  const answers = step.calls.map((call): ContextEntry => {
    const result = at.results.get(call.id) ?? { text: 'There is no result.', isError: true, seq: at.seq };
    const { text, isError } = result;
    return { seq: result.seq, message: { role: 'tool', callId: call.id, name: call.name, text, isError } };
  });
  return [{ message: assistant, seq: at.seq }, ...answers];
};

const plainMessage = (event: Event, shape: string | undefined): Message | null => {
  if (event.type === 'hook.ran') return hookMessage(event.data);
  if (event.type === 'snapshot.restored') {
    if (event.data.files.length === 0) return null;
    const files = event.data.files.slice(0, 50).join(', ');
    return { role: 'user', text: `[These files were put back to how they were before: ${files}]` };
  }
  if (event.type !== 'item.completed') return null;
  const { item } = event.data;
  if (item.type === 'user_message') {
    const wish =
      shape === undefined ? '' : `\n\nYour final answer must be JSON alone, by this schema: ${shape}`;
    return { role: 'user', text: item.text + wish };
  }
  if (item.type === 'agent_message') return item.text === '' ? null : { role: 'assistant', text: item.text };
  if (item.type !== 'command' || item.callId !== undefined || item.status === 'interrupted') return null;
  if (item.exit === 0) return null;
  const output = item.output.slice(-VERIFY_OUTPUT_LIMIT);
  return {
    role: 'user',
    text: `The check \`${item.command}\` fails (exit ${item.exit}):\n${output}\nFix the cause, then finish.`,
  };
};

/** What hooks said between calls; what they said of a call is part of its result. */
const hookMessage = ({ moment, block, context }: EventOf<'hook.ran'>['data']): Message | null => {
  if (moment === 'SessionStart' || moment === 'UserPromptSubmit')
    return context === undefined ? null : { role: 'user', text: `[hook ${moment}] ${context}` };
  if (!isStop(moment) || block === undefined) return null;
  return { role: 'user', text: `[hook ${moment}] The work is not done yet: ${block}` };
};
