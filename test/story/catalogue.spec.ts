// The catalogue as clients see it: who hears of changes, what toolsets leave, and what search finds. In one process.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BUS, type RunningProcess } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { describeSubject, PRESENCE_SUBJECT } from '@labmesh/contracts';
import { startLab } from '@labmesh/lab';
import { connectLab, type Era, freePort, type LabClient, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';

const ERAS = ['2026-07-28', '2025-11-25'] as const satisfies readonly Era[];

let lab: RunningProcess;
let home: string;
let url: string;
let token: string;
beforeAll(async () => {
  home = await temporaryFolder('catalogue');
  const port = await freePort();
  lab = await startLab({ PORT: String(port), LABMESH_HOME: home, LABMESH_LOG_LEVEL: 'error' });
  url = `http://127.0.0.1:${port}`;
  token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
});
afterAll(async () => {
  await lab?.stop();
  await rm(home, { recursive: true, force: true });
});

const connect = (path: string, era: Era): Promise<LabClient> => connectLab({ url: `${url}${path}`, token, era });

/** Says in the lab's name that it stops running the Architect; its next heartbeat says otherwise. */
async function architectBlinks(): Promise<void> {
  const bus = lab.get<Bus>(BUS);
  const [found] = await bus.scatter(describeSubject('architect'), {}, { headers: {}, windowMs: 1_000 });
  const instance = (found?.body as { instance?: string } | undefined)?.instance ?? '';
  bus.broadcast(PRESENCE_SUBJECT, { instance, leaving: true, agents: [{ name: 'architect', digest: 'x' }] });
}

verifies('catalogue:follows', async () => {
  const heard = new Map<Era, number>();
  const clients: LabClient[] = [];
  for (const era of ERAS) {
    const lister = await connect('/mcp', era);
    clients.push(lister);
    lister.client.setNotificationHandler('notifications/tools/list_changed', () => {
      heard.set(era, (heard.get(era) ?? 0) + 1);
    });
    if (era === '2026-07-28') await lister.client.listen({ toolsListChanged: true });
  }
  const readyz = async () => {
    const { ready, agents } = (await (await fetch(`${url}/readyz`)).json()) as {
      ready: boolean;
      agents: Record<string, { status: string; instances: number; circuit: string }>;
    };
    return { ready, ...agents.architect };
  };
  await expect.poll(readyz).toEqual({ ready: true, status: 'up', instances: 1, circuit: 'closed' });
  // A session's stream opens after the first answer: blink until it is there.
  await expect
    .poll(
      async () => {
        await architectBlinks();
        return ERAS.every((era) => (heard.get(era) ?? 0) >= 2);
      },
      { timeout: 20_000, interval: 700 },
    )
    .toBe(true);
  await expect.poll(readyz, { timeout: 5_000 }).toMatchObject({ ready: true, status: 'up' });
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
});

verifies('toolsets:restrict', async () => {
  for (const era of ERAS) {
    const some = await connect('/mcp?toolsets=data,jobs', era);
    const names = await some.toolNames();
    expect(names).toEqual(expect.arrayContaining(['curator_fetch_dataset', 'mechanic_get_system_health']));
    expect(names.filter((name) => !/^(curator|mechanic)_/.test(name))).toEqual([]);
    expect(await some.call('curator_list_available_datasets')).toHaveProperty('datasets');
    for (const other of ['chancellor_get_balance', 'search_tools'])
      expect(await some.refused(other, { query: 'x' })).toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('data,jobs'),
      });
    await some[Symbol.asyncDispose]();
  }
});

it('a session keeps the toolsets it was opened with', async () => {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const send = (path: string, body: object, more: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const opened = await send('/mcp?toolsets=money', {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  });
  await opened.text();
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
  await send('/mcp', { jsonrpc: '2.0', method: 'notifications/initialized' }, session);
  for (const path of ['/mcp', '/mcp?toolsets=data']) {
    const text = await (await send(path, { jsonrpc: '2.0', id: 2, method: 'tools/list' }, session)).text();
    expect(text).toContain('chancellor_get_balance');
    expect(text).not.toContain('curator_fetch_dataset');
  }
});

it('an unknown toolset gets 400 with those there are, after the token', async () => {
  const ask = (authorization: string) =>
    fetch(`${url}/mcp?toolsets=nope`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    });
  expect((await ask('Bearer nonsense')).status).toBe(401);
  const refused = await ask(`Bearer ${token}`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { code: -32602, message: expect.stringMatching(/nope.*data, knowledge, money/) },
  });
});

verifies('search:finds', async () => {
  for (const era of ERAS) {
    const small = await connect('/mcp?toolsets=search', era);
    expect(await small.toolNames()).toEqual(['search_tools', 'describe_tool']);
    const { tools } = await small.call<{ tools: Array<{ name: string }> }>('search_tools', { query: 'wallet balance' });
    const name = tools[0]?.name ?? '';
    expect(name).toBe('chancellor_get_balance');
    expect(await small.call('describe_tool', { name })).toMatchObject({ name, inputSchema: { type: 'object' } });
    expect(await small.call(name)).toMatchObject({ currency: '$webxos' });
    expect(await small.refused('search_tools', { query: '' })).toMatchObject({ code: 'invalid_input' });
    expect(await small.refused('describe_tool', { name: 'no_such' })).toMatchObject({ code: 'not_found' });
    await small[Symbol.asyncDispose]();
  }
  const operator = await connect('/mcp', '2026-07-28');
  expect((await operator.toolNames()).slice(0, 2)).toEqual(['search_tools', 'describe_tool']);
  await expect
    .poll(async () => {
      const { records } = await operator.call<{ records: Array<{ outcome: string }> }>('sentinel_audit_log_stream', {
        tool: 'search_tools',
      });
      return records
        .map(({ outcome }) => outcome)
        .filter((outcome) => outcome !== 'forbidden')
        .sort();
    })
    .toEqual(['invalid_input', 'invalid_input', 'ok', 'ok']);
  const curator = await connect('/agents/curator/mcp', '2026-07-28');
  expect(await curator.toolNames()).not.toContain('search_tools');
  for (const client of [operator, curator]) await client[Symbol.asyncDispose]();
});
