// Agents that die, freeze and return in a mesh: what is listed, refused and goes on meanwhile.
import { expect } from 'vitest';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';

const mesh = runningMesh();

const soon = { interval: 50 };

/** Agents some tool of which is listed as unavailable. */
async function marked(): Promise<string[]> {
  const { tools } = await mesh.operator.client.listTools(undefined, { cacheMode: 'refresh' });
  const gone = tools.filter(({ _meta, description }) => {
    const unavailable = _meta?.['labmesh/unavailable'] === true;
    expect(description?.startsWith('(Unavailable now')).toBe(unavailable);
    return unavailable;
  });
  return [...new Set(gone.map(({ name }) => name.split('_')[0] ?? ''))];
}

async function readyz(): Promise<{ status: number; agents: Record<string, { status: string; instances: number }> }> {
  const answer = await fetch(`${mesh.lab.url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { agents: never }) };
}

const datasets = () => mesh.operator.call('curator_list_available_datasets');
const REFUSED = { code: 'unavailable', message: expect.stringContaining('other agents are not affected') };

verifies('catalogue:follows', async () => {
  let heard = 0;
  mesh.operator.client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard += 1;
  });
  await mesh.operator.client.listen({ toolsListChanged: true });
  await expect.poll(marked, soon).toEqual([]);
  await mesh.lab.child('architect').crash();
  await expect.poll(() => heard, soon).toBeGreaterThan(0);
  expect(await marked()).toEqual(['architect']);
  heard = 0;
  await mesh.lab.start('architect');
  await expect.poll(() => heard, soon).toBeGreaterThan(0);
  expect(await marked()).toEqual([]);
  expect(await mesh.operator.call('architect_list_available_templates')).toHaveProperty('templates');
});

verifies('catalogue:dead-agent', async () => {
  await datasets();
  const { pid } = mesh.lab.child('librarian');
  if (pid === undefined) throw new Error('the librarian has no process');
  // Frozen: its connection stays, so only its silence tells.
  process.kill(pid, 'SIGSTOP');
  try {
    await expect.poll(marked, soon).toEqual(['librarian']);
    const during: unknown[] = [];
    for (let call = 0; call < 20; call++) {
      const refused = mesh.operator.refused('librarian_query_knowledge_base', { question: 'What is a vial?' });
      during.push(await refused, await datasets());
    }
    expect(during.filter((_, at) => at % 2 === 0)).toEqual(
      Array.from({ length: 20 }, () => expect.objectContaining(REFUSED)),
    );
    expect(await readyz()).toMatchObject({ status: 200, agents: { librarian: { status: 'down', instances: 0 } } });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await expect.poll(marked, soon).toEqual([]);
  expect(await mesh.operator.call('librarian_query_knowledge_base', { question: 'What is a vial?' })).toHaveProperty(
    'answer',
  );
  const metrics = await (await fetch(`${mesh.lab.url}/metrics`)).text();
  expect(metrics).toContain('labmesh_agent_circuit{agent="librarian"} 0');
  expect(metrics).toContain('labmesh_agent_instances{agent="curator"} 1');
});

const architect = async (): Promise<{ status: string; instances: number }> => {
  const { agents } = await mesh.operator.call<{ agents: Array<{ name: string; status: string; instances: number }> }>(
    'librarian_get_agent_manifest',
  );
  return agents.find(({ name }) => name === 'architect') ?? { status: 'missing', instances: 0 };
};

verifies('agents:live', async () => {
  expect((await architect()).status).toBe('up');
  await mesh.lab.child('architect').crash();
  await expect.poll(async () => (await architect()).status).toBe('down');
  expect(await mesh.operator.refused('architect_list_available_templates')).toMatchObject({ code: 'unavailable' });
  expect((await mesh.operator.call<{ walletId: string }>('chancellor_get_balance')).walletId).toMatch(/^wal_/);
  await mesh.lab.start('architect');
});

const schemes = async (): Promise<string[]> => {
  const { resources } = await mesh.operator.client.listResources();
  return [...new Set(resources.map(({ uri }) => uri.split('://')[0] ?? ''))];
};

verifies('resources:one-dead-agent', async () => {
  expect(await schemes()).toEqual(['dataset', 'wallet', 'template', 'nodes', 'kb', 'agent']);
  const uri = 'template://validator-vial/readme';
  expect((await mesh.operator.client.readResource({ uri })).contents).toHaveLength(1);
  const asked = { name: 'architect_choose_template', arguments: { goal: 'look at stars' } };
  expect((await mesh.operator.client.getPrompt(asked)).messages).toHaveLength(1);
  await mesh.lab.child('architect').crash();
  await expect.poll(schemes).toEqual(['dataset', 'wallet', 'nodes', 'kb', 'agent']);
  await expect(mesh.operator.client.readResource({ uri })).rejects.toMatchObject({
    code: -32603,
    data: { code: 'unavailable' },
  });
  expect((await mesh.operator.client.readResource({ uri: 'kb://README.md' })).contents).toHaveLength(1);
});
