// A page that stands open: minutes pass, and nobody touches it. The audit log has no record of that.
import type { LabClient } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { by, DESK, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

const MINUTES = 5;
/** A stream's signs of life come by the lab's own clock; after 25 s without one the page would open another, with a record. */
const STREAM_MS = 27_000;

/** The newest place of the log, but for this question, whose own record comes after it. */
async function newest(): Promise<{ cursor: string; tools: string[] }> {
  const { records } = (await operator.call('sentinel_audit_query', { limit: 50 })) as {
    records: Array<{ cursor: string; agent: string; tool: string }>;
  };
  return { cursor: records[0]?.cursor ?? '0', tools: records.map(({ agent, tool }) => `${agent} ${tool}`) };
}

/** Records are in the log within a second: the same place twice, but for the question's own record. */
async function settled(): Promise<{ cursor: string; tools: string[] }> {
  let before = await newest();
  for (let tries = 0; tries < 20; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await newest();
    if (Number(now.cursor) - Number(before.cursor) <= 1) return now;
    before = now;
  }
  throw new Error('the log does not come to rest');
}

/** Those with a stream stand by the lab's clock, the others by one that the test moves on. */
const VIEWS: ReadonlyArray<readonly [name: string, ids: readonly string[], shown: string, stream: boolean]> = [
  ['home', ['nav-home'], 'home-available', true],
  ['solutions', ['nav-knowledge', 'view-solutions'], 'solutions-nothing', true],
  ['agents and health', ['nav-agents'], 'health-status', false],
  ['the live audit log', ['nav-security', 'view-audit'], 'audit-records', true],
  ['anomalies', ['nav-security', 'view-anomalies'], 'view-anomalies', false],
];

it.each(VIEWS)('leaves no record while it shows %s', async (_name, ids, shown, stream) => {
  const page = await tested.open(DESK);
  if (!stream) await page.clock.install();
  await tested.signIn(page);
  for (const id of ids) await by(page, id).first().click();
  await by(page, shown).first().waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const before = await settled();
  if (stream) await new Promise((resolve) => setTimeout(resolve, STREAM_MS));
  for (let at = 0; !stream && at < MINUTES * 6; at++) {
    await page.clock.runFor(10_000);
    await page.evaluate(() => undefined);
  }
  const after = await settled();
  // The page did live meanwhile: what it reads by its clock was read.
  if (shown === 'health-status')
    expect(asked.filter((request) => request === 'GET /readyz').length).toBeGreaterThan(MINUTES * 3);
  // Every record since is one of the questions that this test asked.
  const since = after.tools.slice(0, Number(after.cursor) - Number(before.cursor));
  expect(since.filter((tool) => tool !== 'sentinel audit_query')).toEqual([]);
  expect(asked.filter((request) => request.endsWith('/mcp'))).toEqual([]);
  await page.context().close();
});

it('shows at once that an agent went and came back, as the lab’s readiness says it', async () => {
  const page = await tested.open(DESK);
  await page.clock.install();
  let down = false;
  await page.route('**/readyz', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { agents: Record<string, { status: string }> };
    if (down) body.agents.architect = { ...body.agents.architect, status: 'down' };
    await route.fulfill({ response: answer, json: body });
  });
  await tested.signIn(page);
  await by(page, 'nav-agents').first().click();
  await by(page, 'health-status').waitFor();
  const calls: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/mcp') calls.push(request.postData() ?? '');
  });
  const looked = page.waitForResponse('**/readyz');
  await page.clock.runFor(10_000);
  await looked;
  expect(calls).toEqual([]);
  down = true;
  await expect
    .poll(
      async () => {
        await page.clock.runFor(10_000);
        return calls.some((body) => body.includes('librarian_get_agent_manifest'));
      },
      { interval: 200 },
    )
    .toBe(true);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
});
