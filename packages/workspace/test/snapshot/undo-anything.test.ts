import { test } from 'vitest';
import { undoAnything } from './undo-anything.ts';

test('whatever a program does to files and to git, undo and redo bring back every bit of it', async () => {
  await undoAnything({ runs: 8, steps: 10 });
});
