// The Mechanic's figures of work at /metrics: one look at the rows for a scrape, however many figures and scrapers; none while nobody
// asks; and what fails is asked again.
import { createMetrics } from '@labmesh/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkMetrics } from './work-metrics.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function watched() {
  const asked = { jobs: 0, nodes: 0, gpus: 0, fails: false };
  const node = (state: string, workers: number) => ({ state, workers: Array.from({ length: workers }, () => ({})) });
  const metrics = createMetrics();
  new WorkMetrics(
    metrics,
    {
      jobs: async () => {
        asked.jobs += 1;
        if (asked.fails) throw new Error('the database is away');
        return { waiting: 3, starting: 1, running: 2, oldestWaitingSeconds: null } as never;
      },
      nodes: async () => {
        asked.nodes += 1;
        return [node('ready', 2), node('ready', 1), node('gone', 0)] as never;
      },
    },
    {
      find: async (workers) => {
        asked.gpus += 1;
        expect(workers).toBe(3);
        return [{ of: 'gone' }, { of: 'alive' }] as never;
      },
    },
  );
  const lines = async (): Promise<string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => /^labmesh_(jobs|nodes|oldest|gpu)/.test(line));
  return { asked, lines };
}

it('tells jobs, nodes and what is left on GPUs from one look each', async () => {
  const { asked, lines } = watched();
  expect(asked).toMatchObject({ jobs: 0, nodes: 0, gpus: 0 });
  expect(await lines()).toEqual([
    'labmesh_jobs{state="waiting"} 3',
    'labmesh_jobs{state="starting"} 1',
    'labmesh_jobs{state="running"} 2',
    'labmesh_oldest_waiting_job_seconds 0',
    'labmesh_nodes{state="ready"} 2',
    'labmesh_nodes{state="draining"} 0',
    'labmesh_nodes{state="drained"} 0',
    'labmesh_nodes{state="gone"} 1',
    'labmesh_gpu_processes_left 1',
  ]);
  expect(asked).toMatchObject({ jobs: 1, nodes: 1, gpus: 1 });
  await lines();
  expect(asked).toMatchObject({ jobs: 1, nodes: 1, gpus: 1 });
  // Machines are asked for their GPUs more rarely than the rows are read.
  vi.advanceTimersByTime(2_000);
  await lines();
  expect(asked).toMatchObject({ jobs: 2, nodes: 2, gpus: 1 });
  vi.advanceTimersByTime(60_000);
  await lines();
  expect(asked).toMatchObject({ jobs: 3, nodes: 3, gpus: 2 });
});

it('leaves out what cannot be read, and asks again at the next scrape', async () => {
  const { asked, lines } = watched();
  asked.fails = true;
  const without = await lines();
  expect(without.some((line) => line.startsWith('labmesh_jobs'))).toBe(false);
  expect(without).toContain('labmesh_nodes{state="ready"} 2');
  asked.fails = false;
  expect(await lines()).toContain('labmesh_jobs{state="waiting"} 3');
});
