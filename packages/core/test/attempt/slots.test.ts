import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parallelOf, Slots } from '../../src/attempt/slots.ts';

const never = new AbortController().signal;
const tick = (): Promise<void> => Promise.resolve();

it('never more at one time than there are slots, and all get their turn', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }),
      async (count, works) => {
        const slots = new Slots(count);
        let running = 0;
        let most = 0;
        const done = await Promise.all(
          works.map((ticks, index) =>
            slots.use(never, async () => {
              most = Math.max(most, ++running);
              for (let left = ticks; left > 0; left--) await tick();
              running -= 1;
              return index;
            }),
          ),
        );
        expect(done).toEqual(works.map((_, index) => index));
        expect(most).toBe(Math.min(count, works.length));
      },
    ),
  );
});

it('one that is aborted while it waits takes no slot from those behind it', async () => {
  const slots = new Slots(1);
  let release = (): void => {};
  const first = slots.use(never, () => new Promise<void>((resolve) => (release = resolve)));
  const control = new AbortController();
  const second = slots.use(control.signal, async () => 'second');
  const third = slots.use(never, async () => 'third');
  control.abort(new Error('no longer'));
  await expect(second).rejects.toThrow('no longer');
  release();
  await first;
  expect(await third).toBe('third');
  expect(await slots.use(never, async () => 'fourth')).toBe('fourth');
});

it('one that fails gives its slot back', async () => {
  const slots = new Slots(1);
  await expect(slots.use(never, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await slots.use(never, async () => 1)).toBe(1);
});

const gigabyte = 1024 ** 3;
it.each([
  ['memory for one only', { cores: 16, freeBytes: 0 }, undefined, { sessions: 1, verifies: 1 }],
  [
    'two cores, plenty of memory',
    { cores: 2, freeBytes: 20 * gigabyte },
    undefined,
    { sessions: 4, verifies: 1 },
  ],
  ['many cores', { cores: 16, freeBytes: 20 * gigabyte }, undefined, { sessions: 4, verifies: 4 }],
  ['as many as were asked for', { cores: 16, freeBytes: 20 * gigabyte }, 12, { sessions: 12, verifies: 12 }],
  ['no more than the memory bears', { cores: 16, freeBytes: gigabyte }, 12, { sessions: 4, verifies: 1 }],
])('%s', (_, capacity, wanted, expected) => {
  expect(parallelOf(capacity, wanted)).toEqual(expected);
});
