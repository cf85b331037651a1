import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { findChromium, launch } from './chromium.ts';
import { freshPage } from './fresh-page.ts';

const program = findChromium(process.env);

/** A tab, and what it did that no tab of ours may do. */
export type Tab = {
  readonly page: Page;
  readonly troubles: string[];
  /** Hosts that it asked for anything. */
  readonly hosts: Set<string>;
};

export type Look = {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
};

/** A suite that needs a browser; where there is none it is skipped, by name. */
export const describeBrowser = (title: string, body: (opened: () => Browser) => void): void => {
  if (program === null) {
    const why = 'no Chromium here; install one or name it in TANDEM_CHROMIUM';
    console.warn(`NOT RUN: ${title}: ${why}`);
    describe.skip(`${title}: ${why}`, () => it('is not run', () => {}));
    return;
  }
  describe(title, () => {
    let browser: Browser | null = null;
    beforeAll(async () => {
      freshPage();
      browser = await launch(program);
    }, 90_000);
    afterAll(() => browser?.close());
    body(() => browser!);
  });
};

const sizes = { width: 390, height: 844 };

/** A tab with nothing kept from another one. */
export const openTab = async (browser: Browser, look: Look = {}): Promise<Tab> => {
  const { width = sizes.width, height = sizes.height, colorScheme = 'light' } = look;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    hasTouch: width < 600,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const tab: Tab = { page, troubles: [], hosts: new Set() };
  page.on('pageerror', (error) => tab.troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The agent has not written anything yet; the page asks again.
    if (message.location().url.endsWith('/log') && message.text().includes('404')) return;
    tab.troubles.push(message.text());
  });
  page.on('request', (request) => tab.hosts.add(new URL(request.url()).host));
  onTestFailed(async () => {
    const shown = await page.evaluate('document.body.innerText').catch(() => 'nothing any more');
    console.warn(`the screen held:\n${shown}\ntroubles: ${tab.troubles.join('; ')}`);
  });
  return tab;
};

const looks: readonly Required<Look>[] = [
  { width: 390, height: 844, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
];

/** The screen that stands there has no accessibility violation and no sideways scrolling, on a phone by day and a desk by night. */
export const expectAccessible = async ({ page }: Tab): Promise<void> => {
  for (const { width, height, colorScheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const broken = await violations(page);
    expect(broken, `${width} px, ${colorScheme}`).toEqual([]);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide, `${width} px: wider than the screen`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(sizes);
  await page.emulateMedia({ colorScheme: 'light' });
};

const violations = async (page: Page): Promise<readonly string[]> => {
  // Evaluated by the browser's own tools, which the policy of the page does not bind.
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )) as axe.AxeResults;
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
};

/** What can be pressed is as large as a thumb needs: 44 px high, but for links in a text. */
export const smallTargets = ({ page }: Tab): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('button, .button, .card, select, textarea, summary, input:not([type=checkbox]), .check')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 2)
    .filter((one) => one.getBoundingClientRect().height < 43.5)
    .map((one) => one.outerHTML.slice(0, 120))`) as Promise<readonly string[]>;
