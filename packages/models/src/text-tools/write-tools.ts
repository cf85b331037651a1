import type { GenerateRequest, Message, ToolCall, ToolSpec } from '@tandem/core';

type Schema = Readonly<Record<string, unknown>>;

const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? (value as Schema) : {};

/** A JSON Schema type in as few characters as say it: every one of them is read again by a small mind. */
const shortType = (schema: Schema, depth = 0): string => {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join('|');
  if (schema.type === 'array') return `${shortType(asSchema(schema.items), depth)}[]`;
  if (schema.type === 'object' && depth < 3) return shortObject(schema, depth + 1);
  return typeof schema.type === 'string' ? schema.type : 'any';
};

const shortObject = (schema: Schema, depth: number): string => {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const fields = Object.entries(asSchema(schema.properties)).map(
    ([name, value]) => `${name}${required.has(name) ? '' : '?'}: ${shortType(asSchema(value), depth)}`,
  );
  return `{${fields.join(', ')}}`;
};

const describe = (tool: ToolSpec): string =>
  `- ${tool.name} ${shortObject(asSchema(tool.parameters), 0)} - ${tool.description}`;

const block = (tools: readonly ToolSpec[]): string =>
  [
    'Tools:',
    ...tools.map(describe),
    'To call a tool, end your answer with exactly this and wait for the result:',
    '```tool_call',
    '{"name": "<tool>", "arguments": {…}}',
    '```',
  ].join('\n');

const writeCall = (call: ToolCall): string =>
  `\`\`\`tool_call\n${JSON.stringify({ name: call.name, arguments: call.arguments })}\n\`\`\``;

const asText = (message: Message): Message => {
  if (message.role === 'tool') {
    return {
      role: 'user',
      text: `${message.isError ? 'Error' : 'Result'} of ${message.name}:\n${message.text}`,
    };
  }
  if (message.role !== 'assistant' || (message.toolCalls ?? []).length === 0) return message;
  const calls = (message.toolCalls ?? []).map(writeCall);
  return { role: 'assistant', text: [message.text, ...calls].filter((part) => part !== '').join('\n') };
};

/** For servers: the chat templates of small models refuse two messages of one role in a row. */
export const joinRoles = (request: GenerateRequest): GenerateRequest => {
  const done: Message[] = [];
  for (const message of request.messages) {
    const last = done.at(-1);
    if (last?.role === 'user' && message.role === 'user') {
      done[done.length - 1] = { role: 'user', text: `${last.text}\n\n${message.text}` };
    } else done.push(message);
  }
  return { ...request, messages: done };
};

/** The same request with tools, calls and results as text, in a form that `parseToolText` reads back. */
export const withTextTools = (request: GenerateRequest): GenerateRequest => {
  const { tools = [], ...rest } = request;
  const messages = request.messages.map(asText);
  if (tools.length === 0) return { ...rest, messages };
  const [first, ...others] = messages;
  if (first?.role !== 'system')
    return { ...rest, messages: [{ role: 'system', text: block(tools) }, ...messages] };
  return { ...rest, messages: [{ role: 'system', text: `${first.text}\n\n${block(tools)}` }, ...others] };
};
