import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the web page is made from, below the root of the repository. */
const sources = [
  'apps/web/src',
  'apps/web/package.json',
  'packages/protocol/src',
  'packages/sdk/src',
  'scripts/page.ts',
  'package-lock.json',
];

/** The same only for the same sources: a copied checkout has it too, whatever the times of its files say. */
export const pageSources = (root: string): string => {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => filesOf(root, source)).toSorted())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
};

const filesOf = (root: string, path: string): readonly string[] => {
  const facts = statSync(join(root, path), { throwIfNoEntry: false });
  if (facts === undefined) return [];
  if (!facts.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesOf(root, `${path}/${name}`));
};
