import { afterAll, expect, it } from 'vitest';
import { serveDoor } from '../../../cli/test/e2e/serve-door.ts';
import { Machine as Person } from '../../../cli/test/e2e/tandem.ts';
import { describeEmbedded } from '../../../server/test/support/each-database.ts';
import { Machine } from '../../../server/test/support/machine.ts';
import { freshPage } from '../support/fresh-page.ts';

/** What a door answers to somebody who has no key yet. */
const look = async (url: string) => {
  const index = await fetch(url);
  const text = await index.text();
  const [, script = ''] = /src="\.\/(assets\/[\w-]+\.js)"/.exec(text)!;
  const loaded = await fetch(`${url}/${script}`);
  return {
    door: /data-door="(\w+)"/.exec(text)?.[1],
    statuses: [index.status, loaded.status, (await fetch(`${url}/v1/sessions`)).status],
    packed: loaded.headers.get('content-encoding'),
    policy: index.headers.get('content-security-policy'),
  };
};

const expected = (door: string) => ({
  door,
  statuses: [200, 200, 401],
  packed: 'gzip',
  policy: expect.stringContaining("default-src 'none'; script-src 'self'"),
});

it('tandem serve has the page before its door', { timeout: 60_000 }, async () => {
  freshPage();
  const person = new Person();
  const { url } = await serveDoor(person, ['--model', person.script('none', [])]);
  expect(await look(url)).toEqual(expected('local'));
});

describeEmbedded('the team server', () => {
  const machine = new Machine();
  afterAll(() => machine.remove(), 60_000);

  it('has the page before its door', { timeout: 90_000 }, async () => {
    freshPage();
    const { url } = await machine.serve();
    expect(await look(url)).toEqual(expected('team'));
  });
});
