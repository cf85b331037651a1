import type { Generated, GenerateRequest, Model } from '@tandem/core';

/** A hosted server queues more than this anyway, and a local one has about as many slots. */
const atOnce = 4;

/** One request per seed, four at once, each yielded as it is done; leaving the loop early cancels the others. */
export async function* sampleConcurrently(
  generate: Model['generate'],
  request: GenerateRequest,
  options: { readonly seeds: readonly number[]; readonly signal: AbortSignal },
): AsyncGenerator<Generated, void, undefined> {
  const cancel = new AbortController();
  const signal = AbortSignal.any([options.signal, cancel.signal]);
  const running = new Map<number, Promise<{ readonly index: number; readonly result: Generated }>>();
  const start = async (index: number) => ({
    index,
    result: await generate({ ...request, seed: options.seeds[index]! }, { signal }),
  });
  let next = 0;
  try {
    while (next < options.seeds.length || running.size > 0) {
      while (next < options.seeds.length && running.size < atOnce) {
        running.set(next, start(next));
        next += 1;
      }
      const done = await Promise.race(running.values());
      running.delete(done.index);
      yield done.result;
    }
  } finally {
    cancel.abort(new DOMException('the other samples are no longer needed', 'AbortError'));
    await Promise.allSettled(running.values());
  }
}
