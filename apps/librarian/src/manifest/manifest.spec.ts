// What replicas tell of themselves, put together. The bus is real in librarian.spec.ts; here its answers are given.
import type { Responder } from '@labmesh/bus';
import { describe, expect, it } from 'vitest';
import { Manifest } from './manifest.js';

const description = {
  name: 'curator',
  instance: 'a',
  version: '0.1.0',
  startedAt: '2026-11-21T08:00:00.000Z',
  tools: ['fetch_dataset'],
};

const entry = async (answers: Responder[]) => {
  const bus = { scatter: async (subject: string) => (subject === 'labmesh.curator.$describe' ? answers : []) };
  return (await new Manifest(bus).read()).agents.find(({ name }) => name === 'curator');
};

describe('Manifest', () => {
  it('counts replicas once each, and joins what they say', async () => {
    const newer = {
      ...description,
      resources: ['dataset', 'nothing'],
      prompts: ['explore_dataset'],
      instance: 'b',
      version: '0.2.0',
      startedAt: '2026-11-21T09:00:00.000Z',
      tools: ['submit_dataset', 'own_secret'],
    };
    const found = await entry([
      { body: newer, latencyMs: 4 },
      { body: description, latencyMs: 2 },
      { body: description, latencyMs: 2 },
    ]);
    expect(found).toMatchObject({
      status: 'up',
      instances: 2,
      version: '0.1.0, 0.2.0',
      startedAt: description.startedAt,
      latencyMs: 2,
    });
    expect(found?.tools.map(({ name }) => name)).toEqual(['curator_fetch_dataset', 'curator_submit_dataset']);
    expect(found?.resources).toEqual([{ name: 'dataset', uri: 'dataset://{id}', title: 'Dataset' }]);
    expect(found?.prompts).toEqual([{ name: 'explore_dataset', title: 'Explore a dataset' }]);
  });

  it('leaves out what is no description of the agent', async () => {
    const found = await entry(
      [null, 'up', { ...description, name: 'sentinel' }, { ...description, startedAt: 'now' }].map((body) => ({
        body,
        latencyMs: 1,
      })),
    );
    expect(found).toMatchObject({ status: 'down', instances: 0, tools: [], resources: [], prompts: [] });
  });
});
