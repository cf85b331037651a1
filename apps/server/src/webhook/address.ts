import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { AppError } from '@tandem/protocol/error';

/** What the person who started the server lets webhooks reach besides the public internet. */
export type Reach = {
  readonly allows: (address: string) => boolean;
};

/** Special-purpose addresses of IPv4 (RFC 6890 and later): nobody's on the internet, somebody's in this network. */
const specialV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 all but what is given out, and of that what tunnels to an IPv4 address or is for examples. */
const givenOutV6 = '2000::/3';
const specialV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const loopbacks = ['127.0.0.0/8', '::1/128'];

const listOf = (ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', prefix = ''] = range.split('/');
    list.addSubnet(net, Number(prefix), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};
const special = listOf([...specialV4, ...specialV6]);
const givenOut = listOf([givenOutV6]);
const loopback = listOf(loopbacks);

const isIn = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Anybody may send there. A mapped IPv4 address (`::ffff:…`) is none of those that were given out. */
export const isPublic = (address: string): boolean =>
  !isIn(special, address) && (isIP(address) === 4 || isIn(givenOut, address));

/** From a list such as `127.0.0.1,10.2.0.0/16`. @throws AppError usage */
export const reachOf = (text = ''): Reach => {
  const ranges = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (part.includes('/') ? part : `${part}/${isIP(part) === 6 ? 128 : 32}`));
  for (const range of ranges) {
    const [, net = '', prefix] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(range) ?? [];
    if (isIP(net) === 0 || Number(prefix) > (isIP(net) === 6 ? 128 : 32))
      throw new AppError('usage', `${range} is no address and no range; write 127.0.0.1 or 10.2.0.0/16.`);
  }
  const allowed = listOf(ranges);
  return { allows: (address) => isIn(allowed, address) };
};

/** @throws AppError configuration for an address that no delivery would be sent to, as far as it can be told without asking for its name */
export const requireUrl = (text: string, reach: Reach): void => {
  const url = parse(text);
  const host = hostOf(url);
  if (isIP(host) !== 0) requireReachable(url, host, reach);
  else if (url.protocol === 'http:' && !/^localhost\.?$/.test(host)) throw noPlainHttp();
};

const parse = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new AppError('configuration', 'The url of a webhook begins with https://.');
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new AppError('configuration', 'The url of a webhook has no user, no password and no #fragment.');
  return url;
};

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const noPlainHttp = (): AppError =>
  new AppError(
    'configuration',
    'A webhook is sent over https; over http only to loopback, where the server was started with --webhooks-to 127.0.0.1.',
  );

const requireReachable = (url: URL, address: string, reach: Reach): void => {
  if (url.protocol === 'http:' && !(isIn(loopback, address) && reach.allows(address))) throw noPlainHttp();
  if (isPublic(address) || reach.allows(address)) return;
  throw new AppError(
    'configuration',
    `${url.hostname} is an address inside of a network (${address}); whoever starts the server allows one with --webhooks-to.`,
  );
};

export type Checked = { readonly url: URL; readonly address: string };

/**
 * Asks for the name once, and gives the address to connect to: the one that was checked. A name with one address inside is
 * refused whole. @throws AppError configuration | offline
 */
export const resolveUrl = async (text: string, reach: Reach, signal: AbortSignal): Promise<Checked> => {
  requireUrl(text, reach);
  const url = parse(text);
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await addressesOf(host, signal) : [host];
  for (const address of addresses) requireReachable(url, address, reach);
  return { url, address: addresses[0]! };
};

/** The system's own resolver may take minutes, and cannot be stopped: its answer is then left. */
const lookupMs = 10_000;

const addressesOf = async (host: string, signal: AbortSignal): Promise<readonly string[]> => {
  const asking = lookup(host, { all: true });
  asking.catch(() => {});
  const ending = AbortSignal.any([signal, AbortSignal.timeout(lookupMs)]);
  const late = new Promise<never>((_, reject) => {
    ending.addEventListener('abort', () => reject(ending.reason), { once: true });
  });
  const found = await Promise.race([asking, late]).catch((cause: unknown) => {
    throw new AppError('offline', `${host} has no address now.`, { cause });
  });
  if (found.length === 0) throw new AppError('offline', `${host} has no address now.`);
  return found.map(({ address }) => address);
};
