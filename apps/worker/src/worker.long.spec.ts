// A worker with real rows and real processes: from a placed job to its end, with its files, its log, what it left and what is asked
// of it meanwhile.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADA, embeddedBed, submit } from '../../../libs/jobs/src/bed.testing.js';
import { belonging } from './executors/process/process-table.js';
import { type Machine, machine } from './worker.testing.js';

const SMALL = { memoryMb: 64, diskMb: 16, cpus: 0.5 };

describe.runIf(process.platform === 'linux')('a worker', () => {
  const bed = embeddedBed();
  let at: Machine;
  beforeAll(async () => {
    at = await machine(bed());
    await at.worker();
  });
  afterAll(() => at[Symbol.asyncDispose]());

  const history = async (jobId: string) => (await at.bed.jobs.whole(jobId))?.history ?? [];
  const left = (jobId: string, number = 1) => belonging({ mark: jobMark({ jobId, number }), roots: [] });
  /** Once it has made the file `ready`, and its row says that it runs. */
  const running = async (jobId: string, home = at.home) => {
    await expect.poll(() => existsSync(join(home, 'jobs', jobId, '1', 'ready'))).toBe(true);
    await expect.poll(async () => (await at.bed.jobs.find(jobId))?.state).toBe('running');
  };
  const artifacts = async (jobId: string, kind = 'artifact') => {
    const { rows } = await at.bed.database.pool.query<{ path: string; sha256: string; attempt: number }>(
      'SELECT path, sha256, attempt FROM mechanic.job_artifacts WHERE job_id = $1 AND kind = $2 ORDER BY path',
      [jobId, kind],
    );
    return rows;
  };
  const text = async (sha256: string) =>
    Buffer.concat(await (await at.references.store.read(sha256)).toArray()).toString('utf8');

  it('runs a job to its end, with its log and what it used, and leaves nothing behind', async () => {
    const jobId = await at.submit({ command: ['sh', '-c', 'echo hello; echo oops >&2'] });
    expect(await at.ended(jobId)).toMatchObject({ state: 'succeeded', reason: 'finished', attempts: 1 });
    expect(await at.log(jobId)).toMatch(/hello\n/);
    expect(await history(jobId)).toMatchObject([{ state: 'ended', outcome: 'succeeded', exitCode: 0, signal: null }]);
    await expect.poll(() => existsSync(join(at.home, 'jobs', jobId))).toBe(false);
  });

  it.each([
    [['sh', '-c', 'exit 3'], { reason: 'exit_code', message: /exit code 3/ }],
    [['sh', '-c', 'kill -15 $$'], { reason: 'signal', message: /SIGTERM/ }],
    [['no-such-program'], { reason: 'start_failed', message: /no such program/ }],
    [['sh', '-c', 'yes > a & yes > b & wait'], { reason: 'disk', message: /diskMb/ }],
    [['sh', '-c', 'trap "" TERM; sleep 60 & wait'], { reason: 'wall_time', message: /wallSeconds/ }],
  ])('tells why %j failed', async (command, { reason, message }) => {
    const jobId = await at.submit({ command, resources: { ...SMALL, wallSeconds: reason === 'wall_time' ? 1 : 60 } });
    const ended = await at.ended(jobId);
    expect(ended).toMatchObject({ state: 'failed', reason });
    expect(ended.message).toMatch(message);
    expect(left(jobId)).toEqual([]);
  });

  it('fails a job by its own fault whose file has a name that no file can have', async () => {
    const put = await at.references.store.put([Buffer.from('x')]);
    const jobId = await submit(at.bed, { resources: SMALL });
    await at.bed.database.prisma.$transaction(async (tx) => {
      const [id] = await at.references.claim(tx, [
        { ...put, mediaType: 'text/plain', name: 'x', owner: ADA, role: 'citizen' },
      ]);
      await tx.$executeRaw`
        INSERT INTO mechanic.job_files (job_id, path, blob_id, mode) VALUES (${jobId}, ${'x'.repeat(300)}, ${id}, 420)`;
    });
    const ended = await at.ended(jobId);
    expect(ended).toMatchObject({ state: 'failed', reason: 'start_failed', attempts: 1 });
    expect(ended.message).toMatch(/no file can have that name/);
  });

  it('runs a script with its arguments, by the interpreter that its first line names or by sh', async () => {
    const plain = await at.submit({ command: undefined, script: 'echo "$1 of $#"', arguments: ['a b', 'c'] });
    const named = await at.submit({
      command: undefined,
      script: '#!/usr/bin/env -S sh -e\necho "$1"; false; echo no',
      arguments: ['x'],
    });
    expect(await at.ended(plain)).toMatchObject({ state: 'succeeded' });
    expect(await at.log(plain)).toContain('a b of 2\n');
    expect(await at.ended(named)).toMatchObject({ state: 'failed', reason: 'exit_code' });
    expect(await at.log(named)).not.toContain('no\n');
  });

  it('shows a job its GPUs and nobody else’s, and none where it asked for none', async () => {
    const print = ['sh', '-c', 'echo "gpus=[$CUDA_VISIBLE_DEVICES] set=$(env | grep -c ^CUDA_VISIBLE_DEVICES=)"'];
    const none = await at.submit({ command: print });
    const one = await at.submit({ command: print, resources: { ...SMALL, gpus: 1 } });
    await Promise.all([at.ended(none), at.ended(one)]);
    expect(await at.log(none)).toContain('gpus=[] set=1\n');
    expect(await at.log(one)).toMatch(/gpus=\[[01]\] set=1\n/);
  });

  it('keeps what its globs name, no link, and nothing from outside of its folder', async () => {
    const script = `mkdir -p artifacts/deep out; echo 1 > artifacts/deep/a.txt; echo 2 > out/b.csv; echo 3 > out/c.bin
      ln -s /etc/passwd artifacts/passwd; ln -s /etc artifacts/etc; mkfifo artifacts/pipe; echo 4 > .tmp/x`;
    const jobId = await at.submit({ command: ['sh', '-c', script], artifacts: ['artifacts/**', 'out/*.csv', '**/x'] });
    expect(await at.ended(jobId)).toMatchObject({ state: 'succeeded' });
    const kept = await artifacts(jobId);
    expect(kept.map(({ path }) => path)).toEqual(['artifacts/deep/a.txt', 'out/b.csv']);
    expect(await text(kept[0]?.sha256 ?? '')).toBe('1\n');
  });

  it('gives the next attempt what the last one kept as a checkpoint', async () => {
    const script =
      'n=$(cat "$LABMESH_CHECKPOINTS/n" 2>/dev/null || echo 0); echo $((n + 1)) > "$LABMESH_CHECKPOINTS/n"; echo "was $n"; [ $n -ge 1 ]';
    const jobId = await at.submit({ command: ['sh', '-c', script], checkpoints: 'state', tries: 3 });
    expect(await at.ended(jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(await at.log(jobId, 2)).toContain('was 1\n');
    const kept = await artifacts(jobId, 'checkpoint');
    expect(kept).toMatchObject([{ path: 'state/n', attempt: 2 }]);
    expect(await text(kept[0]?.sha256 ?? '')).toBe('2\n');
  });

  it('keeps a checkpoint while the job runs, once it has settled', async () => {
    const jobId = await at.submit({
      command: ['sh', '-c', 'mkdir -p cp; echo one > cp/a; while [ ! -e cp/stop ]; do sleep 0.05; done'],
      checkpoints: 'cp',
    });
    await expect.poll(() => artifacts(jobId, 'checkpoint')).toMatchObject([{ path: 'cp/a' }]);
    await at.cancel(jobId);
    expect(await at.ended(jobId)).toMatchObject({ state: 'cancelled' });
  });

  it('ends what somebody cancels: by SIGTERM, with what it says then', async () => {
    const jobId = await at.submit({
      command: ['sh', '-c', 'trap "echo bye; exit 0" TERM; touch ready; while :; do sleep 0.02; done'],
    });
    await running(jobId);
    await at.cancel(jobId, 60_000);
    expect(await at.ended(jobId)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
    expect(await at.log(jobId)).toContain('bye\n');
    expect(left(jobId)).toEqual([]);
  });

  it('kills what does not end within its grace', async () => {
    const jobId = await at.submit({ command: ['sh', '-c', 'trap "" TERM; touch ready; while :; do sleep 0.02; done'] });
    await running(jobId);
    await at.cancel(jobId, 100);
    expect(await at.ended(jobId)).toMatchObject({ state: 'cancelled' });
    expect(await history(jobId)).toMatchObject([{ outcome: 'cancelled', signal: 'SIGKILL' }]);
    expect(left(jobId)).toEqual([]);
  });

  it('ends a job that is cancelled at whatever moment between its submission and its start, and the next one starts', async () => {
    for (let instant = 0; instant < 20; instant += 1) {
      const jobId = await at.submit({ command: ['sleep', '300'], resources: { ...SMALL, gpus: 2 } });
      await new Promise((resolve) => setTimeout(resolve, instant * 6));
      await at.cancel(jobId, 200);
      expect(await at.ended(jobId)).toMatchObject({ state: 'cancelled' });
      expect(left(jobId)).toEqual([]);
    }
    const next = await at.submit({ command: ['true'], resources: { ...SMALL, gpus: 2 } });
    expect(await at.ended(next)).toMatchObject({ state: 'succeeded' });
  });

  it('hands over what runs when it stops: nothing is left, and another worker goes on', async () => {
    await using other = await machine(at.bed);
    const first = await other.worker({ node: 'other', drainGraceMs: 5_000 });
    const script =
      'trap "echo saved > cp/s; exit 1" TERM; [ -e cp/s ] && exit 0; touch ready; while :; do sleep 0.02; done';
    const jobId = await other.submit({
      command: ['sh', '-c', script],
      checkpoints: 'cp',
      resources: { ...SMALL, memoryMb: 4_000 },
    });
    const where = await history(jobId);
    if (where[0]?.node !== 'other') return void (await at.cancel(jobId));
    await running(jobId, other.home);
    await first.stop();
    expect(left(jobId)).toEqual([]);
    expect(await history(jobId)).toMatchObject([{ outcome: 'lost', reason: 'drained' }]);
    await other.worker({ node: 'other' });
    expect(await other.ended(jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
  });
});
