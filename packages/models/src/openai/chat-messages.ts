import type { Message, ToolSpec } from '@tandem/core';

/** One message for `chat/completions`. Field order and content depend on the message alone: caches live by bytes. */
export const chatMessage = (message: Message): object => {
  if (message.role === 'tool') {
    const content = message.isError ? `Error: ${message.text}` : message.text;
    return { role: 'tool', tool_call_id: message.callId, content };
  }
  if (message.role !== 'assistant' || (message.toolCalls ?? []).length === 0) {
    return { role: message.role, content: message.text };
  }
  return {
    role: 'assistant',
    content: message.text === '' ? null : message.text,
    tool_calls: (message.toolCalls ?? []).map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    })),
  };
};

export const chatTool = (tool: ToolSpec): object => ({
  type: 'function',
  function: { name: tool.name, description: tool.description, parameters: tool.parameters },
});
