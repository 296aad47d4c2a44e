// stream_logs over real rows, files and chunks: whatever happens between, a reader has every byte once and in order.
import { LOG_FOLLOW_BYTES } from '@labmesh/contracts';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask, callOf, followAll, type LogsLab, logsLab } from './logs.testing.js';

let lab: LogsLab;
beforeAll(async () => {
  lab = await logsLab({ chunkBytes: 4_000 });
});
afterAll(() => lab[Symbol.asyncDispose]());

const someone = (): string => `wal_${uuidv7()}`;

describe('stream_logs', () => {
  it('tells a follower every byte through the last, over chunks that end in the middle of a line, then the end mark', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const worker = await lab.worker();
    const log = await lab.attempt(jobId, 1, worker);
    const following = followAll(lab.replica, { jobId }, callOf(owner));
    const sent = { stdout: '', stderr: '' };
    for (let number = 0; number < 2_000; number += 1) {
      const line = `${number}\n`;
      sent.stdout += line;
      await log.write('stdout', Buffer.from(line));
      if (number % 100 !== 0) continue;
      sent.stderr += `${'e'.repeat(300)}${line}`;
      await log.write('stderr', Buffer.from(`${'e'.repeat(300)}${line}`));
    }
    await log.write('stdout', Buffer.from('bye'));
    await log.close();
    await lab.end(jobId, 1);
    const told = await following;
    expect(told.stdout).toBe(`${sent.stdout}bye`);
    expect(told.stderr).toBe(sent.stderr);
    expect(told.state).toBe('succeeded');
    expect(await lab.references.usedBy('logs')).toBeGreaterThan(sent.stdout.length);
  });

  it('goes on with later attempts, and ends where the job does', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const following = followAll(lab.replica, { jobId }, callOf(owner));
    const worker = await lab.worker();
    for (const number of [1, 2, 3]) {
      const log = await lab.attempt(jobId, number, worker);
      await log.write('stdout', Buffer.from(`attempt ${number}\n`));
      await log.close();
      await lab.end(jobId, number, number === 3 ? 'failed' : 'waiting');
    }
    expect(await following).toMatchObject({
      stdout: 'attempt 1\nattempt 2\nattempt 3\n',
      state: 'failed',
      cursor: '3:10',
    });
    const second = await ask(lab.replica(), { jobId, attempt: 2 }, callOf(owner));
    expect(second).toMatchObject({ all: 'attempt 2\n', end: { ended: true, cursor: '2:10' } });
    const newest = await ask(lab.replica(), { jobId }, callOf(owner));
    expect(newest).toMatchObject({ all: 'attempt 3\n', end: { ended: true, cursor: '3:10' } });
  });

  it('tells what a carriage return overwrites as it comes, and takes it for one line', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    await log.write('stdout', Buffer.from('before\n'));
    const replica = lab.replica();
    let cursor = '1:7';
    for (let percent = 0; percent < 30; percent += 1) {
      await log.write('stdout', Buffer.from(`\r${percent} %`));
      const came = await ask(replica, { jobId, cursor, waitSeconds: 30 }, callOf(owner));
      expect(came.all).toBe(`\r${percent} %`);
      cursor = came.end.cursor;
    }
    const line = await ask(replica, { jobId, tailLines: 1 }, callOf(owner));
    expect(line.all.startsWith('\r0 %\r1 %')).toBe(true);
    await log.close();
    await lab.end(jobId, 1);
  });

  it('gives any bytes back as they were, to any readers that lose their connection at any time', async () => {
    const piece = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => Buffer.from(text)),
      ),
      times: fc.constantFrom(1, 1, 1, 40),
    });
    const property = fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 15 }),
      fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 8 }),
      async (pieces, sizes) => {
        const owner = someone();
        const jobId = await lab.job(owner);
        const log = await lab.attempt(jobId, 1, await lab.worker());
        const sent = { stdout: '', stderr: '' };
        const writing = (async () => {
          for (const { stream, bytes, times } of pieces) {
            const all = Buffer.concat(Array.from({ length: times }, () => bytes));
            sent[stream] += all.toString('latin1');
            await log.write(stream, all);
          }
          await log.close();
          await lab.end(jobId, 1);
        })();
        // Each call is another connection, to another replica, and takes as much as it likes.
        const replicas = [lab.replica(), lab.replica()];
        const got = { stdout: '', stderr: '' };
        for (let call = 0, cursor = '1:0'; ; call += 1) {
          const maxBytes = sizes[call % sizes.length];
          const one = await ask(
            replicas[call % 2] as never,
            { jobId, cursor, maxBytes, waitSeconds: 5 },
            callOf(owner),
          );
          got.stdout += one.stdout;
          got.stderr += one.stderr;
          cursor = one.end.cursor;
          if (one.end.ended) break;
        }
        await writing;
        expect(got).toEqual(sent);
        const followed = await followAll(lab.replica, { jobId }, callOf(owner));
        expect({ stdout: followed.stdout, stderr: followed.stderr }).toEqual(sent);
        const alone = await ask(lab.replica(), { jobId, stream: 'stderr', maxBytes: 1_000_000 }, callOf(owner));
        expect(alone.all).toBe(sent.stderr);
      },
    );
    await fc.assert(property, { numRuns: runs(40) });
  });

  it('finds the last lines and a time, in what is kept and what is open', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    const lines = Array.from({ length: 700 }, (_, at) => `line ${at}`);
    let written = 0;
    const write = (stream: 'stdout' | 'stderr', text: string): Promise<void> => {
      written += text.length;
      return log.write(stream, Buffer.from(text));
    };
    for (const [at, line] of lines.entries()) {
      await write('stdout', `${line}\n`);
      if (at % 50 === 0) await write('stderr', `error ${at}\n`);
      if (at % 100 === 0) await log.arrival(log.end, 5);
    }
    await write('stdout', 'unfinished');
    await expect.poll(() => log.end).toBe(written);
    const replica = lab.replica();
    const tail = async (tailLines: number, stream: string) =>
      (await ask(replica, { jobId, tailLines, stream, maxBytes: 1_000_000 }, callOf(owner))).all;
    const check = async (): Promise<void> => {
      for (const count of [1, 2, 3, 100, 300, 699, 701, 5_000])
        expect(await tail(count, 'stdout')).toBe([...lines, 'unfinished'].slice(-count).join('\n'));
      expect(await tail(0, 'stdout')).toBe('');
      expect(await tail(3, 'stderr')).toBe('error 550\nerror 600\nerror 650\n');
      expect((await tail(1, 'both')).split('\n')).toEqual(['unfinished']);
    };
    await check();
    const whole = await ask(replica, { jobId, maxBytes: 1_000_000 }, callOf(owner));
    const middle = whole.end.pieces.at(Math.floor(whole.end.pieces.length / 2));
    const since = await ask(replica, { jobId, since: middle?.at, maxBytes: 1_000_000 }, callOf(owner));
    expect(whole.all.endsWith(since.all)).toBe(true);
    expect(since.end.pieces.some(({ at }) => at >= (middle?.at ?? ''))).toBe(true);
    await log.close();
    await check();
    await lab.end(jobId, 1);
    await check();
  });

  it('begins at a time: what came more than a second before it is left out, and all of it when nothing came since', async () => {
    const begun = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: begun });
    onTestFinished(() => void vi.useRealTimers());
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    // The first two are chunks of their own.
    const texts = ['old\n'.repeat(1_500), 'middle\n'.repeat(1_000), 'late\n', 'last\n'];
    let written = 0;
    for (const [at, text] of texts.entries()) {
      vi.setSystemTime(begun + at * 10_000);
      await log.write('stdout', Buffer.from(text));
      written += text.length;
      while (log.end < written) await log.arrival(log.end, 100);
    }
    const check = async (): Promise<void> => {
      for (const [sinceMs, first] of [
        [-60_000, 0],
        [0, 0],
        [999, 0],
        [1_000, 1],
        [10_999, 1],
        [11_000, 2],
        [20_000, 2],
        [21_000, 3],
        [30_999, 3],
        [31_000, 4],
        [600_000, 4],
      ] as const) {
        const since = new Date(begun + sinceMs).toISOString();
        const told = await ask(lab.replica(), { jobId, since, maxBytes: 1_000_000 }, callOf(owner));
        expect([sinceMs, told.all]).toEqual([sinceMs, texts.slice(first).join('')]);
      }
    };
    await check();
    await log.close();
    await lab.end(jobId, 1);
    await check();
    const since = new Date(begun + 60_000).toISOString();
    expect((await ask(lab.replica(), { jobId, since }, callOf(owner))).end).toMatchObject({ pieces: [], ended: true });
  });

  it('keeps what a worker wrote that was killed, and has it before the attempt is over', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const worker = await lab.worker();
    const log = await lab.attempt(jobId, 1, worker);
    const following = followAll(lab.replica, { jobId }, callOf(owner));
    const text = 'before the end\n'.repeat(200);
    await log.write('stdout', Buffer.from(text));
    await expect.poll(() => log.end).toBe(text.length);
    // Nobody answers for it any more; its files are there.
    lab.workers.delete(worker.id);
    const next = await lab.worker();
    await next.logs.recover({ jobId, number: 1 });
    await lab.end(jobId, 1, 'waiting');
    const again = await lab.attempt(jobId, 2, next);
    await again.write('stdout', Buffer.from('resumed\n'));
    await again.close();
    await lab.end(jobId, 2);
    expect((await following).stdout).toBe(`${text}resumed\n`);
  });

  it('refuses what comes after an attempt is over', async () => {
    const jobId = await lab.job(someone());
    const log = await lab.attempt(jobId, 1, await lab.worker());
    await log.write('stdout', Buffer.from('too late'));
    await lab.end(jobId, 1);
    await expect(log.close()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('reads each part once for all who follow', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    const replica = lab.replica();
    const before = lab.asked.read;
    const followers = Array.from({ length: 50 }, () => followAll(() => replica, { jobId }, callOf(owner)));
    let sent = '';
    for (let number = 0; number < 200; number += 1) {
      sent += `${number}\n`;
      await log.write('stdout', Buffer.from(`${number}\n`));
      await log.arrival(log.end, 1);
    }
    await log.close();
    await lab.end(jobId, 1);
    for (const told of await Promise.all(followers)) expect(told.stdout).toBe(sent);
    expect(lab.asked.read - before).toBeLessThan(2 * 200);
  });

  it('tells no more in one call than a reader that takes nothing may be owed', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    const bytes = 2.5 * LOG_FOLLOW_BYTES;
    for (let sent = 0; sent < bytes; sent += 65_536) await log.write('stdout', Buffer.alloc(65_536, 'line\n'));
    const one = await ask(lab.replica(), { jobId, follow: true }, callOf(owner));
    expect(one.all.length).toBeGreaterThanOrEqual(LOG_FOLLOW_BYTES);
    expect(one.all.length).toBeLessThan(LOG_FOLLOW_BYTES + 512 * 1024);
    expect(one.end.ended).toBe(false);
    for (const page of one.pages) expect(JSON.stringify(page).length).toBeLessThan(200_000);
    await log.close();
    await lab.end(jobId, 1);
    const all = await followAll(lab.replica, { jobId }, callOf(owner));
    expect([all.stdout.length, all.calls]).toEqual([bytes, 3]);
  });

  it('is not there for another wallet, and is for who operates jobs', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    const log = await lab.attempt(jobId, 1, await lab.worker());
    await log.write('stdout', Buffer.from('mine\n'));
    await log.close();
    await lab.end(jobId, 1);
    const replica = lab.replica();
    for (const follow of [true, false])
      await expect(ask(replica, { jobId, follow }, callOf(someone()))).rejects.toMatchObject({ code: 'not_found' });
    await expect(replica.stream.lastOf(jobId, 1_000, callOf(someone()))).rejects.toMatchObject({ code: 'not_found' });
    expect((await ask(replica, { jobId }, callOf(someone(), 'operator'))).all).toBe('mine\n');
    expect(String(await replica.stream.lastOf(jobId, 3, callOf(owner)))).toBe('');
    expect(String(await replica.stream.lastOf(jobId, 1_000, callOf(owner)))).toBe('mine\n');
  });

  it('ends when its caller goes away', async () => {
    const owner = someone();
    const jobId = await lab.job(owner);
    await lab.attempt(jobId, 1, await lab.worker());
    const gone = new AbortController();
    const told = ask(lab.replica(), { jobId, follow: true }, callOf(owner, 'researcher', gone.signal));
    gone.abort();
    expect((await told).end.ended).toBe(false);
  });
});
