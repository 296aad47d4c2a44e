// The page in a real browser, against a real lab: opens tabs, signs in, keeps what the console complains of, takes pictures.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FULL, type LabClient } from '@labmesh/testing';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type LabUnderTest, oneProcessLab, ROOT } from './lab-under-test.js';

/** Screenshots for people to look at; never committed from here. */
const PICTURES = join(ROOT, 'test-results/page');
const CHROMIUM = process.env.LABMESH_TEST_CHROMIUM ?? '/usr/bin/chromium';
/** Ends a wait for what never shows. */
const HUNG_MS = 120_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

export const DESK: Look = { width: 1440, height: 900, colorScheme: 'light' };

export const PHONE: Look = { width: 375, height: 812, colorScheme: 'light' };
export const PHONE_DARK: Look = { ...PHONE, colorScheme: 'dark' };

/** Both widths and both themes, each once; in full, each width in each theme. */
export const LOOKS: readonly Look[] = FULL
  ? [DESK, { ...DESK, colorScheme: 'dark' }, PHONE, PHONE_DARK]
  : [DESK, PHONE_DARK];

export const by = (place: Page | Locator, id: string): Locator => place.getByTestId(id);

export const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

export interface PageUnderTest extends AsyncDisposable {
  readonly lab: LabUnderTest;
  /** Of the operator, beside the page. */
  readonly operator: LabClient;
  /** Errors that the console told, and breaches of the content policy. */
  readonly problems: string[];
  open(look: Look): Promise<Page>;
  signIn(page: Page, token?: string): Promise<void>;
  picture(page: Page, name: string, look: Look): Promise<void>;
}

/**
 * One for all tests of a file: there before them, gone after them.
 * @param begin told of it, and makes what the tests need
 * @param env settings of the lab, which what was made before it may be part of
 */
export function onPage(
  begin: (tested: PageUnderTest) => void | Promise<void>,
  env: () => Record<string, string> | Promise<Record<string, string>> = () => ({}),
): void {
  let tested: PageUnderTest | undefined;
  beforeAll(async () => {
    tested = await pageUnderTest(await env());
    await begin(tested);
  });
  afterAll(() => tested?.[Symbol.asyncDispose]());
}

async function pageUnderTest(env: Record<string, string>): Promise<PageUnderTest> {
  mkdirSync(PICTURES, { recursive: true });
  const [lab, browser]: [LabUnderTest, Browser] = await Promise.all([
    oneProcessLab(env),
    chromium.launch({ executablePath: CHROMIUM, args: FLAGS }),
  ]);
  const operator = await lab.connect(lab.operatorToken());
  const problems: string[] = [];
  return {
    lab,
    operator,
    problems,
    open: async ({ width, height, colorScheme }) => {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      context.setDefaultTimeout(HUNG_MS);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      return page;
    },
    signIn: async (page, token = lab.operatorToken()) => {
      await page.goto(`${lab.url}/`);
      await by(page, 'sign-in-token').fill(token);
      await by(page, 'sign-in-submit').click();
      await by(page, 'who').first().waitFor();
    },
    picture: async (page, name, { width, colorScheme }) => {
      await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`) });
    },
    [Symbol.asyncDispose]: async () => {
      await operator[Symbol.asyncDispose]();
      await browser.close();
      await lab[Symbol.asyncDispose]();
    },
  };
}
