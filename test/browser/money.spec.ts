// Money on the page, in a real browser against a real lab: paid once although the answer was lost, set aside and taken, kept as a
// statement; the operator's books; a proposal from its form to its page.
import { readFileSync } from 'node:fs';
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, type Look, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
let operatorId: string;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  operatorId = (await operator.call<{ walletId: string }>('chancellor_get_balance', { limit: 0 })).walletId;
});

const transfer = (tool: 'execute' | 'hold', to: string, amount: string, memo: string): Promise<unknown> =>
  operator.call(`chancellor_${tool}_transaction`, { to, amount, memo, idempotencyKey: crypto.randomUUID() });

/** Somebody with a wallet that has a past. */
async function somebody(label: string): Promise<Person> {
  const input = { role: 'researcher', label };
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', input);
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  for (const [amount, memo] of [
    ['1250.50', 'Grant for the beam time'],
    ['80.00', 'Detector, second half'],
    ['0.000001', 'The smallest there is'],
  ] as const)
    await transfer('execute', walletId, amount, memo);
  return { walletId, token };
}

async function openMoney(look: Look, token: string): Promise<Page> {
  const page = await tested.open(look);
  await tested.signIn(page, token);
  await by(page, 'nav-money').click();
  return page;
}

const available = (page: Page): Promise<string> => by(page, 'balance-available').innerText();

describe('Money', () => {
  for (const look of LOOKS) {
    it(`pays once although the answer was lost, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await somebody(`Ada ${look.width} ${look.colorScheme}`);
      const page = await openMoney(look, ada.token);
      await by(page, 'history').waitFor();
      expect(await available(page)).toMatch(/1,330\s*\.500001/);
      await by(page, 'balance-said').waitFor();
      expect(await by(page, 'balance-said').innerText()).toContain('From 0.00 to 1,330.500001');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'money-wallet', look);

      await by(page, 'pay-open').click();
      await by(page, 'pay-amount').fill('1e3');
      await by(page, 'pay-go').click();
      expect(await by(page, 'pay').innerText()).toMatch(/wal_ and a UUID[\s\S]*Write digits/);
      await by(page, 'pay-to').fill(operatorId);
      await by(page, 'pay-amount').fill('1,000.25');
      await by(page, 'pay-memo').fill('Back to the lab');
      await tested.picture(page, 'money-pay', look);
      await by(page, 'pay-go').click();
      expect(await by(page, 'pay-meant').innerText()).toMatch(/1,000.25/);
      await tested.picture(page, 'money-pay-confirm', look);
      let lost = 0;
      await page.route('**/mcp*', async (route) => {
        if (lost > 0 || !route.request().postData()?.includes('execute_transaction')) return route.continue();
        lost += 1;
        await route.fetch();
        await route.abort();
      });
      await by(page, 'pay-confirm-go').click();
      await by(page, 'pay-confirm-lost').waitFor();
      await tested.picture(page, 'money-pay-lost', look);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      // Even a page that was loaded anew meanwhile sends the same intent.
      await page.reload();
      await by(page, 'pay-open').click();
      await by(page, 'pay-confirm-go').click();
      await by(page, 'pay-done').waitFor();
      expect(await by(page, 'pay-done').innerText()).toMatch(/1,000.25[\s\S]*330.250001 are left/);
      await page.keyboard.press('Escape');
      await expect.poll(() => available(page)).toMatch(/330\s*\.250001/);
      await expect.poll(() => by(page, 'history').locator('li').count()).toBe(4);
      expect(await by(page, 'history').innerText()).toMatch(/Back to the lab[\s\S]*−1,000.25/);
      await by(page, 'history').locator('li button').first().click();
      await by(page, 'entry-panel').waitFor();
      await tested.picture(page, 'money-entry', look);
      await page.context().close();
    });

    it(`checks the books and stops a wallet at ${look.width} px, ${look.colorScheme}`, async () => {
      const ben = await somebody(`Ben ${look.width} ${look.colorScheme}`);
      const page = await openMoney(look, tested.lab.operatorToken());
      await by(page, 'view-books').click();
      await by(page, 'books-clean').waitFor();
      expect(await by(page, 'books-clean').innerText()).toBe('clean');
      expect(await by(page, 'books-checks').innerText()).toMatch(/zero/);
      await by(page, 'wallets-role').selectOption('researcher');
      const row = by(page, `wallet-${ben.walletId}`);
      await row.waitFor();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'money-books', look);
      await row.getByRole('button').click();
      await by(page, 'freeze-reason').fill('Lost their laptop');
      await tested.picture(page, 'money-freeze', look);
      await by(page, 'freeze-go').click();
      await expect.poll(() => row.innerText()).toMatch(/frozen/);
      await row.scrollIntoViewIfNeeded();
      await tested.picture(page, 'money-wallets', look);
      await using theirs = await tested.lab.connect(ben.token);
      const payment = { to: operatorId, amount: '1', idempotencyKey: crypto.randomUUID() };
      expect(await theirs.refused('chancellor_execute_transaction', payment)).toMatchObject({ code: 'forbidden' });
      await row.getByRole('link').click();
      await expect.poll(() => page.locator('main h1').innerText()).toMatch(/^Ben/);
      expect(await by(page, 'pay-open').count()).toBe(0);
      await page.context().close();
    });
  }

  it('sets aside, takes a part, narrows the history, and keeps a statement', async () => {
    const cyd = await somebody('Cyd');
    await transfer('hold', cyd.walletId, '40.00', 'Deposit');
    const page = await openMoney(DESK, cyd.token);
    await by(page, 'holds').waitFor();
    expect(await by(page, 'balance-pending').innerText()).toMatch(/40\s*\.00/);
    await tested.picture(page, 'money-holds', DESK);
    await by(page, 'hold-capture').click();
    await by(page, 'capture-amount').fill('40.000001');
    expect(await by(page, 'capture').innerText()).toMatch(/At most 40.00/);
    await by(page, 'capture-amount').fill('15');
    await by(page, 'capture-go').click();
    await expect.poll(() => by(page, 'holds').innerText()).toMatch(/25.00[\s\S]*15.00 of 40.00 taken/);
    await by(page, 'hold-release').click();
    await by(page, 'release-go').click();
    await by(page, 'holds').waitFor({ state: 'detached' });
    expect(await available(page)).toMatch(/1,345\s*\.500001/);

    await by(page, 'history-kind').selectOption('capture');
    await expect.poll(() => by(page, 'history').locator('li').count()).toBe(1);
    expect(page.url()).toContain('kind=capture');
    await by(page, 'history-to').fill('2001-01-01');
    await by(page, 'history-nothing').waitFor();
    await by(page, 'history-clear').click();
    await expect.poll(() => by(page, 'history').locator('li').count()).toBe(4);
    await by(page, 'statement-open').click();
    const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'statement-go').click()]);
    const lines = readFileSync((await download.path()) ?? '', 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('balanceAfter');
    expect(lines.at(-1)).toContain('1345.500001');
    expect(await by(page, 'statement-said').innerText()).toBe('4 transactions saved.');

    await using theirs = await tested.lab.connect(cyd.token);
    const later = { to: operatorId, amount: '200.00', memo: 'Detector, on approval' };
    await theirs.call('chancellor_hold_transaction', { ...later, idempotencyKey: crypto.randomUUID() });
    const paid = { to: operatorId, amount: '412.75', memo: 'Liquid helium' };
    await theirs.call('chancellor_execute_transaction', { ...paid, idempotencyKey: crypto.randomUUID() });
    await page.reload();
    await by(page, 'holds').waitFor();
    await expect.poll(() => by(page, 'balance-said').innerText()).toContain('to 732.750001');
    await tested.picture(page, 'money-whole', DESK);
    await page.context().close();
  });

  it('keeps a statement that is too large for an answer: it comes as a file, whole', async () => {
    const dora = await somebody('Dora');
    const memo = 'For the beam time of the last weeks, '.padEnd(140, '.');
    const transfers = Array.from({ length: 1_000 }, (_, n) => {
      return { to: dora.walletId, amount: '0.01', memo, idempotencyKey: `dora-${n}-${dora.walletId}` };
    });
    expect(await operator.call('chancellor_execute_batch', { transfers })).toMatchObject({ posted: 1_000 });
    const page = await openMoney(DESK, dora.token);
    const files: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/blobs/')) files.push(request.method());
    });
    await by(page, 'statement-open').click();
    const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'statement-go').click()]);
    const lines = readFileSync((await download.path()) ?? '', 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(files).toEqual(['GET']);
    // A head, the three of before, and all of the batch.
    expect(lines).toHaveLength(1_004);
    expect(lines.at(-1)).toContain('1340.500001');
    await expect.poll(() => by(page, 'statement-said').innerText()).toMatch(/^1,?003 transactions saved/);
    await page.context().close();
  });

  it('logs no error but the one lost answer of each look, and breaks no content policy', () => {
    expect(tested.problems.filter((problem) => !problem.includes('ERR_FAILED'))).toEqual([]);
  });
});
