import { BlockList, isIP } from 'node:net';

/** Ports without a word about them in the list. */
const ports = { http: 80, https: 443 } as const;

export type HostRule = {
  /** In lower case; `*.` in front stands for every name below it. */
  readonly host: string;
  /** Null: the usual port of the scheme. */
  readonly port: number | null;
};

/** Reads `name`, `*.name` and `name:port`. Null for anything else: an address of numbers is never a rule. */
export const readRule = (text: string): HostRule | null => {
  const match = /^((?:\*\.)?[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1]?.toLowerCase() ?? '';
  if (!isHostName(host.replace(/^\*\./, ''))) return null;
  return { host, port: match?.[2] === undefined ? null : Number(match[2]) };
};

/** Letters in the last label: neither an address nor any of the ways to write one as a number. */
const isHostName = (host: string): boolean =>
  host.length <= 253 &&
  isIP(host) === 0 &&
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/i.test(host);

/** Why a request may not leave, or null when it may. */
export const whyRefused = (
  rules: readonly HostRule[],
  request: { readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number },
): string | null => {
  const host = request.host.toLowerCase().replace(/\.$/, '');
  if (!isHostName(host)) return `${request.host} is not a host name`;
  const named = rules.filter((rule) =>
    rule.host.startsWith('*.') ? host.endsWith(rule.host.slice(1)) : host === rule.host,
  );
  if (named.length === 0) return `${host} is not on the list of allowed hosts`;
  if (named.some((rule) => request.port === (rule.port ?? ports[request.scheme]))) return null;
  return `port ${request.port} of ${host} is not allowed`;
};

const closed = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  closed.addSubnet(network, prefix, 'ipv4');
}

const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
/** Tunnels that carry an IPv4 address inside, documentation, and the ranges of protocols. */
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  closed.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is one of the open internet: not this machine, a private network or a cloud's metadata service. */
export const isPublicAddress = (address: string): boolean => {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4');
    case 6:
      return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
    default:
      return false;
  }
};
