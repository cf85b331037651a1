import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSnapshots } from '../../src/snapshot/snapshots.ts';
import { tempDir } from '../support/temp.ts';
import { alter, change, treeIn } from './acting.ts';

/** Longer than a change needs to be told from a later one by its times. */
const settledMs = 120;
const rounds = Number(process.env.TANDEM_TEST_ROUNDS ?? 600);

test('a process that is told of changes sees what one that looks at everything sees', async () => {
  const root = tempDir();
  const folder = tempDir();
  const watching = createSnapshots({ source: { root }, folder });
  const program = fc.sample(fc.array(change, { minLength: 1, maxLength: 4 }), rounds);
  for (const [index, changes] of program.entries()) {
    for (const one of changes) alter(root, one);
    // Until nothing is looked at for its age alone.
    const made = Date.now();
    while (Date.now() - made < settledMs) await watching.take('snp_settling');
    await watching.take('snp_watched');
    const other = tempDir();
    await createSnapshots({ source: { root }, folder: other, watch: false }).take('snp_1');
    expect(
      treeIn(folder, 'snp_watched'),
      `round ${index}: ${JSON.stringify(program.slice(0, index + 1))}`,
    ).toBe(treeIn(other, 'snp_1'));
  }
}, 1_800_000);
