import { isKnown } from '@tandem/protocol';
import type { Logged } from '../session/log.ts';

/** Told at the third time: twice happens to good work (run, look, run). Ended at the fifth: it was told and went on. */
const TELL_AT = 3;
const END_AT = 5;
const MARK = '\n\n[loop] ';

/** What to add to a result that the model has now got three times in a row for the same call; '' otherwise. */
export const loopNote = (
  events: readonly Logged[],
  turn: string,
  call: { readonly name: string; readonly arguments: unknown; readonly output: string },
): string => {
  const runs = [...settledKeys(events, turn), keyOf(call)];
  if (trailing(runs) !== TELL_AT) return '';
  return `${MARK}You have made this same call ${TELL_AT} times with the same result. Do something else, or finish with what you know.`;
};

export const isStuck = (events: readonly Logged[], turn: string): boolean =>
  trailing(settledKeys(events, turn)) >= END_AT;

const settledKeys = (events: readonly Logged[], turn: string): readonly string[] => {
  const calls = new Map<string, { readonly name: string; readonly arguments: unknown }>();
  const keys: string[] = [];
  for (const event of events) {
    if (event.turn !== turn || !isKnown(event)) continue;
    if (event.type === 'item.started' && event.data.item.type === 'tool_call')
      calls.set(event.data.item.id, event.data.item);
    if (event.type !== 'tool.completed') continue;
    const call = calls.get(event.data.callId);
    if (call !== undefined)
      keys.push(keyOf({ name: call.name, arguments: call.arguments, output: event.data.output }));
  }
  return keys;
};

const trailing = (keys: readonly string[]): number => {
  const last = keys.at(-1);
  const before = keys.findLastIndex((key) => key !== last);
  return keys.length - 1 - before;
};

const keyOf = (call: {
  readonly name: string;
  readonly arguments: unknown;
  readonly output: string;
}): string => JSON.stringify([call.name, sorted(call.arguments), call.output.split(MARK)[0]]);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
};
