// Security on the page, in a real browser against a real lab: calls arrive live, a record is proved, tokens are made and revoked.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

async function openSecurity(page: Page, view?: string): Promise<void> {
  await by(page, 'nav-security').first().click();
  if (view !== undefined) await by(page, `view-${view}`).click();
}

/** Calls of every severity that a caller can bring about. */
async function someTraffic(): Promise<string> {
  const citizen = await newcomer(operator);
  await using theirs = await tested.lab.connect(citizen.token);
  for (let call = 0; call < 12; call++) await theirs.call('architect_list_available_templates');
  for (let call = 0; call < 3; call++) await theirs.refused('sentinel_audit_query');
  await theirs.refused('curator_fetch_dataset', { datasetId: 'ds_none' });
  return citizen.walletId;
}

describe('Security', () => {
  for (const look of LOOKS) {
    it(`shows the log live and proves a record at ${look.width} px, ${look.colorScheme}`, async () => {
      await someTraffic();
      const page = await tested.open(look);
      await tested.signIn(page);
      await openSecurity(page, 'audit');
      await by(page, 'audit-records').waitFor();
      await expect.poll(() => by(page, 'audit-live').innerText()).toMatch(/live/);

      const walletId = await someTraffic();
      const theirs = page.getByTitle(walletId);
      await theirs.first().waitFor({ state: 'attached' });
      expect(await by(page, 'audit-chart').innerText()).toMatch(/warning/);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'audit', look);

      await by(page, 'filter-severity').selectOption('warning');
      await expect.poll(() => by(page, 'audit-records').innerText()).not.toMatch(/\bok\b/);
      await by(page, 'audit-records').locator('button').first().click();
      await by(page, 'record-prove').click();
      await by(page, 'record-proof').waitFor();
      for (const part of ['leaf', 'path', 'signature'])
        expect(await by(page, `proof-${part}`).getAttribute('data-verdict'), part).toBe('good');
      expect(await by(page, 'audit-path').isVisible()).toBe(true);
      await by(page, 'audit-path').scrollIntoViewIfNeeded();
      await tested.picture(page, 'audit-proof', look);
      await page.keyboard.press('Escape');

      await by(page, 'audit-check').click();
      await by(page, 'audit-check-result').waitFor();
      expect(await by(page, 'audit-check-result').innerText()).toMatch(/intact/);
      await tested.picture(page, 'audit-check', look);
      await page.keyboard.press('Escape');
      await page.context().close();
    });

    it(`makes a token and revokes it at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await openSecurity(page, 'tokens');
      await by(page, 'tokens').waitFor();
      const label = `notebook ${look.width} ${look.colorScheme}`;
      await by(page, 'token-new').click();
      await by(page, 'new-token-label').fill(label);
      await tested.picture(page, 'token-new', look);
      await by(page, 'new-token-go').click();
      const made = (await by(page, 'made-token-text').innerText()).trim();
      expect(made).toMatch(/^lmk_/);
      await tested.picture(page, 'token-made', look);
      await page.keyboard.press('Escape');
      await using theirs = await tested.lab.connect(made);
      expect((await theirs.toolNames()).length).toBeGreaterThan(5);

      const mine = by(page, 'tokens').locator('li', { hasText: label });
      await mine.waitFor();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'tokens', look);
      await mine.getByRole('button', { name: /Revoke/ }).click();
      await tested.picture(page, 'token-revoke', look);
      await by(page, 'revoke-dialog-go').click();
      await mine.waitFor({ state: 'detached' });
      await expect
        .poll(() =>
          tested.lab.connect(made).then(
            () => 'good',
            () => 'revoked',
          ),
        )
        .toBe('revoked');
      await page.context().close();
    });
  }

  it('shows a citizen their tokens, and nothing of the log', async () => {
    const { token, walletId } = await newcomer(operator);
    const page = await tested.open(DESK);
    await tested.signIn(page, token);
    await openSecurity(page);
    await by(page, 'tokens').waitFor();
    expect(await by(page, 'view-audit').count()).toBe(0);
    expect(await by(page, 'token-wallet').count()).toBe(0);
    await page.goto(`${tested.lab.url}/#/security/audit`);
    await expect.poll(() => page.locator('main').innerText()).toMatch(/not for this sign-in/);
    await openSecurity(page, 'tokens');
    await by(page, 'token-revoke-all').click();
    await by(page, 'revoke-dialog-go').click();
    // With its token the sign-in ends, and what is open ends too.
    await by(page, 'sign-in-token').waitFor();
    const { tokens } = await operator.call<{ tokens: unknown[] }>('sentinel_list_tokens', { walletId });
    expect(tokens).toEqual([]);
    await page.context().close();
    tested.problems.splice(0, tested.problems.length, ...tested.problems.filter((text) => !text.includes('401')));
  });

  it('holds still while paused, and goes on without a gap', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await openSecurity(page, 'audit');
    await expect.poll(() => by(page, 'audit-live').innerText()).toMatch(/live/);
    await by(page, 'audit-pause').click();
    const walletId = await someTraffic();
    await page.getByRole('button', { name: /new records: show/ }).waitFor();
    expect(await page.getByTitle(walletId).count()).toBe(0);
    await page.getByRole('button', { name: /new records: show/ }).click();
    // Twelve lists, three refusals, one failure, and what connecting took.
    await expect.poll(() => page.getByTitle(walletId).count()).toBeGreaterThanOrEqual(16);
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
