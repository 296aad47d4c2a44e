// docs/training.md to the letter, against a lab with its own machine and a real Slurm of one node: PyTorch learns from the lab's flares,
// and leaves its model, metrics and their curve. Needs PyPI, root and Slurm.
import { access, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type LabClient, packageSources, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { SlurmCluster } from '../../apps/worker/src/executors/slurm/slurm-cluster.testing.js';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { blocksOf, Terminal } from '../readme/commands.js';
import { verifies } from '../requirements.js';

const EPOCHS = 40;
const BLOCKS = blocksOf(join(ROOT, 'docs/training.md')).map(({ text }) => text);

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
}

/** The folders of PATH without uv, which takes its packages from PyPI alone: those of torch bring CUDA along. */
async function withoutUv(): Promise<string> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const has = await Promise.all(
    folders.map((folder) =>
      access(join(folder, 'uv')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, at) => !has[at]).join(delimiter);
}

describe('docs/training.md', () => {
  let [cluster, lab, operator] = [
    undefined as SlurmCluster | undefined,
    undefined as LabUnderTest | undefined,
    undefined as LabClient | undefined,
  ];
  let folder: string;
  let terminal: Terminal;
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    lab = await oneProcessLab({
      ...packageSources(),
      PATH: await withoutUv(),
      LABMESH_WORKER_EXECUTORS: 'process,slurm',
      LABMESH_WORKER_SLURM_CONF: cluster.configuration,
    });
    operator = await lab.connect(lab.operatorToken());
    // Where a reader types: what is saved here is not the repository's.
    folder = await temporaryFolder('training');
    for (const name of ['docs', 'node_modules']) await symlink(join(ROOT, name), join(folder, name));
    await mkdir(join(folder, 'home'));
    terminal = new Terminal(folder, { LABMESH_URL: lab.url, LABMESH_HOME: lab.home, HOME: join(folder, 'home') });
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const block = (begins: RegExp): string => {
    const found = BLOCKS.filter((text) => begins.test(text));
    expect(found).toHaveLength(1);
    return found[0] as string;
  };
  /** What get_job answers of the one job of that name, which has ended. */
  const theJob = async (name: string): Promise<Record<string, unknown>> => {
    const { jobs } = (await operator?.call<{ jobs: { jobId: string }[] }>('mechanic_list_jobs', { name })) ?? {
      jobs: [],
    };
    expect(jobs).toHaveLength(1);
    return (await operator?.call('mechanic_get_job', { jobId: jobs[0]?.jobId })) ?? {};
  };
  const metricsIn = async (place: string): Promise<Epoch[]> =>
    JSON.parse(await readFile(join(folder, place, 'artifacts/metrics.json'), 'utf8')) as Epoch[];

  verifies('jobs:trains', async () => {
    expect(BLOCKS).toHaveLength(4);
    expect(await terminal.run(block(/--dry-run/))).toMatch(/at most [\d.]+ \$webxos/);
    const log = await terminal.run(block(/--tries/));
    for (let epoch = 1; epoch <= EPOCHS; epoch += 1) expect(log).toContain(`epoch ${epoch}/${EPOCHS} `);
    expect(await theJob('flares and ejections')).toMatchObject({
      state: 'succeeded',
      executor: 'process',
      attempts: 1,
    });

    await terminal.run(block(/job artifacts/));
    const metrics = await metricsIn('results');
    expect(metrics.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, at) => at + 1));
    expect(metrics.at(-1)?.loss).toBeLessThan(metrics[0]?.loss ?? 0);
    expect(await readFile(join(folder, 'results/artifacts/metrics.svg'), 'utf8')).toMatch(/<svg[\s\S]*<path/);
    expect((await stat(join(folder, 'results/artifacts/model.pt'))).size).toBeGreaterThan(1_000);

    const again = await terminal.run(block(/--executor slurm/));
    expect(again).toContain(`epoch ${EPOCHS}/${EPOCHS} `);
    const job = await theJob('flares on the cluster');
    expect(job).toMatchObject({ state: 'succeeded', executor: 'slurm', attempts: 1 });
    await terminal.run(`npx @labmesh/cli job artifacts ${String(job.jobId)} -o cluster`);
    // The same seed and the same data: the cluster has learned the same.
    expect(await metricsIn('cluster')).toEqual(metrics);
  });
});
