import type { Message } from '@tandem/core';

/** One message for `/api/chat`: arguments as objects, results by the tool's name. */
export const ollamaMessage = (message: Message): object => {
  if (message.role === 'tool') {
    const content = message.isError ? `Error: ${message.text}` : message.text;
    return { role: 'tool', content, tool_name: message.name };
  }
  if (message.role !== 'assistant' || (message.toolCalls ?? []).length === 0) {
    return { role: message.role, content: message.text };
  }
  const calls = (message.toolCalls ?? []).map((call) => ({
    function: { name: call.name, arguments: call.arguments },
  }));
  return { role: 'assistant', content: message.text, tool_calls: calls };
};
