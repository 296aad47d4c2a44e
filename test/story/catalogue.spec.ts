// The catalogue as clients see it: who hears of changes, what toolsets leave, and what search finds. In one process.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { describeSubject, PRESENCE_SUBJECT } from '@labmesh/contracts';
import { startLab } from '@labmesh/lab';
import { BUS } from '@labmesh/runtime';
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

/** Says in the lab's name that it stops running the Architect, and then that it runs it again. */
async function architectBlinks(): Promise<void> {
  const bus = lab.get<Bus>(BUS);
  const [found] = await bus.scatter(describeSubject('architect'), {}, { headers: {}, windowMs: 60_000, expected: 1 });
  const instance = (found?.body as { instance?: string } | undefined)?.instance ?? '';
  const agents = [{ name: 'architect', digest: 'x' }];
  bus.broadcast(PRESENCE_SUBJECT, { instance, leaving: true, agents });
  // Longer than changes are gathered for, or there would be none to hear of.
  await new Promise((resolve) => setTimeout(resolve, 400));
  bus.broadcast(PRESENCE_SUBJECT, { instance, leaving: false, agents });
}

/** Counts what a client hears of its list, which it has asked for. */
async function listening(path: string, era: Era) {
  const lister = await connect(path, era);
  const told = { lister, heard: 0 };
  lister.client.setNotificationHandler('notifications/tools/list_changed', () => {
    told.heard += 1;
  });
  if (era === '2026-07-28') await lister.client.listen({ toolsListChanged: true });
  await lister.toolNames();
  return told;
}

verifies('catalogue:follows', async () => {
  const all = await Promise.all(ERAS.map((era) => listening('/mcp', era)));
  // They list no tool of the Architect's, so nothing that becomes of it changes their lists.
  const others = await Promise.all(ERAS.map((era) => listening('/mcp?toolsets=data,jobs', era)));
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
        return all.every(({ heard }) => heard >= 2);
      },
      { interval: 700 },
    )
    .toBe(true);
  await expect.poll(readyz).toMatchObject({ ready: true, status: 'up' });
  expect(others.map(({ heard }) => heard)).toEqual([0, 0]);
  for (const { lister } of [...all, ...others]) await lister[Symbol.asyncDispose]();
});

verifies('catalogue:everyday', async () => {
  const curator = ['curator_list_available_datasets', 'curator_fetch_dataset'];
  for (const era of ERAS) {
    const plain = await connect('/mcp', era);
    const everyday = await plain.toolNames();
    expect(everyday).toEqual(expect.arrayContaining(['search_tools', 'describe_tool', ...curator]));
    expect(everyday).not.toContain('sentinel_list_policies');
    // Found and called, without being listed.
    const { tools } = await plain.call<{ tools: Array<{ name: string }> }>('search_tools', { query: 'policy history' });
    expect(tools.map(({ name }) => name)).toContain('sentinel_list_policies');
    expect(await plain.call('sentinel_list_policies')).toHaveProperty('inForce');
    const whole = await connect('/mcp?toolsets=all', era);
    const names = await whole.toolNames();
    expect(names).toEqual(expect.arrayContaining([...everyday, 'sentinel_list_policies']));
    const agent = await connect('/agents/sentinel/mcp', era);
    expect((await agent.toolNames()).map((name) => `sentinel_${name}`)).toEqual(
      names.filter((name) => name.startsWith('sentinel_')),
    );
    for (const client of [plain, whole, agent]) await client[Symbol.asyncDispose]();
  }
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
    error: { code: -32602, message: expect.stringMatching(/nope.*everyday, all, data, knowledge, money/) },
  });
});

verifies('search:finds', async () => {
  const from = new Date().toISOString();
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
        from,
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
