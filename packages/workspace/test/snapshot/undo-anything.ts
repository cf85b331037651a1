import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { freshRepository, operation, perform, stateOf } from './program.ts';

/** Random programs on a random state: undone, everything is as before; redone, as after. */
export const undoAnything = async (options: {
  readonly runs: number;
  readonly steps: number;
  readonly seed?: number;
}): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  const program = fc.array(operation, { minLength: 1, maxLength: options.steps, size: 'max' });
  await fc.assert(
    fc.asyncProperty(program, program, async (first, second) => {
      const base = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-undo-')));
      const root = join(base, 'work');
      try {
        freshRepository(root);
        perform(root, first);
        const snapshots = createSnapshots({ source: { root }, folder: join(base, 'state') });
        const before = stateOf(root);
        await snapshots.take('before');
        for (const kind of perform(root, second)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        await snapshots.take('after');
        const after = stateOf(root);
        await snapshots.take('undo');
        const undone = await snapshots.restore({
          segments: [{ before: 'before', after: 'after' }],
          now: 'undo',
          others: 'refuse',
        });
        expect(undone.conflicts).toEqual([]);
        expect(stateOf(root)).toEqual(before);
        await snapshots.take('undone');
        await snapshots.take('redo');
        const redone = await snapshots.restore({
          segments: [{ before: 'undo', after: 'undone' }],
          now: 'redo',
          others: 'refuse',
        });
        expect(redone.conflicts).toEqual([]);
        expect(stateOf(root)).toEqual(after);
      } finally {
        rmSync(base, { recursive: true, force: true });
      }
    }),
    { numRuns: options.runs, ...(options.seed === undefined ? {} : { seed: options.seed }) },
  );
  return counts;
};
