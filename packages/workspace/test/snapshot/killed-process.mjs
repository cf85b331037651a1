/**
 * A process that does one thing with a store and is killed before its Nth change of the file system:
 * `node killed-process.mjs ROOT FOLDER take|restore N`. Prints the number of changes when it comes to its end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { killAt } from '../support/kill-at.mjs';

const [root = '', folder = '', what = '', last = '0'] = process.argv.slice(2);
const counter = killAt(last);

counter.count(fs.promises, [
  'open',
  'rename',
  'unlink',
  'link',
  'symlink',
  'mkdir',
  'rmdir',
  'rm',
  'chmod',
  'writeFile',
]);
counter.count(fs, ['writeFileSync', 'unlinkSync', 'chmodSync']);
syncBuiltinESMExports();

const { createSnapshots } = await import('../../src/snapshot/snapshots.ts');
const snapshots = createSnapshots({ source: { root }, folder, watch: false });
if (what === 'take') await snapshots.take('snp_cut');
else
  await snapshots.restore({
    segments: [{ before: 'snp_before', after: 'snp_after' }],
    now: 'snp_now',
    others: 'refuse',
  });
process.stdout.write(`${counter.steps()}\n`);
