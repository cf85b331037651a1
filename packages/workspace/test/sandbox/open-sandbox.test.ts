import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Level } from '../../src/sandbox/levels.ts';
import { isNoLevel, openSandbox, type SandboxOptions } from '../../src/sandbox/open-sandbox.ts';
import { never, put, tempDir } from '../support/temp.ts';
import { levels } from './confined.ts';

const options = (more: Pick<SandboxOptions, 'levels' | 'hosts'> & { readonly cacheDir?: string }) => ({
  profile: 'workspace-write' as const,
  environment: process.env,
  stateDir: tempDir(),
  cacheDir: tempDir(),
  signal: never(),
  ...more,
});

/** A program in bwrap's place. */
const pretender = (text: string): Level => {
  const folder = tempDir();
  put(folder, { bwrap: `#!/bin/bash\n${text}\n` });
  chmodSync(join(folder, 'bwrap'), 0o755);
  return { name: 'bubblewrap', binary: join(folder, 'bwrap'), profiles: ['read-only', 'workspace-write'] };
};

describe('never less than was asked for', () => {
  test('nothing is installed', async () => {
    await expect(openSandbox(options({ levels: [] }))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/does not hold on this machine.*Install bubblewrap.*--sandbox full/),
    });
  });

  test('its program fails: its own last words are passed on, with what to do', async () => {
    const blocked = pretender('echo "bwrap: setting up uid map: Permission denied" >&2; exit 1');
    await expect(openSandbox(options({ levels: [blocked] }))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/uid map: Permission denied.*apparmor_restrict_unprivileged_userns/),
    });
  });

  test('that nothing holds is told apart from a host that is none', async () => {
    const why = (hosts: readonly string[]) =>
      openSandbox(options({ levels: [], hosts })).catch((error: unknown) => error);
    expect(isNoLevel(await why(['example.com']))).toBe(true);
    expect(isNoLevel(await why(['127.0.0.1']))).toBe(false);
    expect(await why(['127.0.0.1'])).toMatchObject({ message: expect.stringContaining('"127.0.0.1"') });
  });

  test('its program runs the command and confines nothing: every broken promise is named', async () => {
    const open = pretender(
      'while [ "$1" != "--" ]; do shift; done; shift; cd "$ROOT" 2>/dev/null; TMPDIR=/tmp exec "$@"',
    );
    const refusal = await openSandbox(options({ levels: [open] })).catch((error: Error) => error.message);
    for (const promise of [
      'closed hooks and settings',
      'a read-only machine',
      'hidden homes and credentials',
      'hidden processes',
      'no way to more rights',
      'no network',
      'no sockets of the machine',
    ]) {
      expect(refusal).toContain(promise);
    }
  });

  test('Landlock is not asked to hold what it cannot', async () => {
    const landlock: Level = { name: 'landlock', binary: '/usr/bin/python3', profiles: ['read-only'] };
    await expect(openSandbox(options({ levels: [landlock] }))).rejects.toMatchObject({
      code: 'configuration',
    });
  });
});

describe.each(levels)('what held is remembered: $title', ({ level }) => {
  test.skipIf(level === null)('until the program changes', async () => {
    const cacheDir = tempDir();
    const first = await openSandbox(options({ levels: [level!], cacheDir }));
    expect(first.facts).toMatchObject({ profile: 'workspace-write', level: level?.name, egress: 'off' });
    expect(readdirSync(cacheDir)).toEqual([`sandbox-${level?.name}-workspace-write`]);
    const other = { ...level!, binary: '/bin/false' };
    await expect(openSandbox(options({ levels: [other], cacheDir }))).rejects.toMatchObject({
      code: 'configuration',
    });
  });
});
