type Call = { readonly name: string; readonly arguments: unknown };
type Span = { readonly start: number; readonly end: number; readonly calls: readonly Call[] };

/** `<function=read><parameter=path>…`, as Qwen3-Coder and others were trained to write. */
const equals = {
  head: /<function=["']?([\w.-]+)["']?\s*>/g,
  close: '</function>',
  field: /<parameter=["']?([\w.-]+)["']?\s*>([\s\S]*?)(?:<\/parameter>|(?=<parameter=)|$)/g,
};
/** `<invoke name="read"><parameter name="path">…`. */
const named = {
  head: /<(?:invoke|function|tool)\s+name=["']([\w.-]+)["']\s*>/g,
  close: /<\/(?:invoke|function|tool)>/,
  field: /<parameter\s+name=["']([\w.-]+)["'][^>]*>([\s\S]*?)(?:<\/parameter>|(?=<parameter\s)|$)/g,
};
/** `<read><path>a.ts</path></read>`. */
const plain = { field: /<([\w.-]+)>([\s\S]*?)<\/\1>/g };

/** Tags around the calls, which go with them. */
const wrapper = /^\s*<\/(?:tool_call|function_calls?|tool_calls|tools?)>/;
const opener = /<(?:tool_call|function_calls?|tool_calls|tools?)>\s*$/;

/** Numbers, booleans, lists and objects are meant as such; everything else is text, without its outer line breaks. */
const fieldValue = (raw: string): unknown => {
  const text = raw.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
  if (!/^\s*(-?\d+(\.\d+)?|true|false|null|[[{][\s\S]*[\]}])\s*$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const fields = (pattern: RegExp, body: string): Record<string, unknown> =>
  Object.fromEntries([...body.matchAll(pattern)].map((match) => [match[1]!, fieldValue(match[2] ?? '')]));

const closeOf = (body: string, close: RegExp | string): { readonly at: number; readonly length: number } => {
  if (typeof close === 'string') {
    const at = body.indexOf(close);
    return { at, length: close.length };
  }
  const match = close.exec(body);
  return { at: match?.index ?? -1, length: match?.[0].length ?? 0 };
};

/** Widens a span over the wrapping tags directly around it. */
const widened = (
  text: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } => {
  const before = opener.exec(text.slice(Math.max(0, start - 40), start));
  const after = wrapper.exec(text.slice(end, end + 40));
  return { start: start - (before?.[0].length ?? 0), end: end + (after?.[0].length ?? 0) };
};

/** Calls written as tags. A missing end tag at the end of the text is forgiven. */
export const readXmlCalls = (text: string, tools: ReadonlySet<string>): readonly Span[] => {
  const spans: Span[] = [];
  for (const form of [equals, named]) {
    for (const match of text.matchAll(form.head)) {
      const name = match[1]!;
      if (!tools.has(name)) continue;
      const from = match.index + match[0].length;
      const close = closeOf(text.slice(from), form.close);
      const body = close.at < 0 ? text.slice(from) : text.slice(from, from + close.at);
      const end = close.at < 0 ? text.length : from + close.at + close.length;
      spans.push({
        ...widened(text, match.index, end),
        calls: [{ name, arguments: fields(form.field, body) }],
      });
    }
  }
  return [...spans, ...plainCalls(text, tools)];
};

const plainCalls = (text: string, tools: ReadonlySet<string>): readonly Span[] =>
  [...text.matchAll(/<([\w.-]+)>([\s\S]*?)<\/\1>/g)].flatMap((match) => {
    const name = match[1]!;
    const found = fields(plain.field, match[2] ?? '');
    if (!tools.has(name) || Object.keys(found).length === 0) return [];
    return [
      { ...widened(text, match.index, match.index + match[0].length), calls: [{ name, arguments: found }] },
    ];
  });
