// Policies on the page, in a real browser against a real lab: what is in force, a change tried and put in force, and a role given.
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import { newcomer, type Person } from '../harness/follower.js';
import { by, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
let citizen: Person;
onPage(async (page) => {
  tested = page;
  operator = page.operator;
  citizen = await newcomer(operator);
  await using theirs = await tested.lab.connect(citizen.token);
  for (let call = 0; call < 5; call++) await theirs.call('architect_list_available_templates');
});

const policyWith = (id: string) => ({
  roles: {},
  rules: [
    {
      id,
      description: 'Templates are revised this week.',
      deny: { roles: ['citizen'], tools: ['architect_list_available_templates'] },
    },
  ],
  anomalies: {},
});

describe('Policies', () => {
  for (const [turn, look] of LOOKS.entries()) {
    it(`tries a change and puts it in force at ${look.width} px, ${look.colorScheme}`, async () => {
      const page = await tested.open(look);
      await tested.signIn(page);
      await page.goto(`${tested.lab.url}/#/security/policies`);
      await by(page, 'policy-matrix').waitFor();
      expect(await by(page, 'policy-matrix').innerText()).toContain('audit:read');
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'policies', look);

      await by(page, 'policy-change').click();
      await by(page, 'policy-text').fill('{ "rules": [');
      await expect.poll(() => page.locator('main').innerText()).toMatch(/This is not JSON/);
      await by(page, 'policy-text').fill(JSON.stringify({ rules: [{ id: 'Not A Rule', deny: {} }] }));
      await by(page, 'policy-try').click();
      await by(page, 'policy-problems').waitFor();
      expect(await by(page, 'policy-problems').innerText()).toMatch(/policy\.rules\.0/);

      await by(page, 'policy-text').fill(JSON.stringify(policyWith(`revision-${turn}`), null, 2));
      await by(page, 'policy-try').click();
      await by(page, 'policy-try-result').waitFor();
      const said = await by(page, 'policy-try-result').innerText();
      expect(said).toContain(`revision-${turn}`);
      if (turn === 0) expect(said).toMatch(/loses\s+architect_list_available_templates/);
      expect(said).toMatch(/would be denied/);
      expect(await fits(page)).toBe(true);
      await by(page, 'policy-try-result').scrollIntoViewIfNeeded();
      await tested.picture(page, 'policy-try', look);
      expect(await by(page, 'policy-apply').isDisabled()).toBe(true);
      await by(page, 'policy-note').fill('templates are revised');
      await by(page, 'policy-apply').click();
      await expect.poll(() => by(page, 'policy-in-force').innerText()).toContain(`Version ${turn + 1} is in force`);
      await by(page, 'policy-rules-list').waitFor();
      expect(await by(page, 'policy-versions-list').innerText()).toContain('templates are revised');
      await by(page, 'policy-versions-list').scrollIntoViewIfNeeded();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'policy-versions', look);
      await page.context().close();
      await using theirs = await tested.lab.connect(citizen.token);
      expect(await theirs.refused('architect_list_available_templates')).toMatchObject({ code: 'forbidden' });
    });
  }

  it('restores an earlier version, and gives a wallet another role', async () => {
    const look = LOOKS[0] ?? { width: 1440, height: 900, colorScheme: 'light' };
    const page = await tested.open(look);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/security/policies`);
    await page.getByRole('button', { name: 'Restore version 0' }).click();
    await by(page, 'policy-restore').getByTestId('policy-try-result').waitFor();
    await tested.picture(page, 'policy-restore', look);
    await by(page, 'policy-restore').getByRole('textbox').fill('the revision is over');
    await by(page, 'policy-restore-go').click();
    await expect.poll(() => by(page, 'policy-in-force').innerText()).toContain('0 rules');
    await using theirs = await tested.lab.connect(citizen.token);
    await theirs.call('architect_list_available_templates');

    await by(page, 'role-wallet').fill(citizen.walletId);
    await by(page, 'role-name').selectOption('developer');
    await by(page, 'role-set').click();
    await by(page, 'role-result').waitFor();
    expect(await by(page, 'role-result').innerText()).toMatch(
      /was a citizen, and is a developer now\. Gained: .*dataset:write/,
    );
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
