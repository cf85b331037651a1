import { resolve } from 'node:path';
import type { SessionUpdate, ToolCall, ToolCallContent, ToolKind } from '@agentclientprotocol/sdk';
import type { Item, View, ViewTurn } from '@tandem/protocol';
import { changedBy } from './diffs.ts';

type Chunk = 'user_message_chunk' | 'agent_message_chunk' | 'agent_thought_chunk';

export const chunk = (sessionUpdate: Chunk, text: string): SessionUpdate => ({
  sessionUpdate,
  content: { type: 'text', text },
});

/** An item as it stands, for a client that may know its call already. Null: there is nothing to show. */
export const updateOf = (item: Item, cwd: string): SessionUpdate | null => {
  switch (item.type) {
    case 'user_message':
      return chunk('user_message_chunk', item.text);
    case 'agent_message':
      return item.text === '' ? null : chunk('agent_message_chunk', item.text);
    case 'reasoning':
      return item.text === '' ? null : chunk('agent_thought_chunk', item.text);
    case 'plan':
      return {
        sessionUpdate: 'plan',
        entries: item.steps.map(({ text, status }) => ({ content: text, status, priority: 'medium' })),
      };
    case 'compaction':
      return chunk('agent_thought_chunk', 'The beginning of this conversation was summarised.');
    case 'tool_call':
    case 'command':
    case 'file_change':
      return { sessionUpdate: 'tool_call', ...toolCall(item, cwd) };
  }
};

type Doing = Extract<Item, { readonly type: 'tool_call' | 'command' | 'file_change' }>;

const toolCall = (item: Doing, cwd: string): ToolCall => {
  const status = item.status === 'interrupted' ? 'failed' : item.status;
  const call = { toolCallId: item.callId ?? item.id, status };
  switch (item.type) {
    case 'tool_call':
      return { ...call, ...called(item, cwd), content: said(item.output) };
    case 'command':
      return { ...call, title: item.command, kind: 'execute', content: said(item.output) };
    case 'file_change': {
      const { content, locations } = changedBy(item.diff, cwd);
      const title = item.files.map(({ path, added, removed }) => `${path} +${added} −${removed}`).join(', ');
      return { ...call, title, kind: 'edit', content: [...content], locations: [...locations] };
    }
  }
};

const kinds: Readonly<Record<string, ToolKind>> = {
  read: 'read',
  grep: 'search',
  glob: 'search',
  find_tool: 'search',
  edit: 'edit',
  write: 'edit',
  bash: 'execute',
  background: 'execute',
  web_fetch: 'fetch',
  todo: 'think',
};

const titleLength = 120;

const called = (
  { name, arguments: given }: Extract<Item, { readonly type: 'tool_call' }>,
  cwd: string,
): Pick<ToolCall, 'title' | 'kind' | 'locations' | 'rawInput'> => {
  const { path, command, pattern, url } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const about = [command, path, pattern, url].find((one) => typeof one === 'string') ?? '';
  const title = name === 'bash' && about !== '' ? about : `${name} ${about}`.trim();
  return {
    title: title.length > titleLength ? `${title.slice(0, titleLength)}…` : title,
    kind: kinds[name] ?? 'other',
    rawInput: given,
    ...(typeof path === 'string' ? { locations: [{ path: resolve(cwd, path) }] } : {}),
  };
};

/** What a turn's end says beyond its items. */
export const endOf = ({ answer, items, status, error, patch }: ViewTurn): readonly SessionUpdate[] => {
  const last = items.findLast((item) => item.type === 'agent_message');
  const lines = [
    ...(answer.trim() === '' || last?.text.trim() === answer.trim() ? [] : [answer]),
    ...(error === null || status === 'interrupted' || answer.includes(error.message) ? [] : [error.message]),
    ...(patch === null ? [] : [`The best attempt is kept in ${patch}`]),
  ];
  return lines.length === 0 ? [] : [chunk('agent_message_chunk', `\n\n${lines.join('\n\n')}`)];
};

/** The conversation so far; what a person went back over is no part of it. */
export const replayOf = (view: View, cwd: string): readonly SessionUpdate[] =>
  view.turns
    .filter(({ undone }) => !undone)
    .flatMap((turn) => [
      ...turn.items.map((item) => updateOf(item, cwd)).filter((update) => update !== null),
      ...endOf(turn),
    ]);

/** Characters of an output that are shown: the log has the rest. */
const outputLength = 20_000;

export const said = (text: string): ToolCallContent[] =>
  text === '' ? [] : [{ type: 'content', content: { type: 'text', text: text.slice(-outputLength) } }];
