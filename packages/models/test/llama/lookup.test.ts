import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLookup } from '../../src/llama/lookup.ts';

/** Writes `answer` as a model would, with guesses checked; returns how many computations it took. */
const write = (prompt: readonly number[], answer: readonly number[]): number => {
  const lookup = createLookup(prompt);
  let computations = 0;
  for (let at = 0; at < answer.length; ) {
    const guessed = lookup.guess(answer.length - at - 1);
    let right = 0;
    while (right < guessed.length && guessed[right] === answer[at + right]) right += 1;
    lookup.settle(guessed.length, right);
    for (const token of answer.slice(at, at + right + 1)) lookup.push(token);
    at += right + 1;
    computations += 1;
  }
  return computations;
};

const numbers = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('guessing tokens that repeat', () => {
  it('writes a copied file in a fraction of the computations, also around an edit', () => {
    const file = numbers(300);
    const edited = [...file.slice(0, 150), 1000, 1001, ...file.slice(152)];
    expect(write([...file, -1, -2], file)).toBeLessThan(30);
    expect(write([...file, -1, -2], edited)).toBeLessThan(45);
  });

  it('costs next to nothing where nothing repeats, or repeats only in appearance', () => {
    expect(write(numbers(300), numbers(300, 5000))).toBe(300);
    const lookup = createLookup(numbers(50).flatMap((index) => [1, 2, 3, 100 + index]));
    let guessed = 0;
    for (let step = 0; step < 100; step++) {
      for (const token of [1, 2, 3]) lookup.push(token);
      const guess = lookup.guess(100);
      guessed += guess.length > 0 ? 1 : 0;
      lookup.settle(guess.length, 0);
      lookup.push(1000 + step);
    }
    expect(guessed).toBeLessThan(20);
  });

  it('never takes more computations than tokens, nor guesses past the room it is given', () => {
    const few = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(few, few, fc.integer({ min: 0, max: 5 }), (prompt, answer, room) => {
        expect(write(prompt, answer)).toBeLessThanOrEqual(answer.length);
        expect(createLookup(prompt).guess(room).length).toBeLessThanOrEqual(room);
      }),
    );
  });
});
