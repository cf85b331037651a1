import type { Message } from '@tandem/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseToolText } from '../../src/text-tools/read-calls.ts';
import { withTextTools } from '../../src/text-tools/write-tools.ts';

test('calls come back as they were written, whatever the arguments', () => {
  fc.assert(
    fc.property(fc.constantFrom('read', 'bash'), fc.dictionary(fc.string(), fc.json()), (name, given) => {
      const call = { name, arguments: JSON.parse(JSON.stringify(given)) };
      fc.pre(!JSON.stringify(given).includes('```'));
      const message: Message = { role: 'assistant', text: 'I look.', toolCalls: [{ id: 'call_1', ...call }] };
      const { messages } = withTextTools({ messages: [message], maxTokens: 1 });
      const read = parseToolText(messages[0]!.text, new Set(['read', 'bash']));
      expect(read).toEqual({ text: 'I look.', calls: [call] });
    }),
  );
});
