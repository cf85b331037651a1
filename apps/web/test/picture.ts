/**
 * Draws docs/web.png from the real thing: a team server, two tasks by a scripted model, and what a phone shows of them.
 * Run with the pinned Node: `node apps/web/test/picture.ts docs/web.png`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Machine } from '../../server/test/support/machine.ts';
import { commandModel, tillModel } from '../../server/test/support/script.ts';
import { makeRepository, serveTeam, TeamDoor } from '../../server/test/support/team.ts';
import { findChromium, launch } from './support/chromium.ts';

const size = { width: 390, height: 760 };

/** A server with a change that waits to be looked at, and a question. */
const prepare = async (machine: Machine) => {
  makeRepository(join(machine.home, 'till'));
  const { url } = await serveTeam(machine);
  const run = async (...words: string[]): Promise<string> => (await machine.run(words)).out.trim();
  await run('organisation', 'create', 'shop');
  await run('repository', 'add', 'shop', 'till', join(machine.home, 'till'));
  const key = await run('key', 'create', 'shop', 'ada');
  const door = new TeamDoor((path, init) => fetch(`${url}${path}`, init), { authorization: `Bearer ${key}` });
  const create = async (prompt: string, options: object): Promise<string> => {
    const { id } = await door.must<{ id: string }>('POST', '/tasks', { repository: 'till', prompt, options });
    return id;
  };
  const model = tillModel(machine.home, 'twenty');
  const change = await create('Set the till to twenty', {
    ...{ model, permissionMode: 'acceptEdits', verify: 'grep -q twenty sum.txt' },
  });
  await door.until(change, (events) => events.at(-1)!.type === 'approval.requested');
  const asks = commandModel(machine.home, 'curl -sS https://example.org/prices.json -o prices.json');
  const question = await create('Set the prices from the list', { model: asks, permissionMode: 'default' });
  await door.until(question, (events) => events.at(-1)!.type === 'question.asked');
  return { url, key, change, question };
};

const shoot = async (
  browser: Browser,
  given: {
    readonly link: string;
    readonly hash: string;
    readonly colorScheme: 'light' | 'dark';
    readonly seen: readonly string[];
  },
): Promise<string> => {
  const context = await browser.newContext({ viewport: size, colorScheme: given.colorScheme });
  const page = await context.newPage();
  await page.goto(given.link);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await page.goto(given.link.replace(/#.*/, given.hash));
  for (const seen of given.seen) await page.locator(seen).first().waitFor();
  const bytes = await page.screenshot();
  await context.close();
  return `data:image/png;base64,${bytes.toString('base64')}`;
};

const program = findChromium(process.env);
if (program === null) throw new Error('no Chromium here; install one or name it in TANDEM_CHROMIUM');
const machine = new Machine();
const browser = await launch(program);
try {
  const { url, key, change, question } = await prepare(machine);
  const link = `${url}/#key=${key}`;
  const shots = [
    await shoot(browser, { link, hash: '#/', colorScheme: 'light', seen: ['.card'] }),
    await shoot(browser, {
      link,
      hash: `#/tasks/${change}`,
      colorScheme: 'light',
      seen: ['.lines', '.turn'],
    }),
    await shoot(browser, {
      link,
      hash: `#/tasks/${question}`,
      colorScheme: 'dark',
      seen: ['.answer', '.turn'],
    }),
  ];
  const page = await browser.newPage({ viewport: { width: 3 * size.width + 80, height: size.height + 40 } });
  const images = shots.map((src) => `<img src="${src}" style="border:1px solid #889;border-radius:12px">`);
  await page.setContent(
    `<body style="margin:20px;display:flex;gap:20px;background:#dde1e7">${images.join('')}</body>`,
  );
  writeFileSync(process.argv[2] ?? 'docs/web.png', await page.screenshot());
} finally {
  await browser.close();
  await machine.remove();
}
