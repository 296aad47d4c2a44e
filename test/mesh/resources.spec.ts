// Resources and prompts over NATS, each agent in its own process: they work there too, and one dead agent hides its own only.
import { connectLab } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';

const mesh = runningMesh();

const schemes = async (): Promise<string[]> => {
  const { resources } = await mesh.operator.client.listResources();
  return [...new Set(resources.map(({ uri }) => uri.split('://')[0] ?? ''))];
};

it('an agent alone offers its own, under plain names', async () => {
  const { child, port } = await mesh.lab.replica('architect');
  await using architect = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token: mesh.lab.operatorToken() });
  const { prompts } = await architect.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(['choose_template', 'start_from_template']);
  const { resources } = await architect.client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('template://validator/readme');
  await child.crash();
});

verifies('resources:one-dead-agent', async () => {
  expect(await schemes()).toEqual(['dataset', 'wallet', 'template', 'kb', 'agent']);
  const uri = 'template://validator/readme';
  expect((await mesh.operator.client.readResource({ uri })).contents).toHaveLength(1);
  const asked = { name: 'architect_choose_template', arguments: { goal: 'look at stars' } };
  expect((await mesh.operator.client.getPrompt(asked)).messages).toHaveLength(1);
  await mesh.lab.child('architect').crash();
  await expect.poll(schemes, { timeout: 20_000 }).toEqual(['dataset', 'wallet', 'kb', 'agent']);
  await expect(mesh.operator.client.readResource({ uri })).rejects.toMatchObject({
    code: -32603,
    data: { code: 'unavailable' },
  });
  expect((await mesh.operator.client.readResource({ uri: 'kb://README.md' })).contents).toHaveLength(1);
});
