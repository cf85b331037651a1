import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { whyNoEmbedded } from '../../../server/test/support/database.ts';
import { Machine } from '../../../server/test/support/machine.ts';
import { Receiver } from '../../../server/test/support/receiver.ts';
import { tillModel } from '../../../server/test/support/script.ts';
import { makeRepository, serveTeam, TeamDoor } from '../../../server/test/support/team.ts';
import { describeBrowser, expectAccessible, openTab, smallTargets, type Tab } from '../support/browser.ts';

const noDatabase = await whyNoEmbedded();

const expectQuiet = async (tab: Tab, url: string): Promise<void> => {
  expect(tab.troubles).toEqual([]);
  expect([...tab.hosts]).toEqual([new URL(url).host]);
  await tab.page.context().close();
};

describeBrowser('the page of a server without an organisation', (browser) => {
  const machine = new Machine();
  afterAll(() => machine.remove(), 60_000);

  it('the link that is printed makes the first one, by keyboard, once', { timeout: 90_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const server = machine.start(['start', '--port', '0', '--sandbox', 'full']);
    let printed = '';
    server.child.stderr!.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    await server.shows('ready; the token');
    const [link = '', url = '', code = ''] = /(http:\S+)\/#setup=(setup_\S+)/.exec(printed) ?? [];
    const tab = await openTab(browser());
    const { page } = tab;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Set up this server' }).waitFor();
    expect(page.url()).toBe(`${url}/#/`);
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.getByLabel('Organisation').focus();
    await page.keyboard.type('shop');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ada');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Keep this key' }).waitFor();
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    const key = await page.getByLabel('Your key').inputValue();
    expect(key).toMatch(/^tandem_[\w-]{43}$/);
    const held = (): Promise<string> =>
      page.evaluate('JSON.stringify([localStorage, sessionStorage])') as Promise<string>;
    expect(await held()).toBe('[{},{}]');
    await page.getByRole('button', { name: 'Copy' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    expect(await held()).toBe(JSON.stringify([{}, { 'tandem.key': key }]));
    expect(await held()).not.toContain(code);

    // The same tab, whose page stays: nothing but what is behind the `#` changes.
    await page.goto(link);
    await page.getByLabel('Organisation').fill('bank');
    await page.getByLabel('Your name').fill('eve');
    await page.getByRole('button', { name: 'Set it up' }).tap();
    await page.getByRole('alert').getByText('This code is not known, was used, or is over').waitFor();
    await expectAccessible(tab);
    expect(tab.troubles.splice(0)).toEqual([expect.stringContaining('404')]);
    await page.getByRole('button', { name: 'I have a key' }).tap();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await expectQuiet(tab, url);
  });
});

describeBrowser('what an owner sees of an organisation', (browser) => {
  const machine = new Machine();
  const receiver = new Receiver();
  const evil = '<img src=x onerror=alert(1)>';
  let url = '';
  let key = '';
  let target = '';
  let task = '';

  beforeAll(async () => {
    if (noDatabase !== null) return;
    target = await receiver.open();
    makeRepository(join(machine.home, 'till'));
    ({ url } = await serveTeam(machine, ['--webhooks-to', '127.0.0.1']));
    const run = async (...words: string[]): Promise<string> => (await machine.run(words)).out.trim();
    await run('organisation', 'create', 'shop');
    await run('repository', 'add', 'shop', 'till', join(machine.home, 'till'));
    key = await run('key', 'create', 'shop', 'ada', '--role', 'owner');
    const door = new TeamDoor((path, init) => fetch(`${url}${path}`, init), {
      authorization: `Bearer ${key}`,
    });
    const options = { model: tillModel(machine.home, 'ten'), permissionMode: 'acceptEdits', approval: false };
    const input = { repository: 'till', prompt: 'Set the till', options };
    task = (await door.must<{ id: string }>('POST', '/tasks', input)).id;
    await door.untilOver(task);
  }, 90_000);
  afterAll(async () => {
    await receiver.close();
    await machine.remove();
  }, 60_000);

  const signedIn = async (): Promise<Tab> => {
    const tab = await openTab(browser());
    await tab.page.goto(`${url}/#key=${key}`);
    await tab.page.getByRole('heading', { name: 'Tasks' }).waitFor();
    return tab;
  };
  const choose = async ({ page }: Tab, screen: string): Promise<void> => {
    await page.getByRole('button', { name: 'More' }).tap();
    await page.getByRole('link', { name: screen }).tap();
    await page.getByRole('heading', { name: screen, level: 1 }).waitFor();
  };

  it('the menu is reached and left by keyboard, and usage is told apart', {
    timeout: 60_000,
  }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await signedIn();
    const { page } = tab;
    await page.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Usage' }).waitFor();
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Usage' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await page.getByRole('link', { name: 'Usage' }).waitFor({ state: 'hidden' });

    const today = new Date().toISOString().slice(0, 10);
    const row = (name: string | RegExp) =>
      page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    await row(today).waitFor();
    const cells = await row('Altogether').getByRole('cell').allInnerTexts();
    expect(cells).toEqual(await row(today).getByRole('cell').allInnerTexts());
    expect(cells[0]).toBe('1');
    expect(cells[4]).toMatch(/^\d+\.\d{4}$/);
    expect(cells[5]).toMatch(/^\d+:\d\d:\d\d$/);
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    for (const part of ['Member', 'Repository', 'Model']) await page.getByLabel(part).check();
    await page.getByLabel('Day').uncheck();
    await row(/^ada · till · scripted\//).waitFor();
    await expectAccessible(tab);
    await page.getByLabel('To', { exact: true }).fill('2020-01-31');
    await page.getByLabel('From').fill('2020-01-01');
    await page.getByText('No task used a model in these days.').waitFor();
    await page.getByText('2020-01-01 to 2020-01-31').waitFor();
    await expectQuiet(tab, url);
  });

  it('amounts of a large organisation fit on a phone', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await signedIn();
    const { page } = tab;
    const amount = { tasks: 123_456, in: 98_765_432_100, cached: 87_654_321_000, out: 9_876_543_210 };
    const total = { ...amount, costUsd: 123_456.789, seconds: 45_678_901 };
    const row = { day: '2026-01-31', member: { id: 'mem_1', name: 'ada' }, repository: null, model: null };
    const json = { from: '2026-01-01', to: '2026-01-31', truncated: false, total };
    // No server of a test ever used as much.
    await page.route('**/v1/usage*', (route) =>
      route.fulfill({ json: { ...json, data: [{ ...row, ...total }] } }),
    );
    await choose(tab, 'Usage');
    await page.getByRole('cell', { name: '98,765,432,100' }).first().waitFor();
    await expectAccessible(tab);
    await expectQuiet(tab, url);
  });

  it('the audit says who did what, and of one kind where that is asked', {
    timeout: 60_000,
  }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await signedIn();
    const { page } = tab;
    await choose(tab, 'Audit');
    const acts = page.locator('.acts > li');
    await acts.filter({ hasText: /^ada asked for a task/ }).waitFor();
    await page.getByText('What was said of it').first().tap();
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    const numbers = (await page.evaluate(
      '[...document.querySelectorAll(".acts > li")].map((one) => one.value)',
    )) as number[];
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    await page.getByLabel('Show').selectOption('who added a repository');
    await acts.filter({ hasText: 'asked for a task' }).first().waitFor({ state: 'detached' });
    await acts.filter({ hasText: 'administrator added a repository' }).waitFor();
    expect(await acts.count()).toBe(1);
    await page.getByLabel('Show').selectOption('who asked for a task');
    await page.getByRole('link', { name: task }).tap();
    await page.getByRole('heading', { name: 'Set the till' }).waitFor();
    await expectQuiet(tab, url);
  });

  it('older rows of the audit come page by page', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    for (let count = 0; count < 60; count += 1) {
      const body = JSON.stringify({ maxRunning: 2 + (count % 2) });
      await fetch(`${url}/v1/organisation`, { method: 'PATCH', headers, body });
    }
    const tab = await signedIn();
    const { page } = tab;
    await choose(tab, 'Audit');
    await page.locator('.acts > li').nth(49).waitFor();
    expect(await page.locator('.acts > li').count()).toBe(50);
    await page.getByRole('button', { name: 'Show older rows' }).tap();
    await page.getByText('made the organisation').last().waitFor();
    const last = page.locator('.acts > li').last();
    expect(await last.getAttribute('value')).toBe('1');
    expect(await last.textContent()).toContain('administrator made the organisation');
    await expectQuiet(tab, url);
  });

  it('a webhook is made, tested, looked into, replayed and deleted', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await signedIn();
    const { page } = tab;
    await choose(tab, 'Webhooks');
    await page.getByText('There is no webhook yet.').waitFor();
    await page.getByLabel('Address').fill(`${target}/in`);
    await page.getByLabel('What it is for').fill(evil);
    await page.getByText('Told of everything').tap();
    await page.getByLabel('task.completed').check();
    // What the bar covers half is too small a target, as it would be to a thumb.
    await page.evaluate('scrollTo(0, 0)');
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.getByRole('button', { name: 'Make the webhook' }).tap();
    expect(await page.getByLabel(/^Secret for/).inputValue()).toMatch(/^whsec_/);
    await expectAccessible(tab);
    await page.getByRole('link', { name: `${target}/in` }).tap();
    await page.getByText('Told of task.completed.').waitFor();

    receiver.answer = (response) => void response.end(evil);
    await page.getByRole('button', { name: 'Send a test' }).tap();
    await receiver.until((all) => all.length === 1);
    await page.locator('summary', { hasText: 'webhook.test' }).tap();
    await page.getByText(/^200 after \d+ ms/).waitFor();
    await page.locator('summary', { hasText: 'came through' }).waitFor();
    await page.getByText(evil).first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.getByRole('button', { name: 'Send it again' }).tap();
    const [first, second] = await receiver.until((all) => all.length === 2);
    expect(second!.id).toBe(first!.id);

    await page.getByRole('button', { name: 'New secret' }).tap();
    expect(await page.getByLabel(/^Secret for/).inputValue()).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'Turn it off' }).tap();
    await page.getByText('Off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete…' }).tap();
    await page.getByRole('button', { name: 'Delete it and its deliveries' }).tap();
    await page.getByText('There is no webhook yet.').waitFor();
    await expectQuiet(tab, url);
  });

  it('a key for usage alone opens usage alone', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const door = new TeamDoor((path, init) => fetch(`${url}${path}`, init), {
      authorization: `Bearer ${key}`,
    });
    const members = await door.must<{ data: { id: string; name: string }[] }>('GET', '/members');
    const member = members.data.find(({ name }) => name === 'ada')!.id;
    const input = { name: 'accounts', member, scopes: ['usage:read'] };
    const { secret } = await door.must<{ secret: string }>('POST', '/keys', input);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(`${url}/#key=${secret}`);
    await page.getByText('Your key is not for tasks').waitFor();
    await expectAccessible(tab);
    await page.getByRole('button', { name: 'More' }).tap();
    expect(await page.locator('#menu').textContent()).toBe('Usage');
    expect(await page.getByRole('link', { name: 'New' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Usage' }).tap();
    await page.getByRole('rowheader', { name: 'Altogether' }).waitFor();
    await expectQuiet(tab, url);
  });
});
