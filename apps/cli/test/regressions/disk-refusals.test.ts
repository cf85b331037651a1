import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';

/** Commands that keep something of their own called a full disk a bug of theirs. */
test.skipIf(process.platform !== 'linux').each([
  ['.local/share/tandem/trust.json', ['trust']],
  ['.config/tandem/config.toml', ['model', 'use', 'openai/x']],
])('a full disk under %s is no bug of tandem', async (file, words) => {
  const machine = new Machine();
  const path = join(machine.home, file);
  mkdirSync(dirname(path), { recursive: true });
  // The shell becomes the process whose number the file beside it carries.
  const script = 'ln -s /dev/full "$1.$$.new"; shift; exec "$@"';
  const bin = join(import.meta.dirname, '../../../../bin/tandem');
  const env = { PATH: process.env.PATH, HOME: machine.home };
  const outcome = promisify(execFile)('sh', ['-c', script, 'sh', path, bin, ...words], {
    cwd: machine.workspace,
    env,
  });
  await expect(outcome).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'tandem: a file could not be written: the disk is full; make room and try again.\n',
  });
});
