import { describe, expect, it } from 'vitest';
import { createQueue } from '../../src/llama/queue.ts';

const never = new AbortController().signal;
const gate = () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describe('the queue', () => {
  it('runs one task at a time, in order, also after a failure', async () => {
    const queue = createQueue(10);
    const log: string[] = [];
    const task = (name: string, fails = false) =>
      queue.run(never, async () => {
        log.push(`${name} starts`);
        await new Promise(setImmediate);
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('rejects an aborted caller at once, and holds the turn until the work has wound down', async () => {
    const queue = createQueue(10);
    const { open, opened } = gate();
    const stop = new AbortController();
    const started = gate();
    const first = queue.run(stop.signal, () => {
      started.open();
      return opened;
    });
    await started.opened;
    let ran = false;
    const second = queue.run(never, async () => {
      ran = true;
    });
    stop.abort(new Error('stop'));
    await expect(first).rejects.toThrow('stop');
    await new Promise(setImmediate);
    expect(ran).toBe(false);
    open();
    await second;
    expect(ran).toBe(true);
  });

  it('never starts a task whose caller gave up while waiting', async () => {
    const queue = createQueue(10);
    const { open, opened } = gate();
    const first = queue.run(never, () => opened);
    const stop = new AbortController();
    let ran = false;
    const second = queue.run(stop.signal, async () => {
      ran = true;
    });
    stop.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    open();
    await first;
    await queue.idle();
    expect(ran).toBe(false);
  });

  it('refuses more than its limit', async () => {
    const queue = createQueue(1);
    const { open, opened } = gate();
    const first = queue.run(never, () => opened);
    await expect(queue.run(never, async () => {})).rejects.toMatchObject({ code: 'limit' });
    open();
    await first;
    await queue.run(never, async () => {});
  });
});
