import { describe, expect, test } from 'vitest';
import { landlock, levels } from './confined.ts';
import { attempts } from './escape-attempts.ts';
import { blocks, escaped, landlockShows } from './escape-suite.ts';

for (const candidate of levels) blocks(candidate);

describe.each(levels)('blocked, read-only: $title', ({ level }) => {
  test.skipIf(level === null)('every attempt', async () => {
    expect(await escaped(level, { among: attempts, place: 'inside', profile: 'read-only' })).toEqual([]);
  });
});

describe(`blocked, read-only: ${landlock.title}`, () => {
  test.skipIf(landlock.level === null)('every attempt but to look at the machine', async () => {
    const got = await escaped(landlock.level, { among: attempts, place: 'inside', profile: 'read-only' });
    expect(got.filter((name) => !landlockShows.has(name))).toEqual([]);
  });
});
