import type { ToolSpec } from '@tandem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToolCalls, renderToolCall } from '../../src/llama/tool-text.ts';

const tools: readonly ToolSpec[] = [
  { name: 'read', description: '', parameters: {} },
  { name: 'bash', description: '', parameters: {} },
];

describe('tool calls in text', () => {
  it('are read from a fence, from tags and from a bare answer', () => {
    const call = { id: 'call_1', name: 'read', arguments: { path: 'a.js' } };
    const json = '{"name": "read", "arguments": {"path": "a.js"}}';
    expect(parseToolCalls(`I will look.\n\`\`\`json\n${json}\n\`\`\`\n`, tools)).toEqual([call]);
    expect(parseToolCalls(`<tool_call>\n${json}\n</tool_call>`, tools)).toEqual([call]);
    expect(parseToolCalls(` ${json}\n`, tools)).toEqual([call]);
  });

  it('are none when the JSON is for the reader or names no tool', () => {
    expect(parseToolCalls('```json\n{"name": "left-pad", "version": "1.0.0"}\n```', tools)).toEqual([]);
    expect(parseToolCalls('```json\n{"name": "read"}\n```', [])).toEqual([]);
    expect(parseToolCalls('```json\n{"name": "read", \n```', tools)).toEqual([]);
  });

  it('come back as they were written, whatever the arguments', () => {
    fc.assert(
      fc.property(fc.constantFrom('read', 'bash'), fc.dictionary(fc.string(), fc.json()), (name, given) => {
        const call = { id: 'call_1', name, arguments: JSON.parse(JSON.stringify(given)) };
        fc.pre(!JSON.stringify(given).includes('```'));
        expect(parseToolCalls(renderToolCall(call), tools)).toEqual([call]);
      }),
    );
  });

  it('are at most eight', () => {
    const many = Array.from({ length: 20 }, () => '{"name":"read","arguments":{}}').join(',');
    expect(parseToolCalls(`[${many}]`, tools)).toHaveLength(8);
  });
});
