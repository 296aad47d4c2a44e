// The lock on a database's folder: one owner, a dead one's lock is taken over, a live one's never.
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.js';

let parent: string;
let folder: string;
const PID_LIMIT = 2 ** 22; // Linux gives no pid above it
const owner = (fields: object) =>
  writeFile(`${folder}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), birth: '', nonce: 'x', ...fields }));

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-lock-'));
  folder = join(parent, 'pg');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('lets one in at a time', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${process.pid}`),
    });
    await lock.release();
    await (await lockFolder(folder)).release();
    await expect(stat(`${folder}.lock`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes over from a process that is gone', async () => {
    await owner({ pid: PID_LIMIT + 1 });
    await (await lockFolder(folder)).release();
  });

  it('takes over from an earlier process with the same pid', async () => {
    await owner({ birth: 'an earlier boot/1' });
    await (await lockFolder(folder)).release();
  });

  it('stays out when a process with that pid runs and cannot be told apart', async () => {
    await owner({});
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('believes another machine until it has been silent for long', async () => {
    await owner({ host: 'elsewhere' });
    await expect(lockFolder(folder)).rejects.toMatchObject({ message: expect.stringContaining('elsewhere') });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${folder}.lock`, longAgo, longAgo);
    await (await lockFolder(folder)).release();
  });

  it('stays out while the lock is being written', async () => {
    await writeFile(`${folder}.lock`, '');
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets exactly one of many take a stale lock over', async () => {
    await owner({ pid: PID_LIMIT + 1 });
    const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    const won = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await readFile(`${folder}.lock`, 'utf8')).toContain(`"pid":${process.pid}`);
    for (const attempt of won) await attempt.value.release();
  });
});
