// What becomes of an array of jobs: all of its runs or none, each with a number, values and money of its own; and what ends or tries them.
import { AppError, mechanic } from '@labmesh/contracts';
import { beforeEach, expect, it } from 'vitest';
import { JobList } from '../src/jobs/job-list.js';
import { type Asked, type Bed, callOf, empty, enroll, newWallet, nobody, run, submit, submitted, told } from './bed.js';

const invalid = (why: RegExp) => ({ code: 'invalid_input', message: expect.stringMatching(why) });
const files = [{ path: 'a.txt', text: 'a' }];

export function arraysSuite(bed: () => Bed): void {
  const ada = callOf(newWallet());

  beforeEach(() => empty(bed()));

  const swept = async (call = ada, asked: Asked = {}) => {
    const { array } = await submit(bed(), call, { array: { count: 3 }, ...asked });
    if (array === undefined) throw new Error('there is no array');
    const page = await bed().list.list(
      mechanic.tools.list_jobs.input.parse({ arrayId: array.arrayId, limit: 100 }),
      call,
    );
    expect(mechanic.tools.list_jobs.output.parse(page)).toEqual(page);
    const jobs = page.jobs.toSorted((a, b) => (a.array?.index ?? 0) - (b.array?.index ?? 0));
    return { array, jobs, ids: jobs.map(({ jobId }) => jobId) };
  };

  it('is a job for each run, whose most is held under its own id, and which has values of its own', async () => {
    const parameters = [{ RATE: '0.1' }, { RATE: '0.2', SEED: '7' }];
    const asked = { array: { parameters, parallel: 1 }, environment: { RATE: '1', DEPTH: '3' }, files };
    const answer = await submit(bed(), ada, asked);
    expect(mechanic.tools.orchestrate_training_job.output.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ job: null, array: { count: 2, parallel: 1, states: { waiting: 2 } } });
    const { arrayId = '' } = answer.array ?? {};
    const { jobs, array } = await bed().list.list({ limit: 100, arrayId }, ada);
    expect(array).toMatchObject({ arrayId, held: '0.792' });
    const ids = jobs.map(({ jobId }) => jobId).sort();
    expect(bed().others.held).toEqual(new Map(ids.map((id) => [id, '0.396'])));
    expect((await bed().database.pool.query('SELECT 1 FROM mechanic.asked_holds')).rows).toEqual([]);
    const rows = await Promise.all(ids.map((id) => bed().jobs.find(id)));
    expect(rows.map((row) => row?.spec.environment)).toEqual([
      { RATE: '0.1', DEPTH: '3' },
      { RATE: '0.2', SEED: '7', DEPTH: '3' },
    ]);
    const whole = await bed().list.get(ids[1] ?? '', ada);
    expect(mechanic.tools.get_job.output.parse(whole)).toEqual(whole);
    expect(whole).toMatchObject({
      array: { arrayId, index: 1, count: 2, parallel: 1, states: { waiting: 2 } },
      files: [{ path: 'a.txt' }],
    });
    // The file is there once, whatever number of runs reads it.
    expect((await bed().database.pool.query('SELECT 1 FROM mechanic.blobs')).rows).toHaveLength(1);
    expect(await bed().pending.why({ jobId: ids[1] ?? '' }, ada)).toMatchObject({ missing: 'array' });
  });

  it('is never older than its runs, as who sees all of them ended listens no longer', async () => {
    const { array, ids } = await swept();
    const end = async () => void (await Promise.all(ids.map((id) => bed().jobs.cancel(id, ada.principal.walletId, 0))));
    const { arrays, pages } = bed();
    // They end between two statements, whichever comes first.
    const between = <T extends object>(rows: T): T =>
      new Proxy(rows, {
        get: (target, name) => {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            const found: unknown = await method.apply(target, args);
            await end();
            return found;
          };
        },
      });
    const list = new JobList(bed().jobs, between(arrays), between(pages), { soon: () => undefined }, nobody, nobody);
    const page = await list.list({ limit: 100, arrayId: array.arrayId }, ada);
    expect(page.jobs.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(page.array).toMatchObject({ states: { cancelled: 3 } });
  });

  it('is given to each run’s worker with its number', async () => {
    const workerId = await enroll(bed(), 'one');
    const { array, ids } = await swept();
    await bed().placement.place();
    const claimed = await bed().attempts.claim({ jobId: ids[2] ?? '', number: 1, workerId });
    expect(claimed?.array).toEqual({ arrayId: array.arrayId, index: 2, count: 3 });
  });

  it('is one array for each submission id, also when it comes many times at once', async () => {
    const asked = { submissionId: 'sweep-0001', array: { count: 4 } };
    const answers = await Promise.all(Array.from({ length: 6 }, () => submit(bed(), ada, asked)));
    expect(new Set(answers.map(({ array }) => array?.arrayId)).size).toBe(1);
    expect(answers.filter(({ alreadySubmitted }) => !alreadySubmitted)).toHaveLength(1);
    for (const table of ['jobs', 'job_arrays'])
      expect((await bed().database.pool.query(`SELECT 1 FROM mechanic.${table}`)).rows, table).toHaveLength(
        table === 'jobs' ? 4 : 1,
      );
    const dropped = new Set((await told(bed(), 'job_dropped')).map(({ jobId }) => jobId));
    expect([...bed().others.held.keys()].filter((id) => !dropped.has(id))).toHaveLength(4);
    for (const other of [{ array: { count: 5 } }, { array: undefined }])
      await expect(submit(bed(), ada, { ...asked, ...other })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is there whole or not at all', async () => {
    const citizen = callOf(newWallet(), 'citizen');
    await expect(submit(bed(), citizen, { array: { count: 6 } })).rejects.toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringContaining('6 jobs'),
    });
    bed().others.refuse = new AppError('insufficient_funds', 'too little');
    await expect(submit(bed(), ada, { array: { count: 300 }, files })).rejects.toMatchObject({
      code: 'insufficient_funds',
    });
    for (const table of ['jobs', 'job_arrays', 'blobs', 'asked_holds'])
      expect((await bed().database.pool.query(`SELECT 1 FROM mechanic.${table}`)).rows, table).toEqual([]);
    expect(await told(bed(), 'job_dropped')).toHaveLength(300);
  });

  it('tells with dryRun what all of it would cost', async () => {
    const one = (await submit(bed(), ada, { dryRun: true })).plan?.cost;
    expect(one).toBe('0.396');
    expect((await submit(bed(), ada, { dryRun: true, array: { count: 10 } })).plan?.cost).toBe('3.96');
  });

  it('ends as a whole, for whom it belongs to', async () => {
    const { array, ids } = await swept(ada, { array: { count: 5, parallel: 2 } });
    const { arrayId } = array;
    const cancel = { jobId: arrayId, graceSeconds: 1 };
    const stranger = callOf(newWallet());
    await expect(bed().list.cancel(cancel, stranger)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bed().list.list({ limit: 5, arrayId }, stranger)).rejects.toMatchObject({ code: 'not_found' });
    const after = { after: [{ jobId: arrayId }] };
    await expect(submit(bed(), stranger, after)).rejects.toMatchObject({ code: 'not_found' });
    const answer = await bed().list.cancel(cancel, ada);
    expect(mechanic.tools.cancel_job.output.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ job: null, array: { states: { cancelled: 5 }, held: '0.00', cost: '0.00' } });
    expect(new Set((await told(bed(), 'job_ended')).map(({ jobId }) => jobId))).toEqual(new Set(ids));
    expect(await bed().list.cancel(cancel, ada)).toEqual(answer);
  });

  it('has a run tried again as one of it, with its number and its values', async () => {
    const workerId = await enroll(bed(), 'one');
    const { array, ids } = await swept(ada, { array: { parameters: [{ A: '1' }, { A: '2' }] } });
    await run(bed(), ids[1] ?? '', workerId, 'failed');
    const { job } = await bed().retries.retry({ jobId: ids[1] ?? '', checkpoints: true }, ada);
    expect(job.array).toEqual({ arrayId: array.arrayId, index: 1 });
    expect((await bed().jobs.find(job.jobId))?.spec.environment).toEqual({ A: '2' });
    const late = await submitted(bed(), ada, { after: [{ jobId: array.arrayId }] });
    expect((await bed().list.get(late, ada)).after).toEqual([
      { jobId: array.arrayId, on: 'success', state: 'running' },
    ]);
  });

  it.each<[string, Asked, RegExp]>([
    ['without a number', { array: {} }, /by count how many/],
    ['with parameters for others', { array: { count: 3, parameters: [{}, {}] } }, /3 runs, and parameters are for 2/],
    ['of a gang', { array: { count: 2 }, gang: { name: 'g', size: 2 } }, /leave gang out/],
    [
      'of a long program',
      { array: { count: 1_000 }, command: undefined, script: 'x'.repeat(200_000) },
      /too much to keep/,
    ],
  ])('is refused %s', async (_, asked, why) => {
    await expect(submit(bed(), ada, asked)).rejects.toMatchObject(invalid(why));
  });
}
