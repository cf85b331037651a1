import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMemoryStore,
  eventStoreConformance,
  manualClock,
  memoryWorkspace,
  scriptedModel,
} from '../../src/testing/index.ts';
import { sha256 } from '../../src/testing/sha256.ts';

eventStoreConformance('memory', {
  describe,
  it,
  expect,
  open: async () => ({ store: createMemoryStore(), close: async () => {} }),
});

describe('sha256', () => {
  it('agrees with the one of Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('manual clock', () => {
  it('wakes who slept long enough, and rejects who is aborted', async () => {
    const clock = manualClock();
    const control = new AbortController();
    const { signal } = new AbortController();
    const short = clock.sleep(10, signal);
    const long = clock.sleep(20, control.signal);
    clock.advance(10);
    await short;
    control.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    expect(clock.sleepers()).toBe(0);
    expect(clock.iso()).toBe('2026-01-01T00:00:00.010Z');
  });
});

describe('memory workspace', () => {
  it('restores exactly what a snapshot held', async () => {
    const path = fc.constantFrom('a', 'b', 'c/d', 'e');
    const change = fc.record({ path, text: fc.option(fc.string(), { nil: null }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change), fc.array(change), async (before, after) => {
        const workspace = memoryWorkspace({});
        const apply = async (changes: typeof before) => {
          for (const { path: at, text } of changes)
            await (text === null ? workspace.remove(at) : workspace.write(at, text));
        };
        await apply(before);
        const files = new Map(workspace.files);
        await workspace.snapshot('one');
        await apply(after);
        const changed = (await workspace.diffSince('one')).files.map((file) => file.path);
        await workspace.snapshot('two');
        const segments = [{ before: 'one', after: 'two' }];
        const restored = await workspace.restore({ segments, now: 'two', others: 'refuse' });
        expect(restored).toEqual({ files: changed, refs: [], conflicts: [] });
        expect(new Map(workspace.files)).toEqual(files);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what is outside and matches globs', async () => {
    const workspace = memoryWorkspace({ 'src/a.ts': '', 'src/deep/b.ts': '', 'c.md': '' });
    await expect(workspace.read('../x')).rejects.toMatchObject({ code: 'usage' });
    expect(await workspace.list({ glob: 'src/**/*.ts' })).toEqual(['src/a.ts', 'src/deep/b.ts']);
    expect(await workspace.list({ glob: '*.md' })).toEqual(['c.md']);
  });
});

describe('scripted model', () => {
  it('gives one sample a seed and obeys an abort', async () => {
    const model = scriptedModel({ turns: [{ text: 'a' }, { text: 'b' }, { until: new Promise(() => {}) }] });
    const control = new AbortController();
    const { signal } = control;
    const texts: string[] = [];
    for await (const one of model.samples({ messages: [], maxTokens: 1 }, { seeds: [1, 2], signal }))
      texts.push(one.text);
    expect(texts).toEqual(['a', 'b']);
    const waiting = model.generate({ messages: [], maxTokens: 1 }, { signal });
    control.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});
