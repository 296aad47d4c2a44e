// Jobs on the page, in a real browser against a real lab that runs them: a script is submitted once its price is known, its log comes
// as it is written and is looked through, what it left is saved, and it is ended and run again.
import { readFile } from 'node:fs/promises';
import type { LabClient } from '@labmesh/testing';
import { describe, expect, it } from 'vitest';
import { faultsInSight } from '../harness/axe.js';
import { newcomer, type Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

async function withMoney(): Promise<Person> {
  const person = await newcomer(operator, 'researcher');
  const payment = { to: person.walletId, amount: '50.00', idempotencyKey: crypto.randomUUID() };
  await operator.call('chancellor_execute_transaction', payment);
  return person;
}

const SCRIPT = `#!/bin/sh
i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo "step $i"; done
printf '\\033[32mloss 0.12\\033[0m\\n'
echo 'ValueError: <b>not bold</b>' >&2
echo 42 > artifacts/answer.txt
printf 'done 10 %%\\rdone 100 %%\\n'
`;

describe('a job', () => {
  for (const look of LOOKS) {
    it(`is submitted, followed and searched, and leaves a file, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await withMoney();
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/jobs`);
      await by(page, 'jobs-nothing').waitFor();
      await by(page, 'job-new').click();
      await by(page, 'job-name').last().fill('Twenty thousand steps');
      await by(page, 'job-script').fill(SCRIPT);
      await by(page, 'job-gpus').fill('1.5');
      expect(await by(page, 'submit').innerText()).toContain('A whole number.');
      await by(page, 'job-gpus').fill('0');
      await by(page, 'submit-go').click();
      await by(page, 'job-plan').waitFor();
      expect(await by(page, 'job-plan').innerText()).toMatch(/At most 0\.39/);
      await tested.picture(page, 'jobs-new', look);
      await by(page, 'submit-go').click();

      await expect.poll(() => by(page, 'job-pill').innerText()).toBe('succeeded');
      await expect.poll(() => by(page, 'log-state').innerText()).toBe('20,003 lines, all of it');
      // The end is in sight; of twenty thousand lines a few dozen are on the page.
      await expect.poll(() => by(page, 'log').innerText()).toContain('done 100 %');
      expect(await by(page, 'log').innerText()).not.toContain('done 10 %');
      expect(await page.locator('.log-line').count()).toBeLessThan(120);
      await by(page, 'log-search').fill('step 1999');
      await expect.poll(() => by(page, 'log-found').innerText()).toBe('11 lines');
      await by(page, 'log-next').click();
      await expect.poll(() => by(page, 'log').innerText()).toContain('step 1999\n');
      await by(page, 'log-error').click();
      await expect.poll(() => page.locator('.log-marked').innerText()).toContain('ValueError: <b>not bold</b>');
      await tested.picture(page, 'jobs-log', look);
      expect(await fits(page)).toBe(true);

      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save artifacts/answer.txt' }).click();
      expect(await readFile((await (await saved).path()) ?? '', 'utf8')).toBe('42\n');
      await by(page, 'attempts').scrollIntoViewIfNeeded();
      await tested.picture(page, 'jobs-attempts', look);

      await page.goto(`${tested.lab.url}/#/jobs`);
      await expect.poll(() => by(page, 'jobs').innerText()).toMatch(/Twenty thousand steps[\s\S]*succeeded/);
      await by(page, 'view-machines').click();
      await by(page, 'nodes').getByRole('listitem').first().waitFor();
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'jobs-machines', look);
      await page.context().close();
    });
  }

  it('of a million lines has a few on the page, wherever somebody looks', async () => {
    const cid = await withMoney();
    await using client = await tested.lab.connect(cid.token);
    const { job } = await client.call<{ job: { jobId: string } }>('mechanic_orchestrate_training_job', {
      ...{ name: 'A million lines', command: ['seq', '-f', 'step %.0f of many', '1000000'], network: true },
      resources: { cpus: 0.5, memoryMb: 64, wallSeconds: 300 },
    });
    const page = await tested.open(DESK);
    await tested.signIn(page, cid.token);
    await page.goto(`${tested.lab.url}/#/jobs/list/${job.jobId}`);
    await expect.poll(() => by(page, 'log-state').innerText()).toBe('1,000,000 lines, all of it');
    const log = by(page, 'log');
    await expect.poll(() => log.innerText()).toContain('step 1000000 of many');
    await by(page, 'log-search').fill('step 50000');
    await expect.poll(() => by(page, 'log-found').innerText()).toBe('11 lines');
    await by(page, 'log-next').click();
    await expect.poll(() => log.innerText()).toContain('step 50000 of many');
    expect(await page.locator('.log-line').count()).toBeLessThan(120);
    await page.context().close();
  });

  for (const look of LOOKS) {
    it(`shows what it uses, and new ones and machines as they change, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ben = await withMoney();
      const page = await tested.open(look);
      await tested.signIn(page, ben.token);
      await page.goto(`${tested.lab.url}/#/jobs`);
      await by(page, 'jobs-nothing').waitFor();
      await using client = await tested.lab.connect(ben.token);
      const script =
        'n=0; while [ $n -lt 12 ]; do n=$((n+1)); i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 0.5; done';
      const { job } = await client.call<{ job: { jobId: string } }>('mechanic_orchestrate_training_job', {
        ...{ name: 'Busy', command: ['sh', '-c', script], network: true },
        resources: { cpus: 0.5, memoryMb: 64, wallSeconds: 300 },
      });
      // Nobody touches the page: the list that stands open has it.
      await expect.poll(() => by(page, 'jobs').innerText()).toMatch(/Busy/);
      await by(page, 'view-machines').click();
      await expect.poll(() => by(page, 'nodes').innerText()).toMatch(/1 job on it/);
      await expect.poll(() => by(page, 'nodes').innerText()).toMatch(/0 jobs on it/);
      await page.goto(`${tested.lab.url}/#/jobs/list/${job.jobId}`);
      await by(page, 'usage').waitFor();
      expect(await by(page, 'usage').innerText()).toMatch(/CPUs[\s\S]*of 0\.50[\s\S]*Memory[\s\S]*of 64(\.0)? MiB/);
      expect(await by(page, 'usage').locator('polyline').count()).toBe(2);
      await by(page, 'usage').scrollIntoViewIfNeeded();
      await tested.picture(page, 'jobs-usage', look);
      expect(await fits(page)).toBe(true);
      await page.context().close();
    });
  }

  it('is ended by who looks at it, and run again', async () => {
    const ada = await withMoney();
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    const client = await tested.lab.connect(ada.token);
    const { job } = await client.call<{ job: { jobId: string } }>('mechanic_orchestrate_training_job', {
      name: 'Long',
      command: ['sh', '-c', 'echo begun; sleep 600'],
      resources: { wallSeconds: 900, cpus: 0.1, memoryMb: 64 },
    });
    await client[Symbol.asyncDispose]();
    await page.goto(`${tested.lab.url}/#/jobs/list/${job.jobId}`);
    await expect.poll(() => by(page, 'log').innerText()).toContain('begun');
    await by(page, 'job-cancel').click();
    await by(page, 'cancel-go').click();
    await expect.poll(() => by(page, 'job-pill').innerText()).toBe('cancelled');
    await by(page, 'job-retry').click();
    await by(page, 'retry-go').click();
    await expect.poll(() => page.url()).not.toContain(job.jobId);
    await expect.poll(() => by(page, 'job-pill').innerText()).toMatch(/waiting|starting|running/);
    await by(page, 'job-cancel').click();
    await by(page, 'cancel-go').click();
    await expect.poll(() => by(page, 'job-pill').innerText()).toBe('cancelled');
    await page.context().close();
  });

  for (const look of LOOKS) {
    it(`of many runs is submitted, shown as a whole and ended as one, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await withMoney();
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/jobs`);
      await by(page, 'job-new').click();
      await by(page, 'job-name').last().fill('Sweep');
      await by(page, 'job-script').fill('#!/bin/sh\n[ "$LABMESH_ARRAY_INDEX" = 0 ] || sleep 600\n');
      await by(page, 'job-cpus').fill('0.5');
      await by(page, 'job-memoryGb').fill('0.0625');
      await by(page, 'job-runs').fill('0');
      expect(await by(page, 'submit').innerText()).toContain('From 1 to 1,000.');
      await by(page, 'job-runs').fill('4');
      await by(page, 'job-atOnce').fill('1');
      await by(page, 'submit-go').click();
      await by(page, 'job-plan').waitFor();
      await by(page, 'submit-go').click();
      await by(page, 'submit').waitFor({ state: 'detached' });
      // The first run ends by itself, and lets the second begin: nobody touches the page.
      await expect.poll(() => by(page, 'array').innerText()).toMatch(/1 of 4 runs have ended, at most 1 at once/);
      await expect.poll(() => by(page, 'array').innerText()).toMatch(/2 waiting[\s\S]*1 running[\s\S]*1 succeeded/);
      expect(await by(page, 'jobs').getByRole('listitem').count()).toBe(4);
      await tested.picture(page, 'jobs-array', look);
      expect(await faultsInSight(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
      await by(page, 'jobs').getByRole('link').first().click();
      await by(page, 'job-array').click();
      await by(page, 'array-cancel').click();
      await by(page, 'cancel-go').click();
      await expect.poll(() => by(page, 'array').innerText()).toMatch(/4 of 4 runs have ended/);
      await expect.poll(() => by(page, 'array').innerText()).toMatch(/1 succeeded[\s\S]*3 cancelled/);
      expect(await by(page, 'array-cancel').count()).toBe(0);
      await page.context().close();
    });
  }

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
