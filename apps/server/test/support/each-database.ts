import { afterAll, beforeAll, describe, it } from 'vitest';
import { openTestDatabase, type TestDatabase, whyNoEmbedded } from './database.ts';

const noEmbedded = await whyNoEmbedded();

const skipped = (title: string): void => {
  // Seen by whoever reads the output: what was not run must not look like what passed.
  console.warn(`NOT RUN: ${title}`);
  describe.skip(title, () => {
    it('is not run', () => {});
  });
};

/** A suite that needs the embedded database; skipped by name where it cannot run. */
export const describeEmbedded = (title: string, body: () => void): void => {
  if (noEmbedded === null) describe(title, body);
  else skipped(`${title}: ${noEmbedded}`);
};

const suite = (title: string, url: string | undefined, body: (opened: () => TestDatabase) => void): void => {
  describe(title, () => {
    let opened: TestDatabase | null = null;
    beforeAll(async () => {
      opened = await openTestDatabase(url);
    }, 120_000);
    afterAll(() => opened?.close(), 120_000);
    body(() => opened!);
  });
};

/** The same tests on the embedded database and, where the variable is set, on that of DATABASE_URL. */
export const onEachDatabase = (title: string, body: (opened: () => TestDatabase) => void): void => {
  if (noEmbedded === null) suite(`${title}, embedded`, undefined, body);
  else skipped(`${title}, embedded: ${noEmbedded}`);
  const url = process.env.DATABASE_URL;
  if (url !== undefined) suite(`${title}, DATABASE_URL`, url, body);
  else describe.skip(`${title}, DATABASE_URL: the variable is not set`, () => it('is not run', () => {}));
};
