import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { levels, rig } from '../sandbox/confined.ts';

const isRoot = process.getuid?.() === 0;

/**
 * PostgreSQL under its own user keeps its socket in a folder that only it may enter. User 0 enters all the same outside, and
 * not in a user namespace: the mount that should hide the socket failed there, and no command ran at all.
 */
describe.skipIf(!isRoot).each(levels)('a service of another user listens here: $title', ({ level }) => {
  let folder = '';
  let service: Server;

  beforeEach(async () => {
    // Not in a temporary folder: those are hidden as a whole.
    folder = mkdtempSync('/var/lib/tandem-test-');
    chmodSync(folder, 0o755);
    const own = join(folder, 'own');
    mkdirSync(own);
    service = createServer().listen(join(own, 'socket'));
    await once(service, 'listening');
    chmodSync(own, 0o700);
    chownSync(own, 65_534, 65_534);
  });

  afterEach(() => {
    service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(level === null)('commands run, and do not reach it', async () => {
    const { inside } = await rig(level);
    expect(await inside(`ls ${folder}; ls ${folder}/own`)).toMatchObject({
      exit: 2,
      output: expect.stringMatching(/^own\n.*Permission denied\n$/),
    });
  });
});
