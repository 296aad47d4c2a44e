// Two replicas of an agent: they share its calls, and one is enough.

import { connectLab } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { cancelledAfter } from '../harness/cancellation.js';
import { provenCalls } from '../harness/receipts.js';
import { withdraw } from '../harness/revocation.js';
import { SECOND, TENTH } from '../harness/rounds.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';

const mesh = sharedMesh();

const callsRunBy = async (port: number): Promise<number> => {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(
    /^labmesh_calls_total\{agent="architect",tool="list_available_templates",outcome="ok"\} (\d+)$/m.exec(
      metrics,
    )?.[1] ?? 0,
  );
};

const architect = async (): Promise<{ status: string; instances: number }> => {
  const { agents } = await mesh.operator.call<{ agents: Array<{ name: string; status: string; instances: number }> }>(
    'librarian_get_agent_manifest',
  );
  return agents.find(({ name }) => name === 'architect') ?? { status: 'missing', instances: 0 };
};

verifies('wire:cancel', async () => {
  expect(await cancelledAfter(mesh.lab)).toBeLessThanOrEqual(TENTH);
});

verifies('tokens:revoked', async () => {
  for (const kind of ['access', 'client_key'] as const) {
    const { calls, stream } = await withdraw(mesh.lab, kind);
    expect(calls).toBeLessThanOrEqual(SECOND);
    expect(stream).toBeLessThanOrEqual(SECOND);
  }
});

verifies('auth:page-session', async () => {
  const second = await mesh.lab.replica('gateway');
  const ask = (base: string, path: string, headers: Record<string, string>) =>
    fetch(`${base}/session/${path}`, { method: 'POST', headers });
  const begun = await ask(mesh.lab.url, 'begin', { authorization: `Bearer ${mesh.lab.operatorToken()}` });
  expect(begun.status).toBe(200);
  // Replicas of one lab have one address for a browser; here the ports tell them apart.
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0]?.replace(/_\d+=/, `_${second.port}=`) ?? '';
  const renewed = await ask(`http://127.0.0.1:${second.port}`, 'renew', { cookie });
  expect(renewed.status).toBe(200);
  const { token } = (await renewed.json()) as { token: string };
  await using client = await connectLab({ url: `${mesh.lab.url}/mcp`, token });
  expect(await client.toolNames()).toContain('sentinel_list_tokens');
  await second.child.crash();
});

verifies('audit:provable', () => provenCalls(mesh.lab));

verifies('mesh:replicas', async () => {
  const second = await mesh.lab.replica('architect');
  await expect.poll(async () => (await architect()).instances).toBe(2);
  for (let call = 0; call < 60; call++) await mesh.operator.call('architect_list_available_templates');
  const ran = await callsRunBy(second.port);
  expect(ran).toBeGreaterThan(5);
  expect(ran).toBeLessThan(55);
  await second.child.crash();
  await expect.poll(async () => (await architect()).instances).toBe(1);
  for (let call = 0; call < 10; call++) await mesh.operator.call('architect_list_available_templates');
});

it('serves its own tools over MCP from its own process', async () => {
  const { port } = await mesh.lab.replica('curator');
  const curator = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token: mesh.lab.operatorToken() });
  expect(await curator.toolNames()).toContain('fetch_dataset');
  expect((await curator.call<{ datasets: unknown[] }>('list_available_datasets')).datasets.length).toBeGreaterThan(0);
  await curator[Symbol.asyncDispose]();
  const refused = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', body: '{}' });
  expect(refused.status).toBe(401);
});

it('an agent alone offers its own, under plain names', async () => {
  const { child, port } = await mesh.lab.replica('architect');
  await using architect = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token: mesh.lab.operatorToken() });
  const { prompts } = await architect.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(['choose_template', 'start_from_template']);
  const { resources } = await architect.client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('template://validator-vial/readme');
  await child.crash();
});
