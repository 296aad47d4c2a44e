// `labmesh job` against a real lab that runs jobs: submitted with a file, followed to its end, its files taken along, ended, refused.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';

const lab = sharedLab();
let token: string;
let folder: string;
const operator = (...args: readonly string[]): Promise<Ended> => run(lab, args);
const member = (...args: readonly string[]): Promise<Ended> => run(lab, args, { LABMESH_TOKEN: token });
const SMALL = ['--cpus', '0.1', '--memory', '64M', '--wall', '60s', '--network'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-job-'));
  const connected = await lab.connect(lab.operatorToken());
  const ada = await newcomer(connected, 'researcher');
  token = ada.token;
  await connected[Symbol.asyncDispose]();
  expect(await operator('wallet', 'transfer', ada.walletId, '50')).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('jobs from the command line', () => {
  it('run with a file that is brought, are followed to their end, and leave files', async () => {
    const input = join(folder, 'input.txt');
    await writeFile(input, 'forty-two\n');
    const what = 'cat in/put.txt; echo to stderr >&2; printf left > artifacts/a.txt';
    const given = ['--file', `${input}=in/put.txt`, '--label', 'kind=story', '--submission-id', 'command-story-1'];
    const ended = await member('job', 'submit', '-f', ...SMALL, ...given, '--name', 'Brought', '--', 'sh', '-c', what);
    expect(ended).toMatchObject({ code: 0, out: 'forty-two\n', err: expect.stringContaining('to stderr\n') });
    const again = await member('job', 'submit', ...SMALL, ...given, '--name', 'Brought', '--', 'sh', '-c', what);
    const jobId = again.out.trim();
    expect(again.err).toContain('It was submitted before');

    expect(await member('job', 'ls', '--label', 'kind=story', '--state', 'succeeded')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Brought +succeeded/),
    });
    expect(await member('job', 'get', jobId)).toMatchObject({ code: 0, out: expect.stringContaining('in/put.txt') });
    expect(await member('job', 'why', jobId)).toMatchObject({ code: 0 });
    expect((await member('job', 'logs', jobId, '--stream', 'stdout')).out).toBe('forty-two\n');
    const pieces = (await member('job', 'logs', jobId, '--json')).out.trim().split('\n');
    expect(
      pieces
        .map((piece) => JSON.parse(piece) as { text: string })
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['forty-two\n', 'to stderr\n']);
    const saved = await member('job', 'artifacts', jobId, '-o', join(folder, 'results'));
    expect(saved).toMatchObject({ code: 0, err: expect.stringContaining('1 file') });
    expect(await readFile(join(folder, 'results/artifacts/a.txt'), 'utf8')).toBe('left');
  });

  it('end with an exit code that says how, and are ended', async () => {
    expect(await member('job', 'submit', '-f', ...SMALL, '--', 'sh', '-c', 'exit 3')).toMatchObject({
      code: 6,
      err: expect.stringContaining('failed'),
    });
    const long = (await member('job', 'submit', ...SMALL, '--', 'sleep', '300')).out.trim();
    expect(await member('job', 'cancel', long, '--grace', '1s')).toMatchObject({ code: 0 });
    const followed = await member('job', 'logs', '-f', long);
    expect(followed).toMatchObject({ code: 130, err: expect.stringContaining('cancelled') });
    const retried = await member('job', 'retry', long, '--json');
    const { job } = JSON.parse(retried.out) as { job: { jobId: string } };
    expect(await member('job', 'cancel', job.jobId)).toMatchObject({ code: 0 });
  });

  it('are swept over parameters of a file, listed and ended as one', async () => {
    const rates = join(folder, 'rates.csv');
    await writeFile(rates, 'RATE,NAME\n0.1,"a, b"\n0.2,c\n');
    const swept = ['--parameters', rates, '--parallel', '1', '--submission-id', 'command-story-sweep'];
    const print = ['--', 'sh', '-c', 'echo "$LABMESH_ARRAY_INDEX $RATE $NAME"'];
    const submitted = await member('job', 'submit', ...SMALL, ...swept, ...print);
    expect(submitted).toMatchObject({ code: 0, err: expect.stringContaining('2 jobs') });
    const arrayId = submitted.out.trim();
    expect((await member('job', 'submit', ...SMALL, ...swept, ...print)).out.trim()).toBe(arrayId);
    const after = await member('job', 'submit', '-f', ...SMALL, '--after', arrayId, '--', 'true');
    expect(after).toMatchObject({ code: 0 });
    const { jobs } = JSON.parse((await member('job', 'ls', '--array', arrayId, '--json')).out) as {
      jobs: Array<{ jobId: string; array: { index: number } }>;
    };
    const second = jobs.find(({ array }) => array.index === 1)?.jobId ?? '';
    expect((await member('job', 'logs', second)).out).toBe('1 0.2 c\n');
    expect((await member('job', 'get', second)).out).toContain(`number 1 of ${arrayId}, 2 runs: 2 succeeded`);
    expect((await member('job', 'ls', '--executor', 'slurm')).err).toContain('No job fits');
    const long = await member('job', 'submit', ...SMALL, '--array', '20', '--parallel', '1', '--', 'sleep', '300');
    const ended = await member('job', 'cancel', long.out.trim(), '--grace', '0', '--yes');
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/20 runs: .*cancelled/) });
    expect(await member('job', 'submit', '-f', '--array', '2', '--', 'true')).toMatchObject({ code: 2 });
  });

  it('are refused with what to do, and show what they would cost', async () => {
    expect(await member('job', 'submit')).toMatchObject({ code: 2, err: expect.stringContaining('after --') });
    expect(await member('job', 'submit', '--memory', '4K', '--', 'true')).toMatchObject({ code: 2 });
    expect(await member('job', 'submit', '--env', 'LD_PRELOAD=x', '--', 'true')).toMatchObject({ code: 2 });
    expect(await member('job', 'submit', '--file', join(folder, 'nowhere'), '--', 'true')).toMatchObject({ code: 5 });
    expect(await member('job', 'get', 'job_01a22539-f984-7000-8000-1dd44052026b')).toMatchObject({ code: 5 });
    expect(await member('job', 'prices', '--gpu', '0.1')).toMatchObject({ code: 4 });
    expect((await member('job', 'submit', '--dry-run', ...SMALL, '--', 'true')).out).toMatch(/at most [\d.]+ \$webxos/);
    expect(await member('job', 'top')).toMatchObject({ code: 0, out: expect.stringContaining('CPUS FREE') });
  });
});
