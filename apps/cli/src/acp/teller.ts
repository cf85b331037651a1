import type { SessionUpdate } from '@agentclientprotocol/sdk';
import type { Delta, Event, Item } from '@tandem/protocol';
import { chunk, said, updateOf } from './updates.ts';

export type Teller = { readonly event: (event: Event) => void; readonly delta: (delta: Delta) => void };

/** Characters of a running command's output that an update repeats. */
const liveLength = 4_000;

/** Says what happens in one turn, each thing once, as it comes. @param cwd absolute */
export const createTeller = (cwd: string, tell: (update: SessionUpdate) => void): Teller => {
  const known = new Set<string>();
  const outputs = new Map<string, string>();
  // Of the message that is being written; a pipeline's fragments do not name the item that they become.
  let streamed = '';
  let turn = '';
  let work: string | null = null;

  const tellItem = (item: Item): void => {
    const update = updateOf(item, cwd);
    if (update?.sessionUpdate !== 'tool_call') {
      // What the person said is on their screen already.
      if (update !== null && item.type !== 'user_message') tell(update);
      return;
    }
    const isKnown = known.has(update.toolCallId);
    known.add(update.toolCallId);
    tell(isKnown ? { ...update, sessionUpdate: 'tool_call_update' } : update);
  };
  const tellProgress = (text: string): void => {
    // Where a model calls tools itself, its calls say as much.
    if (known.size > 0) return;
    const sessionUpdate = work === null ? 'tool_call' : 'tool_call_update';
    work ??= `work-${turn}`;
    tell({ sessionUpdate, toolCallId: work, title: text, kind: 'think', status: 'in_progress' });
  };
  const endProgress = (): void => {
    if (work !== null) tell({ sessionUpdate: 'tool_call_update', toolCallId: work, status: 'completed' });
    work = null;
  };
  return {
    event: (event) => {
      turn = event.turn ?? turn;
      switch (event.type) {
        case 'item.started': {
          const { item } = event.data;
          if (item.type !== 'tool_call') return tellItem(item);
          endProgress();
          const update = updateOf(item, cwd);
          if (update?.sessionUpdate !== 'tool_call') return;
          known.add(update.toolCallId);
          return tell({ ...update, status: 'pending' });
        }
        case 'tool.started': {
          const { callId: toolCallId } = event.data;
          return tell({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
        }
        case 'item.completed': {
          const { item } = event.data;
          if (item.type !== 'agent_message') return tellItem(item);
          const isSame = item.text.startsWith(streamed);
          const rest = isSame ? item.text.slice(streamed.length) : `\n\n${item.text}`;
          streamed = '';
          return rest === '' ? undefined : tell(chunk('agent_message_chunk', rest));
        }
        case 'turn.completed':
          return endProgress();
        default:
          return;
      }
    },
    delta: (delta) => {
      switch (delta.type) {
        case 'item.delta':
          streamed += delta.text;
          return tell(chunk('agent_message_chunk', delta.text));
        case 'command.output': {
          const text = ((outputs.get(delta.item) ?? '') + delta.text).slice(-liveLength);
          outputs.set(delta.item, text);
          if (!known.has(delta.item)) return;
          return tell({ sessionUpdate: 'tool_call_update', toolCallId: delta.item, content: said(text) });
        }
        case 'progress':
          return tellProgress(delta.text);
      }
    },
  };
};
