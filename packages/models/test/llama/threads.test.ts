import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createThreadTuner,
  observeStep,
  type ThreadTuner,
  threadCandidates,
} from '../../src/llama/threads.ts';

type Machine = (threads: number) => number;

/** Runs steps of one token each on a machine that gives a speed in tokens/s for a thread count. */
const run = (tuner: ThreadTuner, steps: number, machine: Machine): { tuner: ThreadTuner; ms: number } => {
  let ms = 0;
  let current = tuner;
  for (let step = 0; step < steps; step++) {
    const took = 1000 / machine(current.threads);
    ms += took;
    current = observeStep(current, { tokens: 1, ms: took });
  }
  return { tuner: current, ms };
};

const quiet: Machine = (threads) => (threads === 1 ? 16 : 27);
const busy: Machine = (threads) => (threads === 1 ? 23 : 1.5);

describe('the thread count', () => {
  it('is the fastest of those tried, within a few steps', () => {
    expect(run(createThreadTuner(2), 8, quiet).tuner).toMatchObject({ phase: 'settled', threads: 2 });
    expect(run(createThreadTuner(2), 8, busy).tuner).toMatchObject({ phase: 'settled', threads: 1 });
  });

  it('is found again soon after another program takes a core', () => {
    const settled = run(createThreadTuner(2), 30, quiet).tuner;
    const { tuner, ms } = run(settled, 40, busy);
    expect(tuner).toMatchObject({ phase: 'settled', threads: 1 });
    expect(ms).toBeLessThan(6_000);
  });

  it('gives up at once on a count that spins, and on a prompt chunk that took far too long', () => {
    const observe = (tuner: ThreadTuner, ms: number) => observeStep(tuner, { tokens: 8, ms });
    const measured = [200, 200, 200, 200].reduce(observe, createThreadTuner(2));
    expect(measured).toMatchObject({ phase: 'measuring', threads: 2 });
    expect(observe(measured, 6000)).toMatchObject({ phase: 'settled', threads: 1 });
    const fast = [100, 100, 100, 100].reduce(observe, measured);
    expect(fast).toMatchObject({ phase: 'settled', threads: 2 });
    expect(observe(fast, 400)).toMatchObject({ phase: 'settled' });
    expect(observe(fast, 2000)).toMatchObject({ phase: 'measuring', threads: 1 });
  });

  it('goes up again when the cores are free, without costing a busy machine a tenth of its speed', () => {
    const settled = run(createThreadTuner(2), 30, busy).tuner;
    expect(run(settled, 1500, quiet).tuner.threads).toBe(2);
    const { ms } = run(settled, 4000, busy);
    expect(4000 / (ms / 1000)).toBeGreaterThan(23 * 0.9);
  });

  it('does not move for a speed that falls slowly, as it does in a long context', () => {
    let tuner = run(createThreadTuner(2), 30, quiet).tuner;
    for (let step = 0; step < 1000; step++) {
      tuner = observeStep(tuner, { tokens: 1, ms: 1000 / (27 - step * 0.01) });
      expect(tuner.phase).toBe('settled');
    }
  });

  it('stays as given when it is fixed', () => {
    expect(run(createThreadTuner(8, 3), 300, () => 1).tuner.threads).toBe(3);
  });

  it('settles on some candidate on every machine, and ends measuring', () => {
    const speeds = fc.array(fc.double({ min: 0.1, max: 500, noNaN: true }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), speeds, (cores, table) => {
        const machine: Machine = (threads) => table[threads - 1]!;
        const candidates = threadCandidates(cores);
        const { tuner } = run(createThreadTuner(cores), candidates.length * 4, machine);
        expect(candidates).toContain(tuner.threads);
        if (cores > 1) expect(tuner.phase).toBe('settled');
      }),
    );
  });

  it('tries few counts on a large machine', () => {
    expect(threadCandidates(4)).toEqual([1, 2, 3, 4]);
    expect(threadCandidates(24)).toEqual([1, 2, 4, 8, 16, 24]);
    expect(threadCandidates(0)).toEqual([1]);
  });
});
