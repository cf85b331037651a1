import { join } from 'node:path';
import type { Task } from '@tandem/protocol/team';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { whyNoEmbedded } from '../../../server/test/support/database.ts';
import { Machine } from '../../../server/test/support/machine.ts';
import { commandModel, tillModel } from '../../../server/test/support/script.ts';
import { branchesOf, makeRepository, serveTeam, TeamDoor } from '../../../server/test/support/team.ts';
import { describeBrowser, expectAccessible, openTab, smallTargets, type Tab } from '../support/browser.ts';

const noDatabase = await whyNoEmbedded();

describeBrowser('the page of a team', (browser) => {
  const machine = new Machine();
  const repository = join(machine.home, 'till');
  let url = '';
  let key = '';
  let door: TeamDoor;
  let server: Awaited<ReturnType<typeof serveTeam>>;

  beforeAll(async () => {
    if (noDatabase !== null) return;
    makeRepository(repository);
    server = await serveTeam(machine);
    url = server.url;
    const run = async (...words: string[]): Promise<string> => (await machine.run(words)).out.trim();
    await run('organisation', 'create', 'shop');
    await run('repository', 'add', 'shop', 'till', repository);
    key = await run('key', 'create', 'shop', 'ada');
    door = new TeamDoor((path, init) => fetch(`${url}${path}`, init), { authorization: `Bearer ${key}` });
  }, 90_000);
  afterAll(() => machine.remove(), 60_000);

  const create = (options: object, prompt = 'Set the till\n\nto twenty'): Promise<Task> =>
    door.must('POST', '/tasks', {
      repository: 'till',
      prompt,
      options: { permissionMode: 'acceptEdits', ...options },
    });

  const signedIn = async (place = ''): Promise<Tab> => {
    const tab = await openTab(browser());
    await tab.page.goto(`${url}/#key=${key}`);
    await tab.page.getByRole('heading', { name: 'Tasks' }).waitFor();
    if (place !== '') await tab.page.goto(`${url}/${place}`);
    return tab;
  };

  const expectQuiet = async (tab: Tab): Promise<void> => {
    expect(tab.troubles).toEqual([]);
    expect([...tab.hosts]).toEqual([new URL(url).host]);
    await tab.page.context().close();
  };

  it('a task is asked for, seen and published by thumb', { timeout: 90_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await signedIn();
    const { page } = tab;
    await page.getByRole('link', { name: 'New' }).tap();
    await page.getByLabel('What is to be done').fill('Set the till\n\nto twenty');
    await page.getByLabel(/^Model/).fill(tillModel(machine.home, 'twenty'));
    await page.getByLabel(/^Check/).fill('grep -q twenty sum.txt');
    await page.getByLabel('What it may do').selectOption('acceptEdits');
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.getByRole('button', { name: 'Start the task' }).tap();

    await page.getByRole('heading', { name: 'The change is ready' }).waitFor({ timeout: 30_000 });
    await page.getByRole('table', { name: 'Change of sum.txt' }).getByText('twenty').waitFor();
    await page.getByText('The till is right.').waitFor();
    expect(branchesOf(repository, 'sum.txt')).toEqual({});
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    const publish = page.getByRole('button', { name: 'Publish it' });
    expect((await publish.boundingBox())!.y).toBeGreaterThan(844 / 2);
    await publish.tap();

    await page.getByText('Published on the branch').waitFor({ timeout: 30_000 });
    expect(Object.values(branchesOf(repository, 'sum.txt'))).toEqual(['twenty\n']);
    await page.getByRole('link', { name: 'Tandem' }).tap();
    await page.getByRole('link', { name: /Set the till/ }).waitFor();
    await expectAccessible(tab);
    await expectQuiet(tab);
  });

  it('a task is followed past a kill of the server', { timeout: 90_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const { id } = await create({ model: tillModel(machine.home, 'thirty', 3_000) });
    const tab = await signedIn(`#/tasks/${id}`);
    const { page } = tab;
    await page.getByText('sum.txt').first().waitFor();
    server.child.kill('SIGKILL');
    await server.ended;
    server = await serveTeam(machine, ['--port', new URL(url).port]);
    await page.getByRole('heading', { name: 'The change is ready' }).waitFor({ timeout: 40_000 });
    await page.getByText('The till is right.').waitFor();
    await page.getByRole('table', { name: 'Change of sum.txt' }).getByText('thirty').waitFor();
    // The browser tells of every request that nobody answered.
    expect(
      tab.troubles.splice(0).filter((line) => !/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|net::/.test(line)),
    ).toEqual([]);
    await expectQuiet(tab);
  });

  it('a question of the agent is answered by keyboard alone', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const model = commandModel(machine.home, 'touch new.txt && echo made');
    const { id } = await create({ model, permissionMode: 'default' });
    const tab = await signedIn(`#/tasks/${id}`);
    const { page } = tab;
    await page.getByRole('heading', { name: 'The agent asks' }).waitFor({ timeout: 30_000 });
    await expectAccessible(tab);
    const pressTo = async (name: string): Promise<void> => {
      for (let press = 0; press < 60; press += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement.textContent')) === name) return;
      }
      throw new Error(`no way to ${name} by Tab`);
    };
    await pressTo('Deny…');
    await page.keyboard.press('Enter');
    await expectAccessible(tab);
    await pressTo('Back');
    await page.keyboard.press('Enter');
    await pressTo('Allow');
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'The change is ready' }).waitFor({ timeout: 30_000 });
    await expectQuiet(tab);
  });

  it('a change is refused with a reason, and a task cancelled', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const refused = await create({ model: tillModel(machine.home, 'no') });
    const tab = await signedIn(`#/tasks/${refused.id}`);
    const { page } = tab;
    await page.getByRole('button', { name: 'Deny…' }).tap();
    await page.getByLabel('Why not').fill('not the till');
    await page.getByRole('button', { name: 'Deny', exact: true }).tap();
    await page.locator('.failed').getByText('not the till').waitFor();
    expect(await door.task(refused.id)).toMatchObject({ state: 'cancelled', branch: null });

    const slow = await create({ model: tillModel(machine.home, 'slow', 60_000) });
    await page.goto(`${url}/#/tasks/${slow.id}`);
    await page.getByRole('button', { name: 'Cancel the task' }).tap();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    await page.goto(`${url}/#/`);
    await page.getByRole('heading', { name: 'Needs you' }).waitFor();
    await expectQuiet(tab);
  });

  it('who may only look sees no buttons', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const { id } = await create({ model: tillModel(machine.home, 'forty') });
    const look = (await machine.run(['key', 'create', 'shop', 'eve', '--role', 'viewer'])).out.trim();
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(`${url}/#key=${look}`);
    await page
      .getByRole('link', { name: /Set the till/ })
      .first()
      .tap();
    await page.goto(`${url}/#/tasks/${id}`);
    await page.getByRole('heading', { name: 'The change is ready' }).waitFor({ timeout: 30_000 });
    await page.getByText('that needs the scope approvals:write').waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'More' }).count()).toBe(0);
    await page.getByText('What happened').tap();
    await page.getByText('was asked for – ada').waitFor();
    await page.locator('dd', { hasText: /^ada, / }).waitFor();
    await expectAccessible(tab);
    for (const screen of ['new', 'usage', 'audit', 'webhooks', 'webhooks/none']) {
      await page.goto(`${url}/#/${screen}`);
      await page.getByRole('heading', { name: 'Not here' }).waitFor();
    }
    // A link of somebody else, in the same tab, is another person.
    await page.goto(`${url}/#key=${key}`);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await page.goto(`${url}/#/tasks/${id}`);
    await page.getByRole('button', { name: 'Publish it' }).tap();
    await page.getByText('Published on the branch').waitFor({ timeout: 30_000 });
    await expectQuiet(tab);
  });

  it('what a repository, a model or a person wrote is text', { timeout: 60_000 }, async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const { id } = await create({ model: tillModel(machine.home, evil) }, `Set ${evil}\n\n${evil}`);
    const tab = await signedIn(`#/tasks/${id}`);
    const { page } = tab;
    await page.getByRole('heading', { name: 'The change is ready' }).waitFor({ timeout: 30_000 });
    await page.getByRole('table', { name: 'Change of sum.txt' }).getByText(evil).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await expectQuiet(tab);
  });

  it('a key is asked for, kept for the tab alone, and gone from the address', async (test) => {
    if (noDatabase !== null) return test.skip(noDatabase);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(url);
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    await page.getByLabel('Key').fill('tandem_wrong');
    await page.getByRole('button', { name: 'Sign in' }).tap();
    await page.getByRole('alert').waitFor();
    await expectAccessible(tab);
    // The browser itself reports the refusal of a wrong key.
    expect(tab.troubles.splice(0)).toEqual([expect.stringContaining('401')]);
    await page.getByLabel('Key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).tap();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    expect(page.url()).not.toContain(key);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe(
      JSON.stringify([{}, { 'tandem.key': key }]),
    );
    await page.getByRole('button', { name: 'Sign out' }).tap();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');
    await expectQuiet(tab);
  });
});
