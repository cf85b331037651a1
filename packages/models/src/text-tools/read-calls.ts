import { readLenientJson } from './lenient-json.ts';
import { readPythonCalls } from './python-call.ts';
import { readXmlCalls } from './xml-call.ts';

export type TextCall = { readonly name: string; readonly arguments: unknown };

/** The answer without its calls, and the calls in the order in which they were written. */
export type ToolText = { readonly text: string; readonly calls: readonly TextCall[] };

type Span = { readonly start: number; readonly end: number; readonly calls: readonly TextCall[] };

/**
 * Finds tool calls that a model wrote as text: in fences, `<tool_call>` tags, XML of several makes, Python calls or
 * bare JSON, well-formed or nearly so. Only names in `tools` count, so that code in an answer stays code.
 */
export const parseToolText = (text: string, tools: ReadonlySet<string>): ToolText => {
  const spans = withoutOverlap([
    ...tagSpans(text, tools),
    ...readXmlCalls(text, tools),
    ...fenceSpans(text, tools),
    ...bareSpans(text, tools),
  ]);
  if (spans.length === 0) return { text, calls: [] };
  const starts = [0, ...spans.map((span) => span.end)];
  const rest = starts.map((from, index) => text.slice(from, spans[index]?.start)).join('');
  return { text: rest.replaceAll(/\n{3,}/g, '\n\n').trim(), calls: spans.flatMap((span) => span.calls) };
};

/** Earlier sources are the more explicit ones: a later span that touches one of theirs is dropped. */
const withoutOverlap = (spans: readonly Span[]): readonly Span[] => {
  const kept: Span[] = [];
  for (const span of spans) {
    if (!kept.some((other) => span.start < other.end && other.start < span.end)) kept.push(span);
  }
  return kept.toSorted((a, b) => a.start - b.start);
};

const argumentKeys = ['arguments', 'parameters', 'args', 'input', 'params'] as const;

/** `{name, arguments}` and its cousins, with arguments perhaps given as a string of JSON. */
const asCall = (value: unknown, tools: ReadonlySet<string>): TextCall | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const object = value as Record<string, unknown>;
  if (typeof object.function === 'object' && object.function !== null) return asCall(object.function, tools);
  const name = object.name ?? object.tool ?? object.function ?? object.tool_name;
  if (typeof name !== 'string' || !tools.has(name)) return null;
  const key = argumentKeys.find((one) => object[one] !== undefined);
  if (key === undefined) {
    const {
      name: _name,
      tool: _tool,
      function: _function,
      tool_name: _toolName,
      type: _type,
      ...rest
    } = object;
    return { name, arguments: rest };
  }
  const given = object[key];
  if (typeof given !== 'string') return { name, arguments: given ?? {} };
  return { name, arguments: readLenientJson(given)?.value ?? { input: given } };
};

const asCalls = (value: unknown, tools: ReadonlySet<string>): readonly TextCall[] => {
  const list = Array.isArray(value) ? value : [value];
  const calls = list.map((one) => asCall(one, tools));
  return calls.every((call) => call !== null) ? calls : [];
};

/** All calls in a piece of text that holds nothing else: JSON values one after another, or Python calls. */
const callsIn = (text: string, tools: ReadonlySet<string>): readonly TextCall[] => {
  const calls: TextCall[] = [];
  let at = 0;
  while (at < text.length) {
    const read = readLenientJson(text, at);
    const found = read === null ? [] : asCalls(read.value, tools);
    if (read === null || found.length === 0) break;
    calls.push(...found);
    at = read.end + /^[\s,;]*/.exec(text.slice(read.end))![0].length;
  }
  return calls.length > 0 ? calls : readPythonCalls(text, tools);
};

const matches = (pattern: RegExp, text: string, tools: ReadonlySet<string>): readonly Span[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const calls = callsIn(match[1] ?? '', tools);
    return calls.length === 0 ? [] : [{ start: match.index, end: match.index + match[0].length, calls }];
  });

const tag = /<(?:tool_call|function_call|tool_code|tools?|\|tool_call\|)>([\s\S]*?)(?:<\/[\w|]+>|$)/g;
const mistral = /\[TOOL_CALLS\]\s*(\[[\s\S]*|\{[\s\S]*)$/g;

const tagSpans = (text: string, tools: ReadonlySet<string>): readonly Span[] => [
  ...matches(tag, text, tools),
  ...matches(mistral, text, tools),
];

const fence = /```[ \t]*[\w-]*[ \t]*\n([\s\S]*?)(?:\n[ \t]*```|$)/g;

const fenceSpans = (text: string, tools: ReadonlySet<string>): readonly Span[] => matches(fence, text, tools);

/** Without any marking: the whole answer, or JSON from the start of a line to the end of the answer. */
const bareSpans = (text: string, tools: ReadonlySet<string>): readonly Span[] => {
  const whole = callsIn(text.trim(), tools);
  if (whole.length > 0) return [{ start: 0, end: text.length, calls: whole }];
  for (const match of text.matchAll(/^[ \t]*[[{]/gm)) {
    const calls = callsIn(text.slice(match.index).trim(), tools);
    if (calls.length > 0) return [{ start: match.index, end: text.length, calls }];
  }
  return [];
};
