import { defineConfig } from 'vitest/config';

/** Suites that need the weights, or minutes: run by hand and before a release, never by `npm test`. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.slow.test.ts', 'apps/*/test/**/*.slow.test.ts', 'test/**/*.slow.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
