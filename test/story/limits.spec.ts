// What happens to a wallet, or an address, that asks for too much. Limits are set low, so that little is needed, and room
// comes back so slowly that a busy machine is refused as well.
import { setTimeout as pause } from 'node:timers/promises';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newcomer, type Person } from '../harness/follower.js';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { type RawAnswer, rawCall, rawRequest, rawStream } from '../harness/raw-calls.js';
import { verifies } from '../requirements.js';

const TOOL = 'architect_list_available_templates';
/** Seldom enough for four of them to stay below the rate. */
const HOLDS_AGAIN_MS = 8_000;
let lab: LabUnderTest;
let operator: LabClient;
/** One who calls, one who lists, one who asks many agents. */
let caller: Person;
let lister: Person;
let asker: Person;
const as = (token: string | undefined) => ({ url: lab.url, token });
const many = (count: number, ask: () => Promise<RawAnswer>) => Promise.all(Array.from({ length: count }, ask));

beforeAll(async () => {
  lab = await oneProcessLab({
    LABMESH_RATE_PER_SECOND: '1',
    LABMESH_RATE_BURST: '30',
    LABMESH_CONCURRENCY: '4',
    LABMESH_FAILED_AUTH_PER_MINUTE: '10',
    LABMESH_STREAMS: '1',
  });
  operator = await lab.connect(lab.operatorToken());
  [caller, lister, asker] = [await newcomer(operator), await newcomer(operator), await newcomer(operator)];
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

const counted = async (limit: string): Promise<number> => {
  const metrics = await (await fetch(`${lab.url}/metrics`)).text();
  return Number(new RegExp(`^labmesh_refusals_total\\{limit="${limit}"\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
};

verifies('limits:calls', async () => {
  const refused: RawAnswer[] = [];
  for (let call = 0; call < 60; call++) {
    const answer = await rawCall(as(caller.token), TOOL);
    expect(answer.status).toBe(200);
    if (answer.isError) refused.push(answer);
  }
  expect(refused.length).toBeGreaterThan(5);
  expect(refused[0]?.body).toMatchObject({
    code: 'rate_limited',
    message: expect.stringMatching(/1 a second are allowed, 30 at once.*Come back in 1 s/),
    details: { retryAfterMs: expect.any(Number), limit: 'rate' },
  });
  // The word is kept: after that time there is a place.
  const last = refused.at(-1)?.body.details as { retryAfterMs: number } | undefined;
  await pause((last?.retryAfterMs ?? 0) + 50);
  expect((await rawCall(as(caller.token), TOOL)).isError).toBe(false);
  expect((await rawCall(as(lab.operatorToken()), TOOL)).isError).toBe(false);

  // Calls that stay under way take the wallet's places.
  const follow = { name: 'sentinel_audit_log_stream', arguments: { followSeconds: 300, limit: 500 } };
  const holding = new AbortController();
  // One that was refused a place, or whose stream ended on a busy machine, comes again.
  const hold = async (): Promise<void> => {
    while (!holding.signal.aborted) {
      await operator.client.callTool(follow, { signal: holding.signal, timeout: 300_000 }).catch(() => undefined);
      await pause(HOLDS_AGAIN_MS);
    }
  };
  const held = [1, 2, 3, 4].map(hold);
  const next = () => rawCall(as(lab.operatorToken()), TOOL);
  // Asked more seldom than its rate allows: what is asked meanwhile must not take the turns of the calls that are to hold.
  const seldom = { interval: 1_500 };
  await expect.poll(async () => (await next()).body, seldom).toMatchObject({ details: { limit: 'concurrency' } });
  holding.abort();
  await Promise.all(held);
  await expect.poll(async () => (await next()).isError, seldom).toBe(false);
});

verifies('limits:requests', async () => {
  const answers = await many(60, () => rawRequest(as(lister.token), 'tools/list'));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(5);
  expect(refused[0]?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(refused[0]?.body).toMatchObject({ code: 'rate_limited' });
});

it('a request is counted once, however many agents it asks', async () => {
  // Five agents each: more than a wallet has at once, if each of them counted.
  for (let request = 0; request < 12; request++) {
    const { status, body } = await rawRequest(as(asker.token), 'resources/list');
    expect({ status, body }).toMatchObject({ status: 200, body: { result: { resources: expect.any(Array) } } });
  }
});

it('a wallet may have so many streams open; one that ends makes room', async () => {
  const listen = () =>
    rawStream(as(lab.operatorToken()), 'subscriptions/listen', { notifications: { toolsListChanged: true } });
  const first = await listen();
  expect(first.status).toBe(200);
  const second = await listen();
  expect(second.status).toBe(429);
  expect(second.headers['retry-after']).toBe('1');
  second.end();
  first.end();
  await expect
    .poll(async () => {
      const next = await listen();
      next.end();
      return next.status;
    })
    .toBe(200);
});

verifies('limits:guessing', async () => {
  await expect.poll(async () => (await rawCall(as(lab.operatorToken()), TOOL)).isError).toBe(false);
  const answers: RawAnswer[] = [];
  for (let i = 0; i < 20; i++) answers.push(await rawCall(as(i % 2 === 0 ? `guess-${i}` : undefined), TOOL));
  expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(401));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(5);
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await rawCall(as(lab.operatorToken()), TOOL)).status).toBe(200);
  const signIn = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"code":"abcdefghijkl"}' };
  expect((await fetch(`${lab.url}/sign-in`, signIn)).status).toBe(429);
});

verifies('limits:bounded-log', async () => {
  // Of so many at once some find no place, whatever the rate has left.
  const refusals = async () => (await counted('rate')) + (await counted('concurrency'));
  const before = await refusals();
  await many(150, () => rawCall(as(caller.token), TOOL));
  expect((await refusals()) - before).toBeGreaterThan(50);
  await expect
    .poll(async () => {
      const { records } = await operator.call<{ records: Array<{ outcome: string; walletId: string | null }> }>(
        'sentinel_audit_log_stream',
        { limit: 500, outcome: 'rate_limited' },
      );
      return records.filter(({ outcome, walletId }) => outcome === 'rate_limited' && walletId === caller.walletId)
        .length;
    })
    .toSatisfy((records: number) => records > 0 && records < 10);
});
