// docs/tutorials/train-and-earn.md to the letter, against a lab with its own machine and a real Slurm of one node: PyTorch learns
// from the lab's flares, leaves its model, metrics and their curve, and its reader is paid. Needs PyPI, root and Slurm.
import { access, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { packageSources, temporaryFolder } from '@labmesh/testing';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { SlurmCluster } from '../../apps/worker/src/executors/slurm/slurm-cluster.testing.js';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { Terminal } from '../readme/commands.js';
import { follow } from '../readme/tutorial.js';
import { verifies } from '../requirements.js';

const EPOCHS = 40;

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

describe('docs/tutorials/train-and-earn.md', () => {
  let [cluster, lab] = [undefined as SlurmCluster | undefined, undefined as LabUnderTest | undefined];
  let folder: string;
  let terminal: Terminal;
  // Anew for each try: what a reader has typed once stays in the lab.
  beforeEach(async () => {
    cluster = await SlurmCluster.start();
    lab = await oneProcessLab({
      ...packageSources(),
      PATH: await withoutUv(),
      LABMESH_WORKER_EXECUTORS: 'process,slurm',
      LABMESH_WORKER_SLURM_CONF: cluster.configuration,
    });
    // Where a reader types: what is saved here is not the repository's.
    folder = await temporaryFolder('training');
    for (const name of ['docs', 'node_modules']) await symlink(join(ROOT, name), join(folder, name));
    const home = join(folder, 'home');
    await mkdir(home);
    const asShown = { LABMESH_OUTPUT: 'table' };
    terminal = new Terminal(folder, { ...asShown, LABMESH_URL: lab.url, LABMESH_HOME: lab.home, HOME: home });
  });
  afterEach(async () => {
    await lab?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** A job of the reader's, which has ended. */
  const theJob = async (name: string): Promise<Record<string, unknown>> => {
    const listed = await terminal.run(`npx @labmesh/cli job ls --name "${name}" --json`);
    const { jobs } = JSON.parse(listed) as { jobs: { jobId: string }[] };
    expect(jobs).toHaveLength(1);
    return JSON.parse(await terminal.run(`npx @labmesh/cli job get ${jobs[0]?.jobId} --json`));
  };
  /** The reward comes within seconds: the reader looks until it is there, and then as the page has it. */
  const paid = async (_: unknown, typed: () => Promise<string>): Promise<void> => {
    await expect.poll(() => terminal.run('npx @labmesh/cli wallet history')).toContain('reward');
    await typed();
  };
  const metricsIn = async (place: string): Promise<Epoch[]> =>
    JSON.parse(await readFile(join(folder, place, 'artifacts/metrics.json'), 'utf8')) as Epoch[];

  verifies('jobs:trains', async () => {
    const printed = await follow('train-and-earn.md', { terminal, hands: { 'npx @labmesh/cli reward preview': paid } });
    expect(printed).toMatch(/at most [\d.]+ \$webxos/);
    for (let epoch = 1; epoch <= EPOCHS; epoch += 1) expect(printed).toContain(`epoch ${epoch}/${EPOCHS} `);
    expect(await theJob('flares and ejections')).toMatchObject({
      state: 'succeeded',
      executor: 'process',
      attempts: 1,
    });

    const metrics = await metricsIn('results');
    expect(metrics.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, at) => at + 1));
    expect(metrics.at(-1)?.loss).toBeLessThan(metrics[0]?.loss ?? 0);
    expect(await readFile(join(folder, 'results/artifacts/metrics.svg'), 'utf8')).toMatch(/<svg[\s\S]*<path/);
    expect((await stat(join(folder, 'results/artifacts/model.pt'))).size).toBeGreaterThan(1_000);

    const job = await theJob('flares on the cluster');
    expect(job).toMatchObject({ state: 'succeeded', executor: 'slurm', attempts: 1 });
    await terminal.run(`npx @labmesh/cli job artifacts ${String(job.jobId)} -o cluster`);
    // The same seed and the same data: the cluster has learned the same.
    expect(await metricsIn('cluster')).toEqual(metrics);
  });
});
