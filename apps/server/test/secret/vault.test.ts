import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openServerKey } from '../../src/secret/server-key.ts';
import { createVault } from '../../src/secret/vault.ts';
import { temporaryFolder } from '../support/database.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const place = { table: 'tandem.webhook', column: 'secret', id: 'whk_1' };

it('opens what it sealed, at its place and nowhere else', () => {
  const vault = createVault(randomBytes(32));
  const sealed = vault.seal(place, 'whsec_abc');
  expect(vault.open(place, sealed)).toBe('whsec_abc');
  expect(sealed).not.toContain('whsec_abc');
  expect(vault.seal(place, 'whsec_abc')).not.toBe(sealed);
  for (const other of [
    { ...place, id: 'whk_2' },
    { ...place, column: 'url' },
    { ...place, table: 'x' },
  ])
    expect(() => vault.open(other, sealed)).toThrow(/was changed or belongs to another row/);
  expect(() => createVault(randomBytes(32)).open(place, sealed)).toThrow(/sealed with another key/);
  const [version, name, key, text = ''] = sealed.split('.');
  const bit = Buffer.from(text, 'base64url');
  bit[20]! ^= 1;
  const changed = [version, name, key, bit.toString('base64url')].join('.');
  expect(() => vault.open(place, changed)).toThrow(/was changed/);
});

it('the key of the server is made once, for its owner only, and comes from the environment if given', async () => {
  const file = join(folder.path, 'server-key');
  const made = await openServerKey(undefined, file);
  expect([made.length, statSync(file).mode & 0o777]).toEqual([32, 0o600]);
  expect(await openServerKey('', file)).toEqual(made);
  const given = 'ab'.repeat(32);
  expect(await openServerKey(given, file)).toEqual(Buffer.from(given, 'hex'));
  await expect(openServerKey('short', file)).rejects.toThrow(/TANDEM_SERVER_KEY is no key/);
  chmodSync(file, 0o640);
  await expect(openServerKey(undefined, file)).rejects.toThrow(/may be read by others/);
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});
