import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../src/exec/run.ts';
import { createPathGuard } from '../../src/files/paths.ts';
import { isPublicAddress, readRule, whyRefused } from '../../src/sandbox/egress/allow-list.ts';
import { startEgressProxy } from '../../src/sandbox/egress/proxy.ts';
import { defaultLimits } from '../../src/sandbox/limits.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { seccompProgram } from '../../src/sandbox/seccomp.ts';
import { never, put, tempDir } from '../support/temp.ts';
import { levels } from './confined.ts';

const rules = ['example.com', '*.wild.org', 'odd.net:8443'].map((text) => readRule(text)!);
const ask = (scheme: 'http' | 'https', host: string, port: number) =>
  whyRefused(rules, { scheme, host, port });

describe('the list', () => {
  test('names, names below a name, ports', () => {
    expect([
      ask('https', 'example.com', 443),
      ask('http', 'Example.COM.', 80),
      ask('https', 'a.b.wild.org', 443),
    ]).toEqual([null, null, null]);
    expect(ask('https', 'odd.net', 8443)).toBeNull();
    expect(ask('https', 'example.com', 22)).toMatch(/port 22/);
    expect(ask('http', 'example.com', 443)).toMatch(/port 443/);
    expect(ask('https', 'odd.net', 443)).toMatch(/port/);
    for (const host of ['wild.org', 'notexample.com', 'example.com.evil.net', 'evilwild.org']) {
      expect(ask('https', host, 443)).toMatch(/not on the list/);
    }
  });

  test.each([
    '127.0.0.1',
    '[::1]',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '169.254.169.254',
    'example.com@evil.net',
    'ex ample.com',
    '-a.com',
    '',
  ])('%s is no host name, neither asked for nor listed', (host) => {
    expect(ask('https', host, 443)).toMatch(/not a host name/);
    expect(readRule(host)).toBeNull();
  });

  test('addresses of the open internet only', () => {
    const open = ['93.184.216.34', '2606:4700::1111', '172.15.0.1', '8.8.8.8'];
    const closed = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.100.100.200',
      '0.0.0.0',
      '255.255.255.255',
    ];
    const closed6 = [
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd00:ec2::254',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::',
      'ff02::1',
    ];
    expect(open.filter(isPublicAddress)).toEqual(open);
    expect([...closed, ...closed6, 'example.com', ''].filter(isPublicAddress)).toEqual([]);
    void fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      }),
    );
  });
});

/** An internet of two services, a name for each address, and a proxy into it. */
const internet = async (
  names: Readonly<Record<string, readonly (readonly string[])[]>>,
  allow: readonly string[],
) => {
  const web = createHttpServer((request, response) =>
    response.end(`${request.headers.host} ${request.url} ${request.headers['proxy-authorization']}`),
  );
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  for (const server of [web, echo]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
  }
  const asked = new Map<string, number>();
  const dialled: string[] = [];
  const socket = join(tempDir(), 'proxy.sock');
  const proxy = await startEgressProxy({
    socket,
    allow,
    outside: {
      resolve: async (host) => {
        const count = asked.get(host) ?? 0;
        asked.set(host, count + 1);
        const answers = names[host] ?? [];
        return answers[Math.min(count, answers.length - 1)] ?? [];
      },
      connect: (address, port) => {
        dialled.push(`${address}:${port}`);
        return connect(((port === 80 ? web : echo).address() as AddressInfo).port, '127.0.0.1');
      },
    },
  });
  onTestFinished(proxy.close);
  return { socket, dialled, asked };
};

const get = (socketPath: string, path: string, headers: Record<string, string> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const host = URL.canParse(path) ? new URL(path).host : 'x';
    httpRequest({ socketPath, path, headers: { host, ...headers } }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(`${response.statusCode} ${text}`);
    })
      .on('error', reject)
      .end();
  });

/** The answer to a CONNECT, and what comes back through it. */
const tunnel = async (socketPath: string, target: string): Promise<string> => {
  const client = connect(socketPath);
  client.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\nping`);
  let text = '';
  for await (const chunk of client) {
    text += chunk;
    if (text.endsWith('ping')) break;
  }
  client.destroy();
  return text;
};

describe('the proxy', () => {
  const names = {
    'example.com': [['93.184.216.34']],
    'inner.example.com': [['10.0.0.5']],
    'mixed.example.com': [['93.184.216.34', '127.0.0.1']],
    'rebound.example.com': [['93.184.216.34'], ['169.254.169.254']],
  };
  const allow = ['example.com', '*.example.com'];

  test('passes what is listed, to the address that was checked, without what speaks of the connection', async () => {
    const { socket, dialled, asked } = await internet(names, allow);
    expect(await get(socket, 'http://example.com/a?b', { 'proxy-authorization': 'x' })).toBe(
      '200 example.com /a?b undefined',
    );
    expect(await tunnel(socket, 'example.com:443')).toMatch(/^HTTP\/1.1 200 .*\r\n\r\nping$/);
    expect(await tunnel(socket, 'rebound.example.com:443')).toMatch(/ping$/);
    expect(dialled).toEqual(['93.184.216.34:80', '93.184.216.34:443', '93.184.216.34:443']);
    expect(asked.get('rebound.example.com')).toBe(1);
    expect(await tunnel(socket, 'rebound.example.com:443')).toMatch(/403.*private network/s);
  });

  test('refuses the rest, and dials nothing for it', async () => {
    const { socket, dialled } = await internet(names, allow);
    const refused = await Promise.all([
      tunnel(socket, 'evil.net:443'),
      tunnel(socket, 'example.com:22'),
      tunnel(socket, '93.184.216.34:443'),
      tunnel(socket, '[::1]:443'),
      tunnel(socket, '169.254.169.254:80'),
      tunnel(socket, 'inner.example.com:443'),
      tunnel(socket, 'mixed.example.com:443'),
      tunnel(socket, 'unknown.example.com:443'),
      get(socket, 'http://evil.net/'),
      get(socket, 'http://127.0.0.1/'),
      get(socket, 'http://2130706433/'),
      get(socket, 'http://example.com:22/'),
      get(socket, 'http://example.com/', { host: 'evil.net' }),
      get(socket, 'http://a:b@example.com/'),
      get(socket, 'ftp://example.com/'),
      get(socket, '/relative'),
    ]);
    expect(refused.filter((answer) => !/403/.test(answer))).toEqual([]);
    expect(dialled).toEqual([]);
  });

  test('a rule that is no host is refused at once', async () => {
    await expect(
      startEgressProxy({ socket: join(tempDir(), 's'), allow: ['10.0.0.0/8'] }),
    ).rejects.toMatchObject({ code: 'configuration' });
  });
});

describe.each(levels)('from inside a sandbox: $title', ({ level }) => {
  test.skipIf(level === null)('only through the proxy', async () => {
    const { socket, dialled } = await internet({ 'example.com': [['93.184.216.34']] }, ['example.com']);
    const [root, state] = [tempDir(), tempDir()];
    const program = seccompProgram({ architecture: process.arch, sockets: true })!;
    put(state, { calls: program });
    const sandbox = createSandbox({
      level: level!,
      facts: { profile: 'workspace-write', level: level!.name, egress: 'hosts', limits: 'process' },
      environment: process.env,
      stateDir: state,
      folder: join(state, 'own'),
      seccomp: { program, file: join(state, 'calls') },
      limits: defaultLimits(),
      egress: join(socket, '..'),
    });
    const place = { root, isScratch: false, readable: [] };
    const source = `
      const say = async (url) => { try { const r = await fetch(url); console.log(r.status, await r.text()); } catch (e) { console.log('failed', e.cause?.code || 'otherwise'); } };
      await say('http://example.com/in'); await say('http://evil.net/'); await say('http://127.0.0.1:65530/');
      process.env.HTTP_PROXY = ''; process.kill(process.pid, 'SIGUSR2');`;
    const result = await runCommand(
      {
        guard: createPathGuard(root),
        environment: {},
        milliseconds: () => performance.now(),
        confine: (run) => sandbox.confine(place, run),
      },
      {
        command: [process.execPath, '--input-type=module', '-e', source],
        timeoutMs: 20_000,
        signal: never(),
      },
    );
    expect(result.output).toBe('200 example.com /in undefined\nfailed otherwise\nfailed ECONNREFUSED\n');
    expect(result.exit).toBe(140);
    expect(dialled).toEqual(['93.184.216.34:80']);
  });
});
