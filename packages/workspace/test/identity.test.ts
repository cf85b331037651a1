import { SessionId } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { createIds, systemClock } from '../src/identity.ts';

test('ids sort by the time they were made, within a millisecond and when the clock is set back', () => {
  const times = [1000, 1000, 1000, 2000, 500, 500, 2001];
  const ids = createIds(() => times.shift()!);
  const made = Array.from({ length: 7 }, () => ids.next('ses'));
  expect(made).toEqual([...made].sort());
  expect(made.filter((id) => !SessionId.safeParse(id).success)).toEqual([]);
});

test('two processes in the same millisecond do not meet', () => {
  const made = Array.from({ length: 1000 }, () => createIds(() => 1000).next('evt'));
  expect(new Set(made).size).toBe(1000);
});

test('sleep rejects with the reason of its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const asleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(systemClock.sleep(1, controller.signal)).rejects.toBe(reason);
});
