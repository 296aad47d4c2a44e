// Virtual environments by real installers, from PyPI or where this machine's settings say packages are.
import { env } from 'node:process';
import { packageSources } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedBed } from '../../../../libs/jobs/src/bed.testing.js';
import { programIn } from '../executors/process/programs.js';
import { type Machine, machine } from '../worker.testing.js';

const PYTHON = programIn(env.PATH ?? '', 'python3') ?? 'python3';

/** As pip says it, and uv, which is taken where the machine has it. */
const INSTALLED = /Successfully installed|Installed \d+ package/;

describe.runIf(process.platform === 'linux')('requirements of a job', () => {
  const bed = embeddedBed();
  let at: Machine;
  beforeAll(async () => {
    at = await machine(bed());
    await at.worker({ python: PYTHON, installerVariables: packageSources() });
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it('are installed once for two jobs that need the same, and are what its python has', async () => {
    const job = {
      command: ['python', '-c', 'import six, sys; print("six", six.__version__, sys.prefix)'],
      requirements: ['six==1.17.0'],
      resources: { memoryMb: 256, diskMb: 64, cpus: 0.5 },
    };
    const [one, two] = [await at.submit(job), await at.submit(job)];
    expect(await at.ended(one)).toMatchObject({ state: 'succeeded' });
    expect(await at.ended(two)).toMatchObject({ state: 'succeeded' });
    const logs = [await at.log(one), await at.log(two)];
    for (const log of logs) expect(log).toMatch(/six 1\.17\.0 \S*\/environments\/[0-9a-f]{64}/);
    expect(logs.filter((log) => INSTALLED.test(log))).toHaveLength(1);
  });

  it('that do not exist fail the job, with what the installer said in its log', async () => {
    const jobId = await at.submit({ command: ['true'], requirements: ['labmesh-no-such-package-here==9'] });
    expect(await at.ended(jobId)).toMatchObject({ state: 'failed', reason: 'start_failed' });
    expect(await at.log(jobId)).toContain('labmesh-no-such-package-here');
  });
});
