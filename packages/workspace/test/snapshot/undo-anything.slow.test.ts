import { expect, test } from 'vitest';
import { kinds } from './program.ts';
import { undoAnything } from './undo-anything.ts';

const runs = Number(process.env.TANDEM_TEST_RUNS ?? 2_000);

test('thousands of programs: every kind of step had an effect in some, and none is beyond undo', async () => {
  const counts = await undoAnything({ runs, steps: 14 });
  console.log(Object.fromEntries([...counts].sort()));
  if (runs >= 1_000) expect(kinds.filter((kind) => (counts.get(kind) ?? 0) === 0)).toEqual([]);
}, 3_600_000);
