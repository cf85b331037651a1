import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLenientJson } from '../../src/text-tools/lenient-json.ts';
import { parseToolText } from '../../src/text-tools/read-calls.ts';

const tools = new Set(['read', 'edit', 'run_tests']);
const parse = (text: string) => parseToolText(text, tools);
const read = { name: 'read', arguments: { path: 'a.ts' } };

const names = fc.string({ unit: fc.constantFrom(...'abcdefxyz_'), minLength: 1, maxLength: 8 });

describe('readLenientJson', () => {
  it('reads every valid JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, spaced) => {
        const text = spaced ? JSON.stringify(JSON.parse(json), null, 2) : json;
        expect(readLenientJson(text)).toEqual({ value: JSON.parse(text), end: text.length });
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and always ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]"\'`:,\\ ntu0a1-\n()=<>') }), (text) => {
        const result = readLenientJson(text);
        expect(result === null || result.end <= text.length).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('survives trailing commas, forgotten brackets at the end, bare keys and single quotes', () => {
    const value = fc.dictionary(names, fc.oneof(names, fc.integer(), fc.array(names, { maxLength: 3 })), {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(value, (object) => {
        const text = JSON.stringify(object);
        const damaged = [
          text.replace(/\}$/, ',}'),
          text.replace(/\}$/, ''),
          text.replace(/\]?\}$/, ''),
          text.replaceAll('"', "'"),
          text.replaceAll(/"(\w+)":/g, '$1: '),
        ];
        for (const one of damaged) expect(readLenientJson(one)?.value).toEqual(object);
      }),
    );
  });

  it.each([
    ['{"a": True, "b": None, "c": .5}', { a: true, b: null, c: 0.5 }],
    ['{"text": "line one\nline two"}', { text: 'line one\nline two' }],
    ['{"text": "print("hi") and "go"", "n": 1}', { text: 'print("hi") and "go"', n: 1 }],
    ['{"text": """a "b"\nc"""}', { text: 'a "b"\nc' }],
    ['{"re": "\\d+\\s"}', { re: '\\d+\\s' }],
    ['{"text": "cut off her', { text: 'cut off her' }],
    ['[{"a": 1, "b": [1, 2}]', [{ a: 1, b: [1, 2] }]],
  ])('reads %j', (text, value) => {
    expect(readLenientJson(text)?.value).toEqual(value);
  });
});

describe('parseToolText', () => {
  it.each([
    ['a fence', '```json\n{"name": "read", "arguments": {"path": "a.ts"}}\n```'],
    ['a fence of our own', '```tool_call\n{"name": "read", "arguments": {"path": "a.ts"}}\n```'],
    ['an open fence', '```json\n{"name": "read", "arguments": {"path": "a.ts"}}'],
    ['a missing brace', '```json\n{"name": "read", "arguments": {"path": "a.ts"}\n```'],
    ['a tag', '<tool_call>\n{"name": "read", "arguments": {"path": "a.ts"}}\n</tool_call>'],
    ['an open tag', '<tool_call>{"name": "read", "arguments": {"path": "a.ts"}}'],
    ['other keys', '<tool_call>{"tool": "read", "parameters": {"path": "a.ts"}}</tool_call>'],
    ['arguments as a string', '{"name": "read", "arguments": "{\\"path\\": \\"a.ts\\"}"}'],
    [
      'the OpenAI shape',
      '[{"type": "function", "function": {"name": "read", "arguments": {"path": "a.ts"}}}]',
    ],
    ['flat arguments', '{"name": "read", "path": "a.ts"}'],
    ['Mistral', '[TOOL_CALLS] [{"name": "read", "arguments": {"path": "a.ts"}}]'],
    [
      'function tags',
      '<tool_call>\n<function=read>\n<parameter=path>\na.ts\n</parameter>\n</function>\n</tool_call>',
    ],
    ['an open parameter', '<function=read><parameter=path>a.ts'],
    [
      'invoke tags',
      '<function_calls><invoke name="read"><parameter name="path">a.ts</parameter></invoke></function_calls>',
    ],
    ['plain tags', '<read>\n<path>a.ts</path>\n</read>'],
    ['Python', 'read(path="a.ts")'],
    ['a Python list', "[read(path='a.ts')]"],
    ['Python in a fence', '```python\nread(path="a.ts")\n```'],
    ['Python with an object', 'read({"path": "a.ts"})'],
  ])('reads a call in %s', (_name, text) => {
    expect(parse(text)).toEqual({ text: '', calls: [read] });
  });

  it('keeps the words around a call, and the order of several', () => {
    const text =
      'First I look.\n\n```json\n{"name": "read", "arguments": {"path": "a.ts"}}\n```\n\n' +
      '<tool_call>{"name": "run_tests", "arguments": {}}</tool_call>\nThen I fix.';
    expect(parse(text)).toEqual({
      text: 'First I look.\n\nThen I fix.',
      calls: [read, { name: 'run_tests', arguments: {} }],
    });
  });

  it('reads two calls in one fence, and JSON at the end of words', () => {
    const line = '{"name": "read", "arguments": {"path": "a.ts"}}';
    expect(parse(`\`\`\`json\n${line}\n${line}\n\`\`\``).calls).toEqual([read, read]);
    expect(parse(`I read it.\n${line}`)).toEqual({ text: 'I read it.', calls: [read] });
  });

  it.each([
    'Call read(path) to get the text.',
    '```ts\nconst read = (path: string) => path;\nread("a.ts");\n```',
    '```json\n{"name": "tandem", "arguments": {"path": "a"}}\n```',
    '```python\ndef read(path="a"):\n    return path\n```',
    'Use <div><path>a</path></div>.',
    '{"answer": 42}',
  ])('leaves an answer that holds no call as it is: %j', (text) => {
    expect(parse(text)).toEqual({ text, calls: [] });
  });

  it('finds any arguments again, in a fence or a tag, with words around', () => {
    const value = fc.dictionary(names, fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(value, fc.boolean(), (given, fenced) => {
        fc.pre(!JSON.stringify(given).includes('</') && !JSON.stringify(given).includes('```'));
        const json = JSON.stringify({ name: 'edit', arguments: given });
        const text = fenced ? `Do.\n\`\`\`json\n${json}\n\`\`\`` : `Do.\n<tool_call>\n${json}\n</tool_call>`;
        expect(parse(text)).toEqual({ text: 'Do.', calls: [{ name: 'edit', arguments: given }] });
      }),
      { numRuns: 300 },
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'read',
      '(',
      ')',
      '{',
      '}',
      '"',
      '<tool_call>',
      '</tool_call>',
      '```json\n',
      '\n```',
      '<function=read>',
      ':',
      'name',
      ',',
      '[',
      ']',
      '=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (parts) => {
        expect(parse(parts.join('')).calls.every((call) => tools.has(call.name))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
