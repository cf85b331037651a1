import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

/** The page of the sources that are here, as `npm test` makes it before anything else. */
export const freshPage = (): void => {
  const made = spawnSync(process.execPath, [join(root, 'scripts', 'bundle.mjs')], { encoding: 'utf8' });
  if (made.stderr !== '') throw new Error(made.stderr);
};
