import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Machine } from '../e2e/tandem.ts';

/** Commands that keep something of their own called a full disk a bug of theirs. */
test.skipIf(process.platform !== 'linux').each([
  ['.local/share/tandem/trust.json', ['trust']],
  ['.config/tandem/config.toml', ['model', 'use', 'openai/x']],
])('a full disk under %s is no bug of tandem', async (file, words) => {
  const machine = new Machine();
  const path = join(machine.home, `${file}.new`);
  mkdirSync(join(path, '..'), { recursive: true });
  symlinkSync('/dev/full', path);
  expect(await machine.run(words)).toEqual({
    code: 1,
    out: '',
    err: 'tandem: a file could not be written: the disk is full; make room and try again.\n',
  });
});
