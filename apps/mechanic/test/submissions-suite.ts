// What becomes of a submission: one job or none, with its files, its money and its place in line; and what is refused, and why.
import { AppError, mechanic } from '@labmesh/contracts';
import { ALL_ENFORCED } from '@labmesh/jobs/bed.testing';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Asked,
  type Bed,
  callOf,
  clientOf,
  empty,
  enroll,
  invalid,
  newWallet,
  run,
  submit,
  submitted,
  told,
} from './bed.js';

const A_JOB = 'job_01990000-0000-7000-8000-000000000001';

export function submissionsSuite(bed: () => Bed): void {
  const ada = callOf(newWallet());
  const operator = callOf(newWallet(), 'operator');

  beforeEach(() => empty(bed()));

  describe('a submission', () => {
    it('becomes a job whose most is held under its id', async () => {
      await enroll(bed(), 'one');
      const answer = await submit(bed(), ada, {
        tries: 2,
        resources: { cpus: 2, gpus: 1, memoryMb: 2_048, wallSeconds: 100 },
      });
      expect(mechanic.tools.orchestrate_training_job.output.parse(answer)).toEqual(answer);
      // 2 CPUs at 100, 1 GPU at 1000 and 2 GB at 10 millionths, for two tries of 100 s.
      expect(answer.job).toMatchObject({ state: 'waiting', held: '0.244', cost: null, resources: { cpus: 2 } });
      expect(bed().others.held).toEqual(new Map([[answer.job?.jobId, '0.244']]));
      const { rows } = await bed().database.pool.query('SELECT * FROM mechanic.asked_holds');
      expect(rows).toEqual([]);
      const whole = await bed().list.get(answer.job?.jobId ?? '', ada);
      expect(mechanic.tools.get_job.output.parse(whole)).toEqual(whole);
    });

    it('is one job for each submission id, also when it comes many times at once', async () => {
      const asked = { submissionId: 'nightly-0001', environment: { A: '1', B: '2' } };
      const answers = await Promise.all(Array.from({ length: 8 }, () => submit(bed(), ada, asked)));
      expect(new Set(answers.map(({ job }) => job?.jobId)).size).toBe(1);
      expect(answers.filter(({ alreadySubmitted }) => !alreadySubmitted)).toHaveLength(1);
      const again = await submit(bed(), ada, { ...asked, environment: { B: '2', A: '1' } });
      expect(again).toMatchObject({ alreadySubmitted: true, job: { jobId: answers[0]?.job?.jobId } });
      // Money that was held for those that came too late goes back.
      const dropped = new Set((await told(bed(), 'job_dropped')).map(({ jobId }) => jobId));
      expect([...bed().others.held.keys()].filter((id) => !dropped.has(id))).toEqual([answers[0]?.job?.jobId]);
      await expect(submit(bed(), ada, { ...asked, name: 'another' })).rejects.toMatchObject({ code: 'conflict' });
      const bens = await submit(bed(), callOf(newWallet()), asked);
      expect(bens).toMatchObject({ alreadySubmitted: false });
    });

    it('tells with dryRun where, when and for how much, and does nothing', async () => {
      expect((await submit(bed(), ada, { dryRun: true })).plan).toMatchObject({
        node: null,
        missing: expect.stringMatching(/worker/),
      });
      await enroll(bed(), 'one', { gpus: 2 });
      const { job, plan } = await submit(bed(), ada, { dryRun: true, resources: { gpus: 2, wallSeconds: 3_600 } });
      expect(job).toBeNull();
      expect(plan).toEqual({ node: 'one', startsAfterSeconds: 0, missing: null, cost: '7.596', costPerHour: '7.596' });
      expect((await bed().list.list({ limit: 10 }, ada)).jobs).toEqual([]);
      expect(bed().others.held.size).toBe(0);
    });

    it('is refused where the Chancellor refuses the money, and leaves nothing', async () => {
      bed().others.refuse = new AppError('insufficient_funds', 'too little');
      const asked = { files: [{ path: 'a.txt', text: 'a' }] };
      await expect(submit(bed(), ada, asked)).rejects.toMatchObject({ code: 'insufficient_funds' });
      for (const table of ['jobs', 'blobs', 'asked_holds', 'job_files'])
        expect((await bed().database.pool.query(`SELECT 1 FROM mechanic.${table}`)).rows, table).toEqual([]);
    });

    it('that crashed between the hold and the row gives the money back', async () => {
      const jobId = `job_${uuidv7()}`;
      await bed().asked.ask([jobId], ada.principal.walletId);
      await bed().asked.dropLeft();
      expect(await told(bed(), 'job_dropped')).toEqual([]); // it may still be at it
      await bed().database.pool.query(`UPDATE mechanic.asked_holds SET asked_at = asked_at - interval '11 minutes'`);
      await Promise.all([bed().asked.dropLeft(), bed().asked.dropLeft()]);
      expect(await told(bed(), 'job_dropped')).toEqual([{ jobId, walletId: ada.principal.walletId }]);
    });

    it.each([
      ['a job', {}],
      ['a job with a file', { files: [{ path: 'a.txt', text: 'a' }] }],
      ['an array', { array: { count: 2 } }],
    ])('of %s that took so long that its money went back leaves nothing', async (_, asked) => {
      bed().others.meanwhile = async () => {
        await bed().database.pool.query(`UPDATE mechanic.asked_holds SET asked_at = asked_at - interval '11 minutes'`);
        await bed().asked.dropLeft();
      };
      await expect(submit(bed(), ada, asked)).rejects.toMatchObject({ code: 'deadline_exceeded' });
      for (const table of ['jobs', 'job_arrays', 'blobs', 'asked_holds', 'job_files'])
        expect((await bed().database.pool.query(`SELECT 1 FROM mechanic.${table}`)).rows, table).toEqual([]);
      const dropped = (await told(bed(), 'job_dropped')).map(({ jobId }) => jobId);
      expect(dropped.sort()).toEqual([...bed().others.held.keys()].sort());
    });

    it('of a job by itself is three statements, its money among them, whatever its role may have', async () => {
      const statements = vi.spyOn(clientOf(bed()), 'query');
      for (const call of [ada, operator]) {
        statements.mockClear();
        await submit(bed(), call);
        expect(statements.mock.calls.map(([text]) => String(text).trim().split(/\s/)[0])).toEqual([
          'SELECT',
          'INSERT',
          'WITH',
        ]);
      }
      statements.mockRestore();
    });

    it('costs nothing where prices are nothing', async () => {
      await bed().prices.set({ cpuSecond: '0', gpuSecond: '0', gbSecond: '0' }, operator);
      expect((await submit(bed(), ada)).job).toMatchObject({ held: '0.00' });
      expect(bed().others.held.size).toBe(0);
      const back = { cpuSecond: '0.0001', gpuSecond: '0.001', gbSecond: '0.00001' };
      expect(await bed().prices.set(back, operator)).toEqual(back);
    });

    it('costs what the newest parameters of the lab say, however late, often and out of turn they are told', async () => {
      const { prices, others } = bed();
      const before = await prices.current();
      const version = others.parametersVersion;
      others.parametersVersion += 3;
      const tell = (more: number, values: Record<string, string>) =>
        prices.told({ version: version + more, parameters: Object.keys(values), values });
      await tell(3, { 'prices.cpu_second': '0.5', 'rewards.rate.citizen': '2' });
      await tell(2, { 'prices.cpu_second': '0.25', 'prices.gb_second': '0.75' });
      await tell(3, { 'prices.cpu_second': '0.5' });
      await tell(1, {});
      expect(await prices.current()).toEqual({ ...before, cpuSecond: '0.50', gbSecond: '0.75' });
      expect(await prices.set(before, operator)).toEqual(before);
    });

    it('keeps its price where the lab’s members alone may change it', async () => {
      const before = await bed().prices.current();
      bed().others.refuse = new AppError('conflict', 'Cannot set parameters: the DAO is on.');
      await expect(bed().prices.set({ cpuSecond: '7' }, operator)).rejects.toMatchObject({ code: 'conflict' });
      bed().others.refuse = undefined;
      expect(await bed().prices.set({}, operator)).toEqual(before);
    });

    it('is refused beyond what the wallet’s role may have waiting', async () => {
      const citizen = callOf(newWallet(), 'citizen');
      for (let count = 0; count < 5; count++) await submit(bed(), citizen);
      await expect(submit(bed(), citizen)).rejects.toMatchObject({ code: 'quota_exceeded' });
      await submit(bed(), operator);
    });
  });

  describe('what is refused', () => {
    const nowhere: Array<[string, Asked, RegExp]> = [
      ['neither command nor script', { command: undefined }, /command or script/],
      ['both', { script: 'true' }, /command or script/],
      ['arguments of a command', { arguments: ['a'] }, /belong to a script/],
      ['an image for a process', { image: 'python:3.12' }, /runs no images/],
      ['a container without one', { executor: 'container' }, /needs an image/],
      [
        'two files in one place',
        {
          files: [
            { path: 'a', text: '1' },
            { path: 'a', text: '2' },
          ],
        },
        /two files/,
      ],
      [
        'a file as a folder',
        {
          files: [
            { path: 'a', text: '1' },
            { path: 'a/b', text: '2' },
          ],
        },
        /folder with a\/b/,
      ],
      [
        'a file as the folder of checkpoints',
        { checkpoints: 'a', files: [{ path: 'a', text: '1' }] },
        /checkpoints is a folder/,
      ],
      [
        'a folder of checkpoints below a file',
        { checkpoints: 'a/b', files: [{ path: 'a', text: '1' }] },
        /a is a file; checkpoints is a folder/,
      ],
      [
        'a gang that all nodes together could not hold',
        { gang: { name: 'g', size: 5 } },
        /its gang g of 5 jobs needs more than all nodes have together: they hold 4 of them/,
      ],
      ['GPUs that no node has', { resources: { gpus: 64 } }, /the most are 4 CPUs, 8192 MB and 1 GPUs/],
      ['memory that no node has', { resources: { memoryMb: 1_000_000 } }, /no node has 1 CPUs, 1000000 MB/],
      ['an executor that no node has', { executor: 'slurm' }, /no node has the executor slurm/],
    ];
    it.each(nowhere)('%s', async (_, asked, why) => {
      await enroll(bed(), 'one');
      await expect(submit(bed(), ada, asked)).rejects.toMatchObject(invalid(why));
    });

    it.each<[string, Asked]>([
      ['NUL in a command', { command: ['a\0b'] }],
      ['NUL in a script', { command: undefined, script: 'a\0b' }],
      ['a negative limit', { resources: { memoryMb: -1 } }],
      ['no time', { resources: { wallSeconds: 0 } }],
      ['LD_PRELOAD', { environment: { LD_PRELOAD: '/tmp/a.so' } }],
      ['PATH', { environment: { PATH: '/tmp' } }],
      ['the GPUs’ own name', { environment: { CUDA_VISIBLE_DEVICES: '0' } }],
      ['a path out of the folder', { files: [{ path: '../a', text: '' }] }],
      ['a file without content', { files: [{ path: 'a' }] }],
      ['a name that no file can have', { files: [{ path: `a/${'ü'.repeat(128)}/b`, text: '' }] }],
      ['a file in the lab’s own place', { files: [{ path: '.tmp/a', text: '' }] }],
      ['a file as the lab’s own place', { files: [{ path: '.labmesh', text: '' }] }],
      ['a file as the folder of artefacts', { files: [{ path: 'artifacts', text: '' }] }],
      ['checkpoints in the lab’s own place', { checkpoints: '.labmesh/a' }],
      ['a command without a program', { command: ['', 'a'] }],
      ['a file with two', { files: [{ path: 'a', text: '', datasetId: 'ds_a' }] }],
    ])('%s, by the schema', async (_, asked) => {
      expect(
        mechanic.tools.orchestrate_training_job.input.safeParse({ name: 'a', command: ['true'], ...asked }).success,
      ).toBe(false);
    });

    it('a limit that nothing enforces', async () => {
      const { enforced } = ALL_ENFORCED;
      await enroll(bed(), 'open', {
        executors: [{ ...ALL_ENFORCED, enforced: { ...enforced, network: 'none', disk: 'none' } }],
      });
      await expect(submit(bed(), ada)).rejects.toMatchObject(invalid(/cannot keep a job from the network/));
      await expect(submit(bed(), ada, { network: true, resources: { diskMb: 100 } })).rejects.toMatchObject(
        invalid(/cannot bound the folder/),
      );
      await submit(bed(), ada, { network: true });
    });

    it('files that are not there, or another’s', async () => {
      bed().others.datasets.set('ds_bens', { owner: newWallet(), format: 'csv', text: 'x' });
      const blobId = `blob_curator_${uuidv7()}`;
      for (const file of [
        { datasetId: 'ds_bens' },
        { datasetId: 'ds_none' },
        { blobId },
        { uploadId: `up_${uuidv7()}` },
      ])
        await expect(submit(bed(), ada, { files: [{ path: 'a', ...file }] })).rejects.toMatchObject({
          code: 'not_found',
        });
      await expect(
        submit(bed(), ada, { files: [{ path: 'a', blobId: `blob_nobody_${uuidv7()}` }] }),
      ).rejects.toMatchObject({ code: 'not_found' });
      expect(bed().others.held.size).toBe(0);
    });

    it('jobs to wait for that are not there, or another’s', async () => {
      const bens = await submitted(bed(), callOf(newWallet()));
      for (const jobId of [A_JOB, bens])
        await expect(submit(bed(), ada, { after: [{ jobId }] })).rejects.toMatchObject({ code: 'not_found' });
      await submit(bed(), operator, { after: [{ jobId: bens }] });
      await expect(submit(bed(), operator, { after: [{ jobId: bens }, { jobId: bens }] })).rejects.toMatchObject(
        invalid('twice'),
      );
    });
  });

  describe('working files', () => {
    it('of every kind are content of the Mechanic’s own, named by the job alone', async () => {
      const { others, blobs, jobs, attempts } = bed();
      const large = 'l'.repeat(300_000);
      const put = await blobs.of('curator').put([Buffer.from(large)]);
      const link = `blob_curator_${uuidv7()}`;
      others.blobs.set(link, { ...put, owner: ada.principal.walletId, mediaType: 'text/csv', name: 'l.csv' });
      others.datasets.set('ds_small', { owner: ada.principal.walletId, format: 'csv', text: 'x,y\n' });
      others.datasets.set('ds_large', { owner: ada.principal.walletId, format: 'csv', text: '', blobId: link });
      const files = [
        { path: 'run.sh', text: 'echo\n', executable: true },
        { path: 'data/small.csv', datasetId: 'ds_small' },
        { path: 'data/small.json', datasetId: 'ds_small', format: 'json' },
        { path: 'data/large.csv', datasetId: 'ds_large' },
        { path: 'blob.csv', blobId: link },
      ];
      const worker = await enroll(bed(), 'one');
      const jobId = await submitted(bed(), ada, { files });
      await bed().placement.place();
      const claimed = await attempts.claim({ jobId, number: 1, workerId: worker });
      const content = async (sha256: string) => (await (await blobs.of('mechanic').read(sha256)).toArray()).join('');
      const found = await Promise.all(
        (claimed?.files ?? []).map(async ({ path, mode, sha256 }) => [
          path,
          mode.toString(8),
          (await content(sha256)).slice(0, 20),
        ]),
      );
      expect(found).toEqual([
        ['blob.csv', '644', 'l'.repeat(20)],
        ['data/large.csv', '644', 'l'.repeat(20)],
        ['data/small.csv', '644', 'x,y\n'],
        ['data/small.json', '644', 'json:x,y\n'],
        ['run.sh', '755', 'echo\n'],
      ]);
      expect((await jobs.whole(jobId))?.files).toHaveLength(5);
      // What one job was given another may be given too, by its owner alone.
      const { rows } = await bed().database.pool.query<{ id: string }>(
        'SELECT blob_id AS id FROM mechanic.job_files LIMIT 1',
      );
      const again = { files: [{ path: 'again', blobId: rows[0]?.id }] };
      await submitted(bed(), ada, again);
      await expect(submit(bed(), callOf(newWallet()), again)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('trying again', () => {
    it('is a new job with the same files and the checkpoints that were left, once', async () => {
      const { attempts, references, retries, blobs, list } = bed();
      const worker = await enroll(bed(), 'one');
      const jobId = await submitted(bed(), ada, { checkpoints: 'ckpt', files: [{ path: 'a', text: 'a' }] });
      await bed().placement.place();
      const mine = { jobId, number: 1, workerId: worker };
      await attempts.claim(mine);
      const state = await blobs.of('mechanic').put([Buffer.from('epoch 3')]);
      const kept = { ...mine, kind: 'checkpoint' as const, expiresAt: null };
      expect(await attempts.keep(references, { ...kept, files: [{ path: 'model.pt', ...state }] })).toBe(true);
      await expect(retries.retry({ jobId, checkpoints: true }, ada)).rejects.toMatchObject({ code: 'conflict' });
      await attempts.end({ ...mine, outcome: 'failed', reason: 'exit_code', exitCode: 1 });
      expect(await attempts.keep(references, { ...kept, files: [{ path: 'late.pt', ...state }] })).toBe(false);
      const { job, alreadySubmitted } = await retries.retry({ jobId, checkpoints: true }, ada);
      expect([job.state, alreadySubmitted]).toEqual(['waiting', false]);
      expect(await retries.retry({ jobId, checkpoints: true }, ada)).toMatchObject({
        job: { jobId: job.jobId },
        alreadySubmitted: true,
      });
      await bed().placement.place();
      const claimed = await attempts.claim({ jobId: job.jobId, number: 1, workerId: worker });
      expect(claimed).toMatchObject({
        files: [{ path: 'a' }],
        checkpoints: [{ path: 'model.pt', sha256: state.sha256 }],
      });
      await run(bed(), await submitted(bed(), ada), worker, 'succeeded');
      const { jobs } = await list.list({ state: ['succeeded'], limit: 1 }, ada);
      await expect(retries.retry({ jobId: jobs[0]?.jobId ?? '', checkpoints: true }, ada)).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(retries.retry({ jobId, checkpoints: true }, callOf(newWallet()))).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
}
