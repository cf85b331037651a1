import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKvStore, type StateHolder } from '../../src/llama/kv-store.ts';

/** A sequence whose state file is its tokens, padded to a size. */
class FakeSequence implements StateHolder<number> {
  contextTokens: readonly number[];
  readonly #bytes: number;

  constructor(tokens: readonly number[], bytes = 1000) {
    this.contextTokens = tokens;
    this.#bytes = bytes;
  }

  async saveStateToFile(file: string): Promise<void> {
    await writeFile(file, JSON.stringify(this.contextTokens).padEnd(this.#bytes));
  }

  async loadStateFromFile(file: string): Promise<void> {
    this.contextTokens = JSON.parse(await readFile(file, 'utf8'));
  }

  async clearHistory(): Promise<void> {
    this.contextTokens = [];
  }
}

const folder = async (): Promise<string> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tandem-kv-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

const keep = async (directory: string, tokens: readonly number[], identity = 'weights 1'): Promise<void> =>
  createKvStore({ directory, identity }).save(new FakeSequence(tokens), tokens);

const recall = async (directory: string, tokens: readonly number[], identity = 'weights 1') => {
  const store = createKvStore({ directory, identity });
  const found = await store.find(tokens);
  const sequence = new FakeSequence([]);
  if (found !== null) await store.load(sequence, found);
  return { common: found?.common ?? 0, tokens: sequence.contextTokens };
};

describe('saved prompt states', () => {
  it('are found by another process by their longest common beginning', async () => {
    const directory = await folder();
    await keep(directory, [1, 2, 3]);
    await keep(directory, [1, 2, 3, 4, 5]);
    expect(await recall(directory, [1, 2, 3, 4, 9])).toEqual({ common: 4, tokens: [1, 2, 3, 4, 5] });
    expect(await recall(directory, [7])).toEqual({ common: 0, tokens: [] });
  });

  it('are refused for other weights or another engine version', async () => {
    const directory = await folder();
    await keep(directory, [1, 2, 3]);
    expect(await recall(directory, [1, 2, 3], 'weights 2')).toEqual({ common: 0, tokens: [] });
    expect(await recall(directory, [1, 2, 3])).toEqual({ common: 3, tokens: [1, 2, 3] });
  });

  it('are removed when damaged, cut short or without a readable record, and nothing is loaded', async () => {
    const damages = [
      (name: string) => writeFile(name.replace('.json', '.kv'), Buffer.alloc(1000, 1)),
      (name: string) => writeFile(name.replace('.json', '.kv'), ''),
      (name: string) => rm(name.replace('.json', '.kv')),
      (name: string) => writeFile(name, '{"identity":'),
    ];
    for (const damage of damages) {
      const directory = await folder();
      await keep(directory, [1, 2, 3]);
      const record = (await readdir(directory)).find((file) => file.endsWith('.json'))!;
      await damage(path.join(directory, record));
      expect((await recall(directory, [1, 2, 3])).tokens).toEqual([]);
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('stay under the cap: the longest unused one goes first, and a larger one than the cap is not kept', async () => {
    const directory = await folder();
    const store = createKvStore({ directory, identity: 'weights 1', maxBytes: 2500 });
    for (const [age, token] of [30, 20].entries()) {
      await store.save(new FakeSequence([token]), [token]);
      const name = (await readdir(directory)).find((file) => file.endsWith('.json') && file.includes('-1-'))!;
      expect(name).toBeDefined();
      const time = new Date(Date.now() - (10 - age) * 60_000);
      for (const file of await readdir(directory))
        if (Date.now() - (await stat(path.join(directory, file))).mtimeMs < 10_000)
          await utimes(path.join(directory, file), time, time);
    }
    await store.save(new FakeSequence([10]), [10]);
    expect((await store.find([30])) === null).toBe(true);
    expect((await store.find([20]))?.common).toBe(1);
    expect((await store.find([10]))?.common).toBe(1);
    await store.save(new FakeSequence([5], 3000), [5]);
    expect(await store.find([5])).toBeNull();
    expect((await store.find([10]))?.common).toBe(1);
  });

  it('are written once, and never make a request fail', async () => {
    const directory = await folder();
    const logged: string[] = [];
    const store = createKvStore({ directory, identity: 'x', log: (line) => logged.push(line) });
    await store.save(new FakeSequence([1, 2]), [1, 2]);
    const before = await readdir(directory);
    const broken = new FakeSequence([1, 2]);
    broken.saveStateToFile = () => Promise.reject(new Error('no space left on device'));
    await store.save(broken, [1, 2]);
    expect(logged).toEqual([]);
    await store.save(broken, [1, 2, 3]);
    expect(logged).toEqual(['saved prompt state: save failed (no space left on device)']);
    expect(await readdir(directory)).toEqual(before);
  });
});
