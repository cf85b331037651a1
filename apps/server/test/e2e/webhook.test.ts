import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Task } from '@tandem/protocol/team';
import type { CreatedWebhook, Delivery, DeliveryReport } from '@tandem/protocol/team-webhook';
import { systemClock } from '@tandem/workspace/identity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { never, temporaryFolder } from '../support/database.ts';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';
import { Receiver } from '../support/receiver.ts';
import { tillModel } from '../support/script.ts';
import { type Made, makeOrganisation, makeRepository, serveTeam } from '../support/team.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Of the name localhost and no address, signed by itself. */
const makeCertificate = (folder: string): void => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files];
  execFileSync('openssl', words, { stdio: 'ignore' });
};

describeEmbedded('webhooks of a server that is killed', () => {
  const certificates = temporaryFolder();
  const ca = join(certificates.path, 'cert.pem');
  const machine = new Machine({ NODE_EXTRA_CA_CERTS: ca });
  const receiver = new Receiver();
  const words = ['--webhooks-to', '127.0.0.1,::1'];
  let server: Awaited<ReturnType<typeof serveTeam>>;
  let url = '';
  let shop: Made;

  const killAndStart = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
    server = await serveTeam(machine, words);
  };
  const deliveries = async (id: string): Promise<readonly Delivery[]> =>
    (await shop.door.must<Page<Delivery>>('GET', `/webhooks/${id}/deliveries?limit=100`)).data;
  const untilDelivered = async (id: string, count: number): Promise<readonly Delivery[]> => {
    for (;;) {
      const found = await deliveries(id);
      if (found.length === count && found.every(({ state }) => state === 'delivered')) return found;
      await systemClock.sleep(50, never);
    }
  };

  beforeAll(async () => {
    if (hasOpenssl) makeCertificate(certificates.path);
    url = await receiver.open();
    makeRepository(join(machine.home, 'till'));
    server = await serveTeam(machine, words);
    const given = {
      token: server.team.token,
      fetch: (path: string, init: RequestInit) => server.team.fetch(path, init),
    };
    shop = await makeOrganisation(given, 'shop');
    await shop.administrator.must('POST', '/repositories', {
      name: 'till',
      path: join(machine.home, 'till'),
    });
  }, 60_000);
  afterAll(async () => {
    await receiver.close();
    await machine.remove();
    certificates.remove();
  }, 60_000);

  it('a delivery that was on its way is sent again, with its id', async () => {
    const { id } = await shop.door.must<CreatedWebhook>('POST', '/webhooks', { url: `${url}/a` });
    // Never answered: the server dies while it waits.
    receiver.answer = () => {};
    await shop.door.must('POST', `/webhooks/${id}/test`);
    await receiver.until((all) => all.length === 1);
    server.child.kill('SIGKILL');
    await server.ended;
    receiver.answer = (response) => void response.end();
    server = await serveTeam(machine, words);
    const [first, second] = await receiver.until((all) => all.length === 2);
    expect([second!.id, second!.body]).toEqual([first!.id, first!.body]);
    expect(await untilDelivered(id, 1)).toMatchObject([{ tried: 1 }]);
    await shop.door.ask('DELETE', `/webhooks/${id}`);
  }, 60_000);

  it('every event of a task is told, each by one id, over kills at its stages', async () => {
    receiver.received.splice(0);
    receiver.answer = (response) => void response.end();
    const { id: webhook } = await shop.door.must<CreatedWebhook>('POST', '/webhooks', { url: `${url}/b` });
    const { id } = await shop.door.must<Task>('POST', '/tasks', {
      repository: 'till',
      prompt: 'Set the till',
      options: {
        ...{ permissionMode: 'acceptEdits', approval: false },
        model: tillModel(machine.home, 'twenty', 300),
      },
    });
    for (const stage of ['admit', 'agent']) {
      await shop.door.untilStage(id, stage);
      await killAndStart();
    }
    const events = await shop.door.untilOver(id);
    await untilDelivered(webhook, events.length);
    const told = events.map(({ seq }) => `${id.replace('task_', 'evt_')}_${seq}`);
    expect(new Set(receiver.received.map((one) => one.id))).toEqual(new Set(told));
    const bodies = new Map(receiver.received.map((one) => [one.id, one.body]));
    for (const one of receiver.received) expect(bodies.get(one.id)).toBe(one.body);
    expect(JSON.parse(bodies.get(told.at(-1)!)!)).toMatchObject({
      type: 'task.completed',
      data: { task: { state: 'completed', branch: `tandem/${id.slice(5)}` } },
    });
  }, 60_000);

  it.skipIf(!hasOpenssl)(
    'goes over https to the checked address, by the certificate of the name',
    async () => {
      const [key, cert] = ['key.pem', 'cert.pem'].map((name) =>
        readFileSync(join(certificates.path, name), 'utf8'),
      );
      const secure = new Receiver({ key: key!, cert: cert! });
      try {
        const address = await secure.open();
        // Its certificate is that of localhost; the connection goes to an address.
        const named = await shop.door.must<CreatedWebhook>('POST', '/webhooks', {
          url: `${address}/named`,
        });
        await shop.door.must('POST', `/webhooks/${named.id}/test`);
        await untilDelivered(named.id, 1);
        expect(secure.received.map(({ url: path, headers }) => [path, headers.host])).toEqual([
          ['/named', new URL(address).host],
        ]);
        const bare = await shop.door.must<CreatedWebhook>('POST', '/webhooks', {
          url: `${address.replace('localhost', secure.address)}/bare`,
        });
        const { id } = await shop.door.must<Delivery>('POST', `/webhooks/${bare.id}/test`);
        for (;;) {
          const { tries } = await shop.door.must<DeliveryReport>(
            'GET',
            `/webhooks/${bare.id}/deliveries/${id}`,
          );
          if (tries.length === 0) {
            await systemClock.sleep(50, never);
            continue;
          }
          expect(tries[0]!.error).toMatch(/certificate|altnames/i);
          break;
        }
        expect(secure.received).toHaveLength(1);
      } finally {
        await secure.close();
      }
    },
    60_000,
  );
});
