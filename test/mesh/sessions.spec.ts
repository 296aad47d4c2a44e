// Sessions of the 2025 eras behind several gateways: any of them serves any session, and the end of one loses nothing.
import type { LabClient, RawMessage, RawSession, RawStream } from '@labmesh/testing';
import { beforeAll, expect, it } from 'vitest';
import {
  followLog,
  isProgress,
  isUpdate,
  newcomer,
  openSession,
  type Person,
  pay,
  walletUri,
} from '../harness/follower.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';

const mesh = sharedMesh();
const ping = { jsonrpc: '2.0', id: 'p', method: 'ping' };

let second: string;
let ada: Person;
let operator: LabClient;
beforeAll(async () => {
  second = `http://127.0.0.1:${(await mesh.lab.replica('gateway')).port}`;
  operator = mesh.operator;
  ada = await newcomer(operator);
});

/** A stream may also tell that an agent of a busy machine came or went. */
const updatesIn = ({ events }: Pick<RawStream, 'events'>) =>
  events.filter(({ data }) => data !== '' && isUpdate(JSON.parse(data) as RawMessage));

const at = (session: RawSession, url: string): RawSession => session.at(`${url}/mcp`);

verifies('sessions:any-replica', async () => {
  const session = await openSession(mesh.lab.url, ada.token);
  const there = at(session, second);
  const called = await there.request('tools/call', { name: 'chancellor_get_balance', arguments: {} });
  expect(called.result?.structuredContent).toMatchObject({ walletId: ada.walletId });
  const foreign = (await newcomer(operator)).token;
  for (const url of [mesh.lab.url, second])
    for (const method of ['POST', 'GET', 'DELETE'])
      expect((await at(session, url).as(foreign).send(method, ping)).status).toBe(404);
  expect((await there.send('DELETE')).status).toBe(200);
  for (const url of [mesh.lab.url, second])
    await expect.poll(async () => (await at(session, url).send('POST', ping)).status).toBe(404);
});

verifies('sessions:follow', async () => {
  const session = await openSession(mesh.lab.url, ada.token);
  const stream = await session.listen();
  const uri = walletUri(ada.walletId);
  expect((await at(session, second).request('resources/subscribe', { uri })).result).toEqual({});
  await pay(operator, ada.walletId);
  expect((await stream.next(isUpdate)).params).toEqual({ uri });
  const others = walletUri((await newcomer(operator)).walletId);
  expect((await session.request('resources/subscribe', { uri: others })).error).toMatchObject({
    data: { code: 'forbidden' },
  });
  stream.close();
});

verifies('sessions:survive', async () => {
  const third = await mesh.lab.replica('gateway');
  const session = await openSession(`http://127.0.0.1:${third.port}`, ada.token);
  const uri = walletUri(ada.walletId);
  await session.request('resources/subscribe', { uri });
  const stream = await session.listen();
  for (let n = 0; n < 3; n++) {
    await pay(operator, ada.walletId);
    await stream.next(isUpdate);
  }
  const [firstUpdate] = updatesIn(stream);
  await third.child.crash();
  await stream.ended;
  const beside = await openSession(second, ada.token);
  await beside.request('resources/subscribe', { uri });
  const heard = await beside.listen();
  // Nobody holds the session while this happens. Once the second gateway has heard of it, it has nothing more to tell of it.
  await pay(operator, ada.walletId);
  await heard.next(isUpdate);
  const resumed = await at(session, second).listen(firstUpdate?.id);
  const sent = updatesIn(stream).slice(1);
  await resumed.next(isUpdate);
  await expect.poll(() => updatesIn(resumed).length).toBe(sent.length + 1);
  expect(updatesIn(resumed).slice(0, sent.length)).toEqual(sent);
  await pay(operator, ada.walletId);
  await expect.poll(() => updatesIn(resumed).length).toBe(sent.length + 2);
  for (const open of [resumed, heard]) open.close();
});

it('a call whose gateway dies is told to be lost, behind all that it had said', async () => {
  const third = await mesh.lab.replica('gateway');
  const session = await openSession(`http://127.0.0.1:${third.port}`, mesh.lab.operatorToken());
  const call = followLog(session, 'followed');
  for (let n = 0; n < 3; n++) {
    await operator.call('chancellor_get_balance');
    await call.next(isProgress);
  }
  await third.child.crash();
  await call.ended;
  const resumed = await at(session, mesh.lab.url).listen(call.events[0]?.id);
  await resumed.ended;
  const sent = call.events.slice(1);
  expect(resumed.events.slice(0, sent.length)).toEqual(sent);
  expect(resumed.messages.at(-1)).toMatchObject({
    id: 'followed',
    error: { code: -32603, data: { code: 'unavailable' } },
  });
});

it('a call is gone on with, and given up, at another gateway while the first works on', async () => {
  const session = await openSession(mesh.lab.url, mesh.lab.operatorToken());
  const call = followLog(session, 'moved');
  await operator.call('chancellor_get_balance');
  await call.next(isProgress);
  call.close();
  const resumed = await at(session, second).listen(call.events[0]?.id);
  const before = call.messages.filter(isProgress).length;
  for (let n = 0; n <= before; n++) {
    await operator.call('chancellor_get_balance');
    await resumed.next(isProgress);
  }
  expect(new Set(resumed.events.map(({ id }) => id)).size).toBe(resumed.events.length);
  const { cursor: after } = await operator.call<{ cursor: string }>('sentinel_audit_log_stream', { limit: 1 });
  const cancelled = async (): Promise<number> => {
    const asked = { after, outcome: 'cancelled' };
    return (await operator.call<{ records: unknown[] }>('sentinel_audit_log_stream', asked)).records.length;
  };
  const params = { requestId: 'moved' };
  await at(session, second).send('POST', { jsonrpc: '2.0', method: 'notifications/cancelled', params });
  await expect.poll(cancelled).toBe(1);
  await resumed.ended;
});
