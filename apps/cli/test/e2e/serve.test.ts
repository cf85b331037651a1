import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { SessionInfo } from '@tandem/protocol';
import { type Client, createClient } from '@tandem/sdk';
import { describe, expect, test } from 'vitest';
import { serveDoor, serveFolder } from './serve-door.ts';
import { Machine } from './tandem.ts';

/** A request as a browser would send it, with headers that `fetch` does not let one choose. */
const ask = (
  url: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asked.on('error', reject).end();
  });

const clientOf = (url: string, token: string): Client =>
  createClient({ fetch: (request) => fetch(request), baseUrl: url, token });

const twenty = [
  { match: '^Set', toolCalls: [{ name: 'write', arguments: { path: 'sum.txt', text: 'twenty\n' } }] },
  { text: 'It is twenty.' },
];

const settingsOf = (machine: Machine, model: string) =>
  ({ cwd: machine.workspace, model, permissionMode: 'acceptEdits' }) as const;

describe('tandem serve', () => {
  test('opens the workspace to who has its link, and to nobody else', async () => {
    const machine = new Machine();
    const model = machine.script('twenty', twenty);
    const { url, token, child, ended } = await serveDoor(machine, ['--model', model]);
    expect(readFileSync(join(serveFolder(machine), 'token'), 'utf8').trim()).toBe(token);
    expect(statSync(join(serveFolder(machine), 'token')).mode & 0o777).toBe(0o600);

    expect((await ask(`${url}/v1/sessions`)).status).toBe(401);
    expect((await ask(`${url}/v1/sessions`, { authorization: 'Bearer wrong' })).status).toBe(401);
    const authorization = `Bearer ${token}`;
    expect((await ask(`${url}/v1/sessions?token=${token}`)).status).toBe(401);
    const { host } = new URL(url);
    for (const headers of [
      { authorization, host: 'evil.example' },
      { authorization, host: `evil.example:${new URL(url).port}` },
    ])
      expect((await ask(`${url}/v1/sessions`, headers)).status).toBe(421);
    expect((await ask(`${url}/`, { host: 'evil.example' })).status).toBe(421);
    for (const origin of ['https://evil.example', 'null', `http://localhost:${new URL(url).port}`])
      expect((await ask(`${url}/v1/sessions`, { authorization, host, origin })).status).toBe(403);
    expect((await ask(`${url}/v1/sessions`, { authorization, host, origin: `http://${host}` })).status).toBe(
      200,
    );

    const large = fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { authorization },
      body: new Blob(['"', 'x'.repeat(4_100_000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect((await large).status).toBe(413);

    const client = clientOf(url, token);
    expect(await client.workspace()).toMatchObject({
      ...{ cwd: machine.workspace, model, permissionMode: 'default' },
      may: ['view', 'prompt', 'approve'],
    });
    const { session } = await client.createSession({ settings: settingsOf(machine, model) });
    await client.startTurn(session, { text: 'Set it' });
    await until(client, session, 'turn.completed');
    expect(machine.read('sum.txt')).toBe('twenty\n');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  test('ends at Ctrl-C with followers on the line and a turn that runs', async () => {
    const machine = new Machine();
    const model = machine.script('slow', [{ text: 'late', delayMs: 60_000 }]);
    const { url, token, child, ended } = await serveDoor(machine, ['--model', model]);
    const client = clientOf(url, token);
    const { session } = await client.createSession({ settings: settingsOf(machine, model) });
    await client.startTurn(session, { text: 'Set it' });
    await until(client, session, 'step.started');
    const following = await fetch(`${url}/v1/sessions/${session}/follow`, {
      headers: { authorization: `Bearer ${token}` },
    });
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect([code, err.includes('bug')]).toEqual([130, false]);
    await following.text().catch(() => 'cut');
    const log = readFileSync(
      join(machine.home, '.local', 'state', 'tandem', 'sessions', session, 'events.jsonl'),
      'utf8',
    );
    expect(log).toContain('"interrupted"');
    await expect(fetch(url)).rejects.toThrow();
  });

  test('shows and works on the sessions of its own workspace alone', async () => {
    const machine = new Machine();
    const model = machine.script('twenty', twenty);
    const other = join(machine.home, 'other');
    mkdirSync(other);
    expect((await machine.run(['exec', 'Set it', '--model', model, '--cwd', other])).code).toBe(0);
    const [elsewhere] = JSON.parse((await machine.run(['sessions', '--json'])).out) as SessionInfo[];
    const { url, token } = await serveDoor(machine, ['--model', model]);
    const client = clientOf(url, token);
    expect(await client.sessions()).toEqual([]);
    await expect(client.events(elsewhere!.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.startTurn(elsewhere!.id, { text: 'Set it' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      client.createSession({ settings: { ...settingsOf(machine, model), cwd: other } }),
    ).rejects.toThrow('This door is for');
    await expect(client.files(other)).rejects.toThrow('This door is for');
  });

  test('a device may do what it was given, until it is revoked', async () => {
    const machine = new Machine();
    const model = machine.script('twenty', twenty);
    const words = ['--model', model, '--host', 'phone.example', '--device', 'phone', '--may', 'prompt'];
    const { url, token, key, deviceLink, shown } = await serveDoor(machine, words);
    expect(deviceLink).toBe(`https://phone.example/#keep=${key}`);
    expect(shown).toContain('█');
    expect(readFileSync(join(serveFolder(machine), 'devices.json'), 'utf8')).not.toContain(key);
    // The token of the person never travels: under another name than loopback it opens nothing.
    const named = { host: 'phone.example' };
    expect((await ask(`${url}/v1/sessions`, { ...named, authorization: `Bearer ${token}` })).status).toBe(
      401,
    );
    expect((await ask(`${url}/v1/sessions`, { ...named, authorization: `Bearer ${key}` })).status).toBe(200);

    const phone = clientOf(url, key);
    expect((await phone.workspace()).may).toEqual(['view', 'prompt']);
    const wanted = { ...settingsOf(machine, model), permissionMode: 'bypass' } as const;
    const { session } = await phone.createSession({ settings: wanted });
    expect((await phone.events(session))[0]).toMatchObject({
      actor: { type: 'user', id: 'phone' },
      data: { permissionMode: 'default', cwd: machine.workspace },
    });
    await phone.startTurn(session, { text: 'Set it', options: { permissionMode: 'bypass' } });
    const asked = await until(phone, session, 'approval.requested');
    const { approval } = asked.data as { readonly approval: string };
    const person = clientOf(url, token);
    const { session: looser } = await person.createSession({ settings: settingsOf(machine, model) });
    await expect(phone.startTurn(looser, { text: 'Set it' })).rejects.toThrow('the mode acceptEdits');
    for (const refused of [
      () => phone.resolveApproval(session, approval, { decision: 'allow' }),
      () => phone.configure(session, { permissionMode: 'bypass' }),
      () => phone.undo(session),
      () => phone.files(machine.workspace),
    ])
      await expect(refused()).rejects.toThrow('This device may not do that');
    await person.resolveApproval(session, approval, { decision: 'allow' });
    await until(phone, session, 'turn.completed');

    expect((await machine.run(['serve', 'devices'])).out).toMatch(/^phone +view, prompt +since \d{4}-/);
    const following = await fetch(`${url}/v1/sessions/${session}/follow`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect((await machine.run(['serve', 'revoke', 'phone'])).code).toBe(0);
    // What it was looking at ends too.
    expect(await following.text()).toContain('turn.completed');
    expect((await ask(`${url}/v1/sessions`, { authorization: `Bearer ${key}` })).status).toBe(401);
    expect((await machine.run(['serve', 'revoke', 'phone'])).code).toBe(2);
  });

  test('the local network sees the door only where it was asked for, and only with a key of a device', async () => {
    const machine = new Machine();
    const model = machine.script('twenty', twenty);
    const address = Object.values(networkInterfaces())
      .flatMap((some) => some ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    if (address === undefined) {
      const none = await machine.run(['serve', '--model', model, '--port', '0', '--lan']);
      return expect([none.code, none.err]).toEqual([2, expect.stringContaining('no address')]);
    }
    const alone = await serveDoor(machine, ['--model', model]);
    await expect(ask(alone.url.replace('127.0.0.1', address))).rejects.toThrow('ECONNREFUSED');
    const open = await serveDoor(machine, ['--model', model, '--lan', '--device', 'phone']);
    expect(open.deviceLink).toContain(`http://${address}:`);
    const seen = open.url.replace('127.0.0.1', address);
    const status = async (key: string): Promise<number> =>
      (await ask(`${seen}/v1/sessions`, { authorization: `Bearer ${key}` })).status;
    expect([await status(open.key), await status(open.token)]).toEqual([200, 401]);
  });

  test('a port that is taken, and a token that others may read, are refused', async () => {
    const machine = new Machine();
    const model = machine.script('twenty', twenty);
    const { url } = await serveDoor(machine, ['--model', model]);
    const taken = await machine.run(['serve', '--model', model, '--port', new URL(url).port]);
    expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('is taken')]);
    writeFileSync(join(serveFolder(machine), 'token'), 'x'.repeat(64));
    chmodSync(join(serveFolder(machine), 'token'), 0o644);
    const open = await machine.run(['serve', '--model', model, '--port', '0']);
    expect([open.code, open.err]).toEqual([2, expect.stringContaining('may be read by others')]);
  });
});

/** Follows until an event of the type comes. */
const until = async (client: Client, session: string, type: string): Promise<{ readonly data: unknown }> => {
  const stop = new AbortController();
  try {
    for await (const event of client.follow(session, { after: 0, signal: stop.signal }))
      if (event.type === type) return event as { readonly type: string; readonly data: unknown };
  } finally {
    stop.abort();
  }
  throw new Error(`no ${type}`);
};
