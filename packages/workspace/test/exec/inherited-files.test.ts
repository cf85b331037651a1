import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.skipIf(process.platform !== 'linux')(
  'a file that our own parent left open is found, our own are not',
  () => {
    const source = `
    import { openSync } from 'node:fs';
    import { inheritedFiles } from ${JSON.stringify(new URL('../../src/exec/inherited-files.ts', import.meta.url).href)};
    openSync('/dev/null', 'r');
    console.log(JSON.stringify(inheritedFiles().filter((number) => number < 100)));`;
    const line = 'exec 70< /etc/passwd; exec "$0" --no-warnings --input-type=module-typescript -e "$1"';
    const printed = execFileSync('/bin/bash', ['-c', line, process.execPath, source], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual([70]);
  },
);
