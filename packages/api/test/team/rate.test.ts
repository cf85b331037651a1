import { expect, test } from 'vitest';
import { countRequests } from '../../src/team/rate.ts';

test('counts a minute from the first request of each key', () => {
  let now = 1_000;
  const rate = countRequests({ perMinute: 2, now: () => now });
  const ask = (key: string): readonly unknown[] => {
    const { allowed, headers } = rate(key);
    return [allowed, headers.ratelimit, headers['retry-after']];
  };
  expect(ask('a')).toEqual([true, '"key";r=1;t=60', undefined]);
  now += 30_500;
  expect(ask('a')).toEqual([true, '"key";r=0;t=30', undefined]);
  expect(ask('a')).toEqual([false, '"key";r=0;t=30', '30']);
  expect(ask('b')).toEqual([true, '"key";r=1;t=60', undefined]);
  now += 29_499;
  expect(ask('a')).toEqual([false, '"key";r=0;t=1', '1']);
  now += 1;
  expect(ask('a')).toEqual([true, '"key";r=1;t=60', undefined]);
});
