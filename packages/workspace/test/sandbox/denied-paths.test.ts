import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { grepFiles } from '../../src/files/grep.ts';
import { createPathGuard } from '../../src/files/paths.ts';
import { readTextFile } from '../../src/files/read.ts';
import { removeFile, writeTextFile } from '../../src/files/write.ts';
import { deniedPaths } from '../../src/sandbox/denied-paths.ts';
import { put, tempDir } from '../support/temp.ts';

const denied = deniedPaths({
  homes: ['/data/ada'],
  environment: { KUBECONFIG: '/srv/one:/srv/two', NETRC: 'relative' },
  state: '/data/state',
});

test.each([
  '/data/ada/.ssh',
  '/data/ada/.ssh/id_ed25519',
  '/data/ada/.SSH/id',
  '/data/ada/.aws/credentials',
  '/data/ada/.config/gh/hosts.yml',
  '/data/ada/.docker/config.json',
  '/data/ada/.cargo/credentials.toml',
  '/home/bob/.netrc',
  '/root/.kube/config',
  '/Users/bob/Library/Keychains/login.keychain-db',
  '/proc/1/environ',
  '/proc/self/environ',
  '/etc/shadow',
  '/run/secrets/kubernetes.io/serviceaccount/token',
  '/srv/two',
  '/data/state/sessions/x',
])('%s is closed', (path) => {
  expect(denied.has(path)).toBe(true);
});

test.each([
  '/data/ada/code/.ssh.md',
  '/data/ada/.cargo/registry/x',
  '/srv/project/.aws/x',
  '/data/statement',
  '/proc2',
  '/',
])('%s is not', (path) => {
  expect(denied.has(path)).toBe(false);
});

test('the file tools of a workspace that is a home read, write, remove and search none of it', async () => {
  const home = tempDir();
  put(home, { '.ssh/id': 'KEY\n', 'notes/todo': 'KEY\n' });
  symlinkSync('../.ssh/id', join(home, 'notes/link'));
  const closed = deniedPaths({ homes: [home], environment: {} });
  const guard = createPathGuard(home, closed);
  const refusal = { code: 'usage', message: expect.stringMatching(/closed to every tool/) };
  for (const path of ['.ssh/id', './.ssh//id', 'notes/link']) {
    await expect(readTextFile(guard, path)).rejects.toMatchObject(refusal);
  }
  await expect(writeTextFile(guard, { path: '.ssh/new', text: 'x', durable: false })).rejects.toMatchObject(
    refusal,
  );
  await expect(removeFile(guard, '.ssh/id')).rejects.toMatchObject(refusal);
  expect(readFileSync(join(home, '.ssh/id'), 'utf8')).toBe('KEY\n');
  const hits = await grepFiles({ root: home, denied: closed }, { pattern: 'KEY', limit: 10 });
  expect(hits.map(({ path }) => path)).toEqual(['notes/todo']);
});
