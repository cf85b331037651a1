import { type Actor, AppError, type Item, isKnown, type NewEvent } from '@tandem/protocol';
import type { EnginePorts } from '../engine.ts';
import { failure } from '../tool/tool.ts';
import { interruptedText } from '../turn/settle.ts';
import { type OpenTurn, openTurn } from '../turn/state.ts';
import { outcomeDrafts } from '../turn/tool-result.ts';
import { agent, type Draft, type Logged } from './log.ts';

/** A new session with the log of another up to `seq`. A turn that is open there is closed here: two must not drive it. */
export const fork = async (
  ports: EnginePorts,
  input: { readonly from: string; readonly seq: number | undefined; readonly actor: Actor },
): Promise<{ readonly session: string }> => {
  const log = await ports.store.read(input.from);
  const last = log.at(-1)?.seq ?? 0;
  const seq = input.seq ?? last;
  if (seq < 1 || seq > last)
    throw new AppError('usage', `session ${input.from} has events 1 to ${last}; fork at one of them`);
  const session = ports.ids.next('ses');
  const kept = log.filter((event) => event.seq <= seq);
  const envelope = (actor: Actor): Pick<NewEvent, 'v' | 'id' | 'session' | 'at' | 'actor'> => ({
    v: 1,
    id: ports.ids.next('evt'),
    session,
    at: ports.clock.iso(),
    actor,
  });
  const events: readonly NewEvent[] = [
    ...kept.map((event) => copyOf(event, { session, id: ports.ids.next('evt') })),
    ...closing(kept, ports).map((draft) => ({ ...envelope(agent), ...draft }) as NewEvent),
    { ...envelope(input.actor), type: 'session.forked', data: { from: input.from, seq } },
  ];
  await ports.store.append({ session, expectedSeq: 0, events });
  return { session };
};

const copyOf = (event: Logged, as: { readonly session: string; readonly id: string }): NewEvent => {
  const { seq: _seq, ...rest } = event;
  return { ...rest, ...as } as NewEvent;
};

const closing = (kept: readonly Logged[], ports: EnginePorts): readonly Draft[] => {
  const drafts: Draft[] = [];
  let events = kept;
  for (let turn = openTurn(events); turn !== null; turn = openTurn(events)) {
    const { id } = turn;
    drafts.push(...closeTurn(turn, events, ports));
    events = events.filter((event) => event.turn !== id);
  }
  return drafts;
};

const closeTurn = (turn: OpenTurn, events: readonly Logged[], ports: EnginePorts): readonly Draft[] => {
  const { id, usage } = turn;
  const unsettled = turn.calls.filter((call) => !call.settled);
  const calls = unsettled.flatMap(({ item, name, arguments: given }) => {
    const outcome = failure(interruptedText);
    return outcomeDrafts({ turn: id, item, name, given, outcome, status: 'interrupted' });
  });
  const items = openItems(events, id)
    .filter((item) => !unsettled.some((call) => call.item === item.id))
    .map((item): Draft => ({ type: 'item.completed', turn: id, data: { item } }));
  const inputs = turn.inputs.slice(turn.taken).map((text): Draft => {
    const item = { id: ports.ids.next('itm'), type: 'user_message', text } as const;
    return { type: 'item.completed', turn: id, data: { item } };
  });
  const data = { outcome: 'interrupted', answer: '', files: [], verify: null, usage, ms: 0 } as const;
  return [...calls, ...items, ...inputs, { type: 'turn.completed', turn: id, data: { ...data, files: [] } }];
};

/** Items begun and not ended, as they are when they are ended now. */
const openItems = (events: readonly Logged[], turn: string): readonly Item[] => {
  const open = new Map<string, Item>();
  for (const event of events) {
    if (event.turn !== turn || !isKnown(event)) continue;
    if (event.type === 'item.started') open.set(event.data.item.id, event.data.item);
    if (event.type === 'item.completed') open.delete(event.data.item.id);
  }
  return [...open.values()].map((item) => ('status' in item ? { ...item, status: 'interrupted' } : item));
};
