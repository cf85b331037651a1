/**
 * A process that does one thing with a store and is killed before its Nth change of the file system:
 * `node killed-process.mjs ROOT FOLDER take|restore N`. Prints the number of changes when it comes to its end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [root = '', folder = '', what = '', last = '0'] = process.argv.slice(2);
let steps = 0;

const counted = (target, names) => {
  for (const name of names) {
    const inner = target[name];
    target[name] = (...given) => {
      if (name === 'open' && (given[1] === undefined || given[1] === 'r')) return inner(...given);
      steps += 1;
      if (steps === Number(last)) process.kill(process.pid, 'SIGKILL');
      return inner(...given);
    };
  }
};

counted(fs.promises, [
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
counted(fs, ['writeFileSync', 'unlinkSync', 'chmodSync']);
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
process.stdout.write(`${steps}\n`);
