// Agents that die, freeze and return in a mesh: what the gateway lists, refuses and goes on doing meanwhile.
import { expect } from 'vitest';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';

const mesh = runningMesh();

const soon = { timeout: 15_000, interval: 50 };

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
  await mesh.lab.replica('architect');
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
