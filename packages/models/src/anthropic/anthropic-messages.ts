import type { Message, ToolSpec } from '@tandem/core';

type Block = Readonly<Record<string, unknown>>;
type Turn = { readonly role: 'user' | 'assistant'; readonly content: readonly Block[] };

const mark = { cache_control: { type: 'ephemeral' } } as const;

/** Only these characters may be in an id; ids of other providers' calls come along when the model is changed. */
const callId = (id: string): string => id.replaceAll(/[^\w-]/g, '_') || 'call';

const blocks = (message: Message): readonly Block[] => {
  if (message.role === 'tool') {
    const error = message.isError ? { is_error: true } : {};
    return [{ type: 'tool_result', tool_use_id: callId(message.callId), content: message.text, ...error }];
  }
  const text = message.text.trim() === '' ? [] : [{ type: 'text', text: message.text }];
  if (message.role !== 'assistant') return text;
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: callId(call.id),
    name: call.name,
    input: typeof call.arguments === 'object' && call.arguments !== null ? call.arguments : {},
  }));
  return [...text, ...calls];
};

/** Roles alternate and no text is empty: messages of one role become blocks of one turn. */
const turns = (messages: readonly Message[]): readonly Turn[] => {
  const done: Turn[] = [];
  for (const message of messages) {
    const content = blocks(message);
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = done.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) done[done.length - 1] = { role, content: [...last.content, ...content] };
    else done.push({ role, content });
  }
  return done;
};

const marked = (content: readonly Block[]): readonly Block[] =>
  content.map((block, index) => (index === content.length - 1 ? { ...block, ...mark } : block));

/**
 * Cache marks on the ends of what stays the same: the system text and the last two user turns (this step's, and the
 * one before it, whose cache this step reads). With the one on the last tool that is all four that are allowed.
 */
export const anthropicPrompt = (
  messages: readonly Message[],
): { readonly system: readonly Block[]; readonly messages: readonly Turn[] } => {
  const begin = messages.findIndex((message) => message.role !== 'system');
  const head = begin < 0 ? messages : messages.slice(0, begin);
  const system = head.flatMap(blocks);
  const rest = turns(begin < 0 ? [] : messages.slice(begin));
  const users = rest.flatMap((turn, index) => (turn.role === 'user' ? [index] : [])).slice(-2);
  return {
    system: marked(system),
    messages: rest.map((turn, index) =>
      users.includes(index) ? { ...turn, content: marked(turn.content) } : turn,
    ),
  };
};

export const anthropicTools = (tools: readonly ToolSpec[]): readonly Block[] =>
  marked(
    tools.map((tool) => ({ name: tool.name, description: tool.description, input_schema: tool.parameters })),
  );
