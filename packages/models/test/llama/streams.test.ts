import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChannel } from '../../src/llama/channel.ts';
import { estimateTokens } from '../../src/llama/estimate.ts';
import { createStopScanner } from '../../src/llama/stop-scanner.ts';
import { createTextStream } from '../../src/llama/text-stream.ts';

const scan = (fragments: readonly string[], stops: readonly string[]) => {
  const scanner = createStopScanner(stops);
  let text = '';
  for (const fragment of fragments) {
    const found = scanner.push(fragment);
    text += found.text;
    if (found.stopped) return { text, stopped: true };
  }
  return { text: text + scanner.flush(), stopped: false };
};

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });

describe('stop strings', () => {
  it('end the text before them, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(letters), fc.array(letters.filter((stop) => stop !== '')), (fragments, stops) => {
        const whole = fragments.join('');
        const cuts = stops.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
        const scanned = scan(fragments, stops);
        expect(scanned.stopped).toBe(cuts.length > 0);
        // Between two stops that overlap, the one that is whole first may win.
        if (cuts.length > 0) expect(whole.startsWith(scanned.text)).toBe(true);
        else expect(scanned.text).toBe(whole);
      }),
    );
  });

  it('are found across fragments and not shown', () => {
    expect(scan(['x``', '`', 'y'], ['```'])).toEqual({ text: 'x', stopped: true });
    expect(scan(['x``', ' y'], ['```'])).toEqual({ text: 'x`` y', stopped: false });
  });
});

describe('tokens to text', () => {
  const byte = (tokens: readonly number[]): string => Buffer.from(tokens).toString('utf8');

  it('never shows half a character, and loses none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const stream = createTextStream<number>(byte);
        const shown = [...Buffer.from(text)].map((token) => stream.push(token));
        expect(shown.join('') + stream.flush()).toBe(text);
        fc.pre(!text.includes('\uFFFD'));
        expect(shown.some((fragment) => fragment.includes('\uFFFD'))).toBe(false);
      }),
    );
  });

  it('shows broken bytes rather than wait for ever', () => {
    const stream = createTextStream<number>(byte);
    const shown = Array.from({ length: 8 }, () => stream.push(0xff)).join('');
    expect(shown).toContain('\uFFFD');
  });
});

describe('a token estimate', () => {
  it('is at least the number of digits and grows with the text', () => {
    expect(estimateTokens('1234567890')).toBe(10);
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('const answer = compute(value);')).toBe(12);
  });
});

describe('a channel', () => {
  it('gives what was pushed before and after reading began, then the error', async () => {
    const channel = createChannel<number>();
    channel.push(1);
    const reading = (async () => {
      const seen: number[] = [];
      try {
        for await (const value of channel.read()) seen.push(value);
      } catch (error) {
        return { seen, error: String(error) };
      }
      return { seen, error: null };
    })();
    await new Promise(setImmediate);
    channel.push(2);
    channel.fail(new Error('stopped'));
    channel.end();
    expect(await reading).toEqual({ seen: [1, 2], error: 'Error: stopped' });
  });
});
