// The page in a real browser, against a real lab: sign in by the one-time link, ask, open a citation, see the agents, call a tool.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';

/** Screenshots for people to look at; never committed from here. */
const PICTURES = join(ROOT, 'test-results/page');
const CHROMIUM = process.env.LABMESH_TEST_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const QUESTION = 'Which formats can a dataset have?';

let lab: LabUnderTest;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [lab, browser] = await Promise.all([oneProcessLab(), chromium.launch({ executablePath: CHROMIUM, args: FLAGS })]);
});
afterAll(async () => {
  await browser?.close();
  await lab?.[Symbol.asyncDispose]();
});

interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

async function open({ width, height, colorScheme }: Look): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  return page;
}

const by = (page: Page, id: string) => page.getByTestId(id);

async function signInWithToken(page: Page): Promise<void> {
  await page.goto(`${lab.url}/`);
  await by(page, 'sign-in-token').fill(lab.operatorToken());
  await by(page, 'sign-in-submit').click();
  await by(page, 'who').first().waitFor();
}

const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

describe('the page', () => {
  it('signs in by the one-time link, and leaves no code in the address', async () => {
    const page = await open({ width: 1440, height: 900, colorScheme: 'light' });
    const link = /https?:\/\/\S+\/#code=\S+/.exec(lab.output())?.[0] ?? '';
    await page.goto(link);
    await by(page, 'who').first().waitFor();
    expect(page.url()).not.toContain('code=');
    expect(await by(page, 'who').first().innerText()).toMatch(/operator/i);
    const again = await open({ width: 1440, height: 900, colorScheme: 'light' });
    await again.goto(link);
    await by(again, 'sign-in-token').waitFor();
    expect(await again.locator('body').innerText()).toMatch(/labmesh open/);
    await Promise.all([page.context().close(), again.context().close()]);
    // The refused second use is an expected 401 in the console.
    problems.splice(0, problems.length, ...problems.filter((text) => !text.includes('401')));
  });

  for (const look of [
    { width: 1440, height: 900, colorScheme: 'light' },
    { width: 1440, height: 900, colorScheme: 'dark' },
    { width: 375, height: 812, colorScheme: 'light' },
    { width: 375, height: 812, colorScheme: 'dark' },
  ] as const) {
    it(`answers, shows agents and calls tools at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await open(look);
      const picture = (name: string) =>
        page.screenshot({ path: join(PICTURES, `${name}-${look.width}-${look.colorScheme}.png`) });
      await page.goto(`${lab.url}/`);
      await by(page, 'sign-in-token').waitFor();
      await picture('sign-in');
      await signInWithToken(page);

      await by(page, 'ask-input').fill(QUESTION);
      await by(page, 'ask-send').click();
      await by(page, 'answer').last().waitFor();
      await by(page, 'citation-1').last().waitFor();
      expect(await fits(page)).toBe(true);
      await picture('ask');
      await by(page, 'citation-1').last().click();
      await by(page, 'document-highlight').first().waitFor();
      expect((await by(page, 'document-highlight').first().innerText()).length).toBeGreaterThan(20);
      await picture('citation');
      await page.keyboard.press('Escape');

      await by(page, 'nav-agents').first().click();
      for (const agent of ['curator', 'sentinel', 'chancellor', 'architect', 'mechanic', 'librarian']) {
        expect(await by(page, `agent-${agent}-status`).innerText()).toMatch(/up/i);
      }
      await by(page, 'health-status').waitFor();
      expect(await fits(page)).toBe(true);
      await picture('agents');

      await by(page, 'nav-tools').first().click();
      await by(page, 'tool-filter').fill('balance');
      await by(page, 'tool-chancellor_get_balance').click();
      await by(page, 'tool-run').click();
      await by(page, 'tool-result').waitFor();
      expect(await by(page, 'tool-result').innerText()).toContain('$webxos');
      expect(await fits(page)).toBe(true);
      await picture('tool');
      await page.context().close();
    });
  }

  it('shows a refusal of the lab as what it is', async () => {
    const page = await open({ width: 1440, height: 900, colorScheme: 'light' });
    await page.goto(`${lab.url}/`);
    await by(page, 'sign-in-token').fill('lmk_notatoken');
    await by(page, 'sign-in-submit').click();
    await expect.poll(() => page.locator('body').innerText(), { timeout: 10_000 }).toMatch(/token/i);
    expect(await by(page, 'sign-in-token').isVisible()).toBe(true);
    await page.context().close();
    problems.splice(0, problems.length, ...problems.filter((text) => !text.includes('401')));
  });

  it('logs no error and breaks no content policy', () => {
    expect(problems).toEqual([]);
  });
});
