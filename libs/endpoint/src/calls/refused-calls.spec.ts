// What a wallet that is kept from something meets at an endpoint, on the hot path and through the SDK.

import { defineAgent, defineTool, type Restriction } from '@labmesh/contracts';
import { type CallResult, said } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeSentinel, type ServedEndpoint, serveEndpoint } from '../endpoint.testing.js';

const VERSION = '2026-07-28';
const ping = defineTool({
  title: 'T',
  description: 'D',
  effect: 'read',
  permission: 'agent:read',
  input: z.object({}),
  output: z.object({ ok: z.boolean() }),
  errors: [],
  timeoutMs: 5_000,
});
const demo = defineAgent({ name: 'demo', title: 'Demo', description: 'For this test.', tools: { ping } });
/** The first wallet that the fake Sentinel makes out. */
const WALLET = 'wal_01920000-0000-7000-8000-000000000000';

const restriction = (kind: Restriction['kind'], revision: number, lifted = false): Restriction => ({
  anomalyId: 'ano_01920000-0000-7000-8000-00000000000a',
  revision,
  walletId: WALLET,
  kind,
  model: 'behaviour',
  since: new Date().toISOString(),
  until: new Date(Date.now() + 60_000).toISOString(),
  lifted,
});

function send({ url }: ServedEndpoint, method: string, params: Record<string, unknown>): Promise<Response> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = {
    authorization: 'Bearer abc',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION,
    'mcp-method': method,
    ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta, ...params } });
  return fetch(url, { method: 'POST', headers, body });
}
const call = async (served: ServedEndpoint): Promise<Record<string, unknown>> => {
  const answer = await send(served, 'tools/call', { name: 'ping', arguments: {} });
  return said(((await answer.json()) as { result: CallResult }).result);
};

describe.each([{ hotPath: true }, { hotPath: false }])('with hotPath $hotPath', ({ hotPath }) => {
  let served: ServedEndpoint;
  let asked = 0;
  beforeAll(async () => {
    const sentinel = fakeSentinel();
    const respond: typeof sentinel = async (subject, body, options) => {
      if (subject.startsWith('labmesh.sentinel')) return sentinel(subject, body, options);
      asked += 1;
      return { ok: true };
    };
    served = await serveEndpoint([demo], respond, { hotPath });
  });
  afterAll(() => served?.[Symbol.asyncDispose]());

  it('a blocked wallet reaches no agent, and is back the moment it is let in', async () => {
    expect(await call(served)).toEqual({ ok: true });
    served.restrictions.hear([restriction('block', 1)]);
    expect(await call(served)).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('ano_01920000'),
      details: { restriction: 'block' },
    });
    expect(asked).toBe(1);
    served.restrictions.hear([restriction('block', 2, true)]);
    expect(await call(served)).toEqual({ ok: true });
  });

  it('a credential from before gets 401 with a challenge', async () => {
    served.restrictions.hear([restriction('fresh_token', 3)]);
    const answer = await send(served, 'tools/call', { name: 'ping', arguments: {} });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated', details: { restriction: 'fresh_token' } });
    served.restrictions.hear([restriction('fresh_token', 4, true)]);
    expect(await call(served)).toEqual({ ok: true });
  });

  it('an open stream ends', async () => {
    const stream = await send(served, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    expect(stream.status).toBe(200);
    const ended = stream.text().then(
      () => 'ended',
      () => 'ended',
    );
    served.restrictions.hear([restriction('block', 5)]);
    expect(await ended).toBe('ended');
    served.restrictions.hear([restriction('block', 6, true)]);
  });
});
