import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attemptsMachine, changeTo, goal, verify } from '../../../cli/test/e2e/attempts-machine.ts';
import { serveDoor } from '../../../cli/test/e2e/serve-door.ts';
import { Machine } from '../../../cli/test/e2e/tandem.ts';
import { describeBrowser, expectAccessible, openTab, smallTargets, type Tab } from '../support/browser.ts';

const evil = '<img src=x onerror=alert(1)>';
const turns = [
  {
    match: 'till',
    text: '',
    toolCalls: [{ name: 'write', arguments: { path: 'sum.txt', text: 'twenty\n' } }],
  },
  { text: `The till is right.\n\n\`\`\`ts\nconst till = 20;\n\`\`\`\n\n${evil}` },
  { match: 'again', text: 'late', delayMs: 60_000 },
];

const sdk = join(import.meta.dirname, '../../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server');
/** A server whose tool asks where to put something. */
const asking = `import { McpServer } from ${JSON.stringify(join(sdk, 'mcp.js'))};
import { StdioServerTransport } from ${JSON.stringify(join(sdk, 'stdio.js'))};
const server = new McpServer({ name: 'shelf', version: '1' });
server.registerTool('put', { description: 'Puts something away' }, async () => {
  const said = await server.server.elicitInput({
    message: 'Where shall it go?',
    requestedSchema: {
      type: 'object',
      properties: {
        room: { type: 'string', title: 'Room', enum: ['attic', 'cellar'], default: 'cellar' },
        shelf: { type: 'integer', title: 'Shelf' },
      },
      required: ['shelf'],
    },
  });
  return { content: [{ type: 'text', text: JSON.stringify(said) }] };
});
await server.connect(new StdioServerTransport());
`;

describeBrowser('the page of a workspace', (browser) => {
  const expectQuiet = async (tab: Tab, url: string): Promise<void> => {
    expect(tab.troubles).toEqual([]);
    expect([...tab.hosts]).toEqual([new URL(url).host]);
    await tab.page.context().close();
  };

  it('a session is begun, asked about, answered and stopped by thumb', { timeout: 60_000 }, async () => {
    const machine = new Machine();
    const { link } = await serveDoor(machine, ['--model', machine.script('till', turns)]);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(link);
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    expect(page.url()).not.toContain('key');
    await page.getByText('There is no session here yet.').waitFor();
    await expectAccessible(tab);

    await page.getByRole('link', { name: 'New' }).tap();
    await expectAccessible(tab);
    await page.getByLabel('What is to be done').fill('Set the till');
    await page.getByRole('button', { name: 'Start' }).tap();

    await page.getByRole('heading', { name: 'The agent asks' }).waitFor();
    await page.getByRole('table', { name: 'Change of sum.txt' }).getByText('twenty').waitFor();
    await expectAccessible(tab);
    expect(await smallTargets(tab)).toEqual([]);
    expect(machine.read('sum.txt')).toBe(null);
    await page.getByRole('button', { name: 'Allow' }).tap();

    await page.getByText('The till is right.').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Code' }).getByText('const till = 20;').waitFor();
    await page.getByText(evil).first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(machine.read('sum.txt')).toBe('twenty\n');
    await expectAccessible(tab);

    await page.getByLabel('What next').fill('again');
    await page.getByLabel('What next').press('Control+Enter');
    await page.getByRole('button', { name: 'Stop' }).tap();
    await page.getByText('Interrupted').waitFor();
    await page.getByRole('link', { name: 'Tandem' }).tap();
    await page.getByRole('link', { name: /Set the till/ }).waitFor();
    await expectAccessible(tab);
    await expectQuiet(tab, link);
  });

  it('what a terminal does is seen while it happens', { timeout: 60_000 }, async () => {
    const machine = new Machine();
    const model = machine.script('till', [
      { match: '^Set', text: `${'More.\n\n'.repeat(60)}Said in a terminal.` },
      { match: '^And', text: 'Said while you look.' },
    ]);
    const { link } = await serveDoor(machine, ['--model', model]);
    expect((await machine.run(['exec', 'Set the till', '--model', model])).code).toBe(0);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(link);
    await page.getByRole('link', { name: /Set the till/ }).tap();
    await page.getByText('Said in a terminal.').waitFor();
    // The end is what one comes for, and whoever scrolls away from it is left alone.
    await page.waitForFunction('scrollY > 500');
    await page.evaluate('scrollTo({ top: 0 })');
    expect((await machine.run(['exec', 'And more', '--continue', '--model', model])).code).toBe(0);
    await page.getByText('Said while you look.').waitFor();
    expect(await page.evaluate('scrollY')).toBe(0);
    await expectQuiet(tab, link);
  });

  it('attempts at one goal stand beside each other, with what chose between them', {
    timeout: 60_000,
  }, async () => {
    const machine = attemptsMachine();
    const script = [...changeTo(1, 'name'), ...changeTo(2, "'Hello ' + name")];
    const model = machine.script('two', script, { local: false });
    const words = [
      'attempts',
      goal,
      '-n',
      '2',
      '--all',
      '--verify',
      verify,
      '--model',
      model,
      '--sandbox',
      'full',
    ];
    expect((await machine.run(words)).code).toBe(0);
    const { link } = await serveDoor(machine, ['--model', model]);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(link);
    // The sessions of the attempts belong to this one.
    await page.getByRole('link', { name: new RegExp(goal) }).waitFor();
    expect(await page.locator('.card').count()).toBe(1);
    await page.getByRole('link', { name: new RegExp(goal) }).tap();
    const rows = page.getByRole('table', { name: 'Attempts' }).getByRole('row');
    await rows.nth(2).waitFor();
    const shown = async (row: number): Promise<readonly (string | null)[]> => [
      await rows.nth(row).getByRole('rowheader').textContent(),
      await rows.nth(row).getByRole('cell').first().textContent(),
    ];
    expect([await shown(1), await shown(2)]).toEqual([
      ['1', 'exit 1'],
      ['2 (chosen)', 'passes'],
    ]);
    await expectAccessible(tab);
    await expectQuiet(tab, link);
  });

  it('what a server of others asks is filled in', { timeout: 60_000 }, async () => {
    const machine = new Machine();
    const file = join(machine.home, 'asking.mjs');
    writeFileSync(file, asking);
    await machine.run(['mcp', 'add', 'shelf', '--', process.execPath, file]);
    const use = { toolCalls: [{ name: 'use_tool', arguments: { name: 'shelf/put', arguments: {} } }] };
    const answered = {
      text: 'It lies there.',
      match: '"action":"accept","content":{"room":"attic","shelf":3}',
    };
    const model = machine.script('mind', [use, answered]);
    const { link } = await serveDoor(machine, ['--model', model, '--permission-mode', 'bypass']);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(link);
    await page.getByRole('link', { name: 'New' }).tap();
    await page.getByLabel('What is to be done').fill('put it away');
    await page.getByRole('button', { name: 'Start' }).tap();
    await page.getByText('Where shall it go?').first().waitFor();
    await page.getByLabel('Room').selectOption('attic');
    await page.getByRole('button', { name: 'Answer' }).tap();
    await page.getByText('it is needed').waitFor();
    await expectAccessible(tab);
    await page.getByLabel('Shelf').fill('3');
    await page.getByRole('button', { name: 'Answer' }).tap();
    await page.getByText('It lies there.').waitFor();
    await expectQuiet(tab, link);
  });

  it('a device that may only look has nothing to press', { timeout: 60_000 }, async () => {
    const machine = new Machine();
    const model = machine.script('till', [{ text: 'Said in a terminal.' }]);
    expect((await machine.run(['exec', 'Set the till', '--model', model])).code).toBe(0);
    const { deviceLink } = await serveDoor(machine, ['--model', model, '--device', 'phone']);
    const tab = await openTab(browser());
    const { page } = tab;
    await page.goto(deviceLink);
    await page.getByRole('link', { name: /Set the till/ }).tap();
    await page.getByText('Said in a terminal.').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'New' }).count()).toBe(0);
    expect(await page.getByRole('textbox').count()).toBe(0);
    await expectAccessible(tab);
    expect((await machine.run(['serve', 'revoke', 'phone'])).code).toBe(0);
    await page.getByRole('link', { name: 'Tandem' }).tap();
    await page.getByRole('alert').getByText('This opens nothing here').waitFor();
    expect(tab.troubles.splice(0).every((line) => line.includes('401'))).toBe(true);
    await expectQuiet(tab, deviceLink);
  });
});
