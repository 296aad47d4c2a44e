// Which processes run where: the Sentinel first, the gateway last, and no port twice.
import { AGENTS, WORKER } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { planOf } from './plan.js';

const names = (stages: ReturnType<typeof planOf>): string[][] => stages.map((stage) => stage.map(({ name }) => name));

describe('planOf', () => {
  it('has one process for each app, in three stages, on ports of their own', () => {
    const stages = planOf({ replicas: [], port: 3000 });
    expect(names(stages)).toEqual([
      ['sentinel'],
      [...AGENTS.map(({ name }) => name).filter((name) => name !== 'sentinel'), WORKER],
      ['gateway'],
    ]);
    const all = stages.flat();
    expect(all.find(({ name }) => name === 'gateway')?.port).toBe(3000);
    expect(all.find(({ name }) => name === 'curator')?.port).toBe(3001);
    expect(new Set(all.map(({ port }) => port)).size).toBe(AGENTS.length + 2);
  });

  it('adds replicas, and leaves out what is not asked for', () => {
    const stages = planOf({ apps: ['gateway', 'curator'], replicas: ['curator=3', 'gateway=2'], port: 80 });
    expect(names(stages)).toEqual([
      ['curator', 'curator-2', 'curator-3'],
      ['gateway', 'gateway-2'],
    ]);
    expect(stages.flat().map(({ port }) => port)).toEqual([81, 88, 89, 80, 90]);
  });

  it.each([
    [{ apps: ['nobody'] }, 'nobody'],
    [{ replicas: ['curator'] }, 'curator=2'],
    [{ replicas: ['curator=0'] }, 'curator=2'],
    [{ replicas: ['curator=65'] }, 'at most 64'],
    [{ replicas: ['x=2'] }, '"x"'],
    [{ port: 65_530 }, '65535'],
  ])('refuses %j', (wrong, words) => {
    expect(() => planOf({ replicas: [], port: 3000, ...wrong })).toThrow(words);
  });
});
