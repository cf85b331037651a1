import { posix } from 'node:path';
import { hole, type Word } from '../../shell/command.ts';
import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { hostOf, reaches, spawns, unclear } from './make.ts';
import { gravest, type Payload, payloadOfFile, payloadOfInput, payloadOfText } from './payload.ts';

const data = ['-d', '--data', '--data-ascii', '--data-binary', '--data-raw', '--data-urlencode', '--json'];
const form = ['-F', '--form', '--form-string'];
const written = [
  '-o',
  '--output',
  '-D',
  '--dump-header',
  '-c',
  '--cookie-jar',
  '--trace',
  '--trace-ascii',
  '--stderr',
  '--etag-save',
  '--libcurl',
  '--hsts',
  '--alt-svc',
];
const loaded = [
  '-E',
  '--cert',
  '--key',
  '--cacert',
  '--netrc-file',
  '-K',
  '--config',
  '--etag-compare',
  '--proxy-cert',
  '--proxy-key',
];
const through = [
  '-x',
  '--proxy',
  '--preproxy',
  '--socks4',
  '--socks4a',
  '--socks5',
  '--socks5-hostname',
  '--doh-url',
];

const curlGrammar = grammar({
  values: [
    ...data,
    ...form,
    ...written,
    ...loaded,
    ...through,
    '-X --request -H --header -A --user-agent -e --referer -u --user -U --proxy-user -T --upload-file -b --cookie --url',
    '-m --max-time --connect-timeout --retry --retry-delay --retry-max-time -w --write-out -r --range -Y -y -z --time-cond',
    '--limit-rate --resolve --connect-to --interface --cacert --capath --ciphers --unix-socket --abstract-unix-socket -Q --quote',
    '--engine --oauth2-bearer --aws-sigv4 --output-dir --max-filesize --max-redirs --proto --noproxy --local-port --dns-servers -C --continue-at -P --ftp-port -t --telnet-option',
  ].join(' '),
  flags:
    '--get --head --remote-name --remote-name-all --insecure --location --silent --fail --upload-file --netrc --include --compressed',
});

/** Each address is reached; what is sent, by which method, and where the answer is put. */
export const curl: Describe = (command, context) => {
  const call = callOf(command, context, curlGrammar);
  const addresses = [...call.values('--url'), ...call.operands];
  const sent = call.has('-G', '--get') ? undefined : gravest(payloads(call));
  const method = methodOf(call, sent);
  return [
    ...call.read(call.values(...loaded)),
    ...call.read(sentFiles(call)),
    ...call.write(call.values(...written)),
    ...call.write(savedByName(call, addresses)),
    ...call.values('--engine').map((word) => spawns(word.text, 'curl loads a library')),
    ...(call.has('-K', '--config') ? [unclear('target', 'curl takes its addresses from a file')] : []),
    ...socketEffects(call, method),
    ...addresses.flatMap((address) =>
      requestEffects(address, { call, method, payload: sent, sends: sent !== undefined }),
    ),
    ...call.values(...through).map((word) => reaches('fetch', word.text, `goes through ${word.text}`)),
  ];
};

const payloads = (call: Call): readonly Payload[] => [
  ...call.values(...data, ...form).map(payloadOfText),
  ...sentFiles(call).map((word) => payloadOfFile(call.path(word))),
  ...(call
    .values('-T', '--upload-file', ...data, ...form)
    .some((word) => /^(@|[\w-]+=[@<])?-$/.test(word.text))
    ? [payloadOfInput(call) ?? 'unknown']
    : []),
];

/** `@file`, `name=@file;type=x`, `name@file`, and what is uploaded. */
const sentFiles = (call: Call): readonly Word[] => [
  ...call.values('-T', '--upload-file').filter((word) => word.text !== '-'),
  ...call.options.flatMap(({ name, value }) => {
    if (!value || name === '--data-raw' || name === '--form-string') return [];
    if (data.includes(name)) {
      const match = (name === '--data-urlencode' ? /^[\w.-]*@(.+)$/ : /^@(.+)$/).exec(value.text);
      return match && match[1] !== '-' ? [wordWith(value, match[1]!)] : [];
    }
    if (!form.includes(name)) return [];
    const match = /^[^=]*=[@<]"?([^;,"]+)/.exec(value.text);
    return match && match[1] !== '-' ? [wordWith(value, match[1]!)] : [];
  }),
];

const methodOf = (call: Call, sent: Payload | undefined): string => {
  const given = call.values('-X', '--request').at(-1);
  if (given) return given.text.toUpperCase();
  if (call.has('-T', '--upload-file')) return 'PUT';
  if (call.has('-I', '--head')) return 'HEAD';
  return sent ? 'POST' : 'GET';
};

type Request = {
  readonly call: Call;
  readonly method: string;
  readonly payload: Payload | undefined;
  readonly sends: boolean;
};

const requestEffects = (address: Word, request: Request): readonly Effect[] => {
  const { call, method } = request;
  if (/^file:/i.test(address.text))
    return call.read([wordWith(address, address.text.replace(/^file:\/\/(localhost)?/i, ''))]);
  const quoted = call.has('-Q', '--quote') || /^(smtp|telnet|dict|gopher|ldap)s?:/i.test(address.text);
  const changing = !['GET', 'HEAD', 'OPTIONS'].includes(method) || request.sends || quoted;
  return webRequest(address, { method, changing, payload: request.payload });
};

/** Effects of one HTTP request, whatever program makes it. */
export const webRequest = (
  address: Word,
  request: { readonly method: string; readonly changing: boolean; readonly payload: Payload | undefined },
): readonly Effect[] => {
  const inAddress = pathOf(address).includes(hole) ? 'unknown' : undefined;
  const payload = request.payload ?? inAddress;
  const how = request.changing ? 'send' : request.method === 'HEAD' ? 'query' : 'fetch';
  const what = `${request.method} ${address.text}`;
  const destroyed: readonly Effect[] =
    request.method === 'DELETE' || (request.changing && orders.test(pathOf(address)))
      ? [
          {
            type: 'remote',
            system: 'service',
            change: 'destroy',
            what: `deletes at ${hostOf(address.text) ?? 'a host'}`,
          },
        ]
      : [];
  return [reaches(how, address.text, what, payload), ...destroyed];
};

/** An interface's own words for what cannot be taken back, and for its settings. */
const orders =
  /[/_?&=-](delete|remove|drop|purge|destroy|wipe|truncate|shutdown|terminate|flush|reset)(?![a-z])|\/_(close|cluster|security|settings|shutdown|all)\b/i;

const pathOf = (address: Word): string => address.text.replace(/^([a-z]+:\/\/)?[^/?#]*/i, '');

const savedByName = (call: Call, addresses: readonly Word[]): readonly Word[] => {
  if (!call.has('-O', '--remote-name', '--remote-name-all')) return [];
  const folder = call.values('--output-dir')[0]?.text ?? '.';
  return addresses.map((address) => wordWith(address, posix.join(folder, nameIn(address))));
};

/** The file name that an address ends in. */
export const nameIn = (address: Word): string =>
  posix.basename(pathOf(address).replace(/[?#].*$/, '')) || 'index.html';

const socketEffects = (call: Call, method: string): readonly Effect[] =>
  call.values('--unix-socket', '--abstract-unix-socket').map((word) => ({
    type: 'remote',
    system: 'container',
    change: method === 'GET' || method === 'HEAD' ? 'read' : 'run',
    what: `${method} over the socket ${word.text}`,
  }));
