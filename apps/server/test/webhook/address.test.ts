import { isAppError } from '@tandem/protocol/error';
import { expect, it } from 'vitest';
import { isPublic, reachOf, requireUrl, resolveUrl } from '../../src/webhook/address.ts';
import { never } from '../support/database.ts';

const inside = [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1'],
  ...[
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ],
  ...['2001::1', '2001:db8::1', 'fec0::1', '::127.0.0.1'],
];
const outside = ['8.8.8.8', '172.32.0.1', '100.63.0.1', '198.20.0.1', '2606:4700::1111', '2a00:1450::1'];

it('tells an address of the internet from one inside of a network', () => {
  for (const address of inside) expect([address, isPublic(address)]).toEqual([address, false]);
  for (const address of outside) expect([address, isPublic(address)]).toEqual([address, true]);
});

const codeOf = async (asked: () => unknown): Promise<string> => {
  try {
    await asked();
    return 'ok';
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
};

it('refuses a url that leads inside, however it is written', async () => {
  const none = reachOf();
  const bad = [
    ...['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'example.com', ''],
    ...[
      'https://user:pass@example.com/',
      'https://example.com/#x',
      'https://127.0.0.1/',
      'https://2130706433/',
    ],
    ...['https://0x7f.1/', 'https://017700000001/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/'],
    ...['https://169.254.169.254/latest/meta-data', 'http://localhost/', 'http://127.0.0.1/'],
  ];
  for (const url of bad) {
    expect([url, await codeOf(() => resolveUrl(url, none, never))]).toEqual([url, 'configuration']);
    if (!url.includes('localhost'))
      expect([url, await codeOf(() => requireUrl(url, none))]).toEqual([url, 'configuration']);
  }
  // A name is looked at when it is sent to: what it says now may change.
  expect(await codeOf(() => resolveUrl('https://localhost/', none, never))).toBe('configuration');
  expect(await codeOf(() => resolveUrl('https://no-such-name.invalid/', none, never))).toBe('offline');
  requireUrl('https://example.com/hook?a=1', none);
});

it('reaches inside only where the server was started to, and http only loopback', async () => {
  const reach = reachOf('127.0.0.1, 10.2.0.0/16,::1');
  expect((await resolveUrl('http://127.0.0.1:8080/a', reach, never)).address).toBe('127.0.0.1');
  expect((await resolveUrl('https://10.2.3.4/', reach, never)).address).toBe('10.2.3.4');
  expect(await codeOf(() => resolveUrl('http://10.2.3.4/', reach, never))).toBe('configuration');
  expect(await codeOf(() => resolveUrl('https://10.3.0.1/', reach, never))).toBe('configuration');
  expect(await codeOf(() => resolveUrl('http://127.0.0.2/', reach, never))).toBe('configuration');
  for (const wrong of ['localhost', '10.0.0.0/33', '10.0.0.0/x', '/8', '::1/129'])
    expect([wrong, await codeOf(() => reachOf(wrong))]).toEqual([wrong, 'usage']);
});
