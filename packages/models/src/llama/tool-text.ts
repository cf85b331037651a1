import type { ToolCall, ToolSpec } from '@tandem/core';

/** Tools as short text, for a model whose own tool format is not relied on. Empty when there are none. */
export const describeTools = (tools: readonly ToolSpec[]): string => {
  if (tools.length === 0) return '';
  const lines = tools.map(
    (tool) => `- ${tool.name}: ${tool.description} Arguments: ${JSON.stringify(tool.parameters)}`,
  );
  return [
    'You can use these tools:',
    ...lines,
    'To use one, answer with only this block and nothing after it:',
    '```json',
    '{"name": "tool name", "arguments": {}}',
    '```',
  ].join('\n');
};

export const renderToolCall = (call: ToolCall): string =>
  `\`\`\`json\n${JSON.stringify({ name: call.name, arguments: call.arguments })}\n\`\`\``;

/** At most this many calls are read from one answer: a model in a loop must not start a hundred. */
const maxCalls = 8;

/**
 * Calls that a model wrote as fenced JSON, as `<tool_call>` blocks or as the whole answer. Only known names count, so
 * that JSON meant for the reader stays text.
 */
export const parseToolCalls = (text: string, tools: readonly ToolSpec[]): readonly ToolCall[] => {
  if (tools.length === 0) return [];
  const names = new Set(tools.map((tool) => tool.name));
  const calls = candidates(text).flatMap((json) => callsIn(json, names));
  return calls.slice(0, maxCalls).map((call, index) => ({ id: `call_${index + 1}`, ...call }));
};

type NamedCall = { readonly name: string; readonly arguments: unknown };

const candidates = (text: string): readonly string[] => {
  const fenced = [...text.matchAll(/```(?:json|tool_call|tool)?[ \t]*\n([\s\S]*?)\n?```/g)].map(
    (match) => match[1]!,
  );
  const tagged = [...text.matchAll(/<tool_call>\s*([\s\S]*?)\s*<\/tool_call>/g)].map((match) => match[1]!);
  if (fenced.length + tagged.length > 0) return [...fenced, ...tagged];
  return [text.trim()];
};

const callsIn = (json: string, names: ReadonlySet<string>): readonly NamedCall[] => {
  const value = parseJson(json);
  return (Array.isArray(value) ? value : [value]).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry)) return [];
    const { name } = entry;
    if (typeof name !== 'string' || !names.has(name)) return [];
    const given = 'arguments' in entry ? entry.arguments : 'parameters' in entry ? entry.parameters : {};
    return [{ name, arguments: typeof given === 'string' ? (parseJson(given) ?? given) : given }];
  });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
