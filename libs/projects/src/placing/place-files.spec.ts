// Placing files: all or nothing, whatever fails, and never over what was there.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../project-file.js';
import { readFolder } from '../read-folder.js';
import { placeFiles, takeBackIn } from './place-files.js';
import { lockPath, lockPlace } from './place-lock.js';
import type { FilePut } from './placement.js';

let parent: string;
let target: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'labmesh-placing-'));
  target = join(parent, 'flare');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const put = (path: string, text = `text of ${path}`, more: Partial<FilePut> = {}): FilePut => ({
  ...{ path, bytes: Buffer.from(text), executable: false },
  ...more,
});
const NINE = Array.from({ length: 9 }, (_, at) => put(`${at % 2 ? 'src/' : ''}f${at}.txt`));
const read = async (): Promise<string[]> =>
  (await readFolder(target)).map(({ path, bytes }) => `${path}: ${Buffer.from(bytes).toString()}`);
const mine = async (): Promise<void> => {
  await mkdir(target);
  await writeFile(join(target, 'mine.txt'), 'mine');
};

describe('placing', () => {
  it('makes the folder, with modes', async () => {
    await placeFiles({
      target,
      put: [...NINE, put('run.sh', 'true', { executable: true }), put('.key', 'x', { private: true })],
    });
    expect(await readFolder(target)).toHaveLength(11);
    expect((await stat(join(target, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(target, 'f0.txt'))).mode & 0o777).toBe(0o644);
    expect((await stat(join(target, '.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(parent)).toEqual(['flare']);
  });

  it('adds to a folder that holds other files', async () => {
    await mine();
    await placeFiles({ target, put: NINE });
    expect(await read()).toHaveLength(10);
    expect(await readFile(join(target, 'mine.txt'), 'utf8')).toBe('mine');
    expect(await readdir(parent)).toEqual(['flare']);
  });

  it('replaces and removes only what it was told is there', async () => {
    await placeFiles({ target, put: [put('a.txt', 'one'), put('b.txt', 'two'), put('c.txt', 'three')] });
    const replaces = sha256Of(Buffer.from('one'));
    const remove = [{ path: 'b.txt', sha256: sha256Of(Buffer.from('two')) }];
    await placeFiles({ target, put: [put('a.txt', 'changed', { replaces, executable: true })], remove });
    expect(await read()).toEqual(['a.txt: changed', 'c.txt: three']);
    await expect(placeFiles({ target, put: [put('a.txt', 'again', { replaces })] })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(placeFiles({ target, put: [], remove })).rejects.toMatchObject({ code: 'conflict' });
    expect(await read()).toEqual(['a.txt: changed', 'c.txt: three']);
  });

  it.each([
    ['a file', () => writeFile(join(target, 'f4.txt'), 'theirs')],
    ['a folder', () => mkdir(join(target, 'f4.txt'))],
    ['a link', () => symlink('/etc/passwd', join(target, 'f4.txt'))],
    ['a link in the place of a folder', () => symlink(tmpdir(), join(target, 'src'))],
    ['a file in the place of a folder', () => writeFile(join(target, 'src'), 'theirs')],
  ])('leaves everything as it was when %s is in the way', async (_, make) => {
    await mine();
    await make();
    const before = await readdir(target);
    await expect(placeFiles({ target, put: NINE })).rejects.toMatchObject({ code: 'conflict' });
    expect(await readdir(target)).toEqual(before);
    expect(await readdir(parent)).toEqual(['flare']);
  });

  it('takes the very same file for done', async () => {
    await mkdir(target);
    await writeFile(join(target, 'f0.txt'), 'text of f0.txt');
    await placeFiles({ target, put: NINE });
    expect(await read()).toHaveLength(9);
  });

  const steps = ['staged', 'moved'] as const;
  it.each(steps.flatMap((step) => [1, 5, 9].map((at) => [step, at] as const)))(
    'takes all back when it fails at %s %i',
    async (step, at) => {
      await mine();
      let count = 0;
      const onStep = (done: { step: string }): void => {
        if (done.step === step && ++count === at) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      };
      await expect(placeFiles({ target, put: NINE }, { onStep })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('ENOSPC'),
      });
      expect(await readdir(target)).toEqual(['mine.txt']);
      expect(await readFile(join(target, 'mine.txt'), 'utf8')).toBe('mine');
      expect(await readdir(parent)).toEqual(['flare']);
    },
  );

  it('takes back a replacement and a removal too, and leaves alone what somebody wrote meanwhile', async () => {
    await placeFiles({ target, put: [put('a.txt', 'one'), put('b.txt', 'two'), put('z.txt', 'last')] });
    const of = (text: string): string => sha256Of(Buffer.from(text));
    let theirs: Promise<void> | undefined;
    const onStep = ({ step }: { step: string }): void => {
      if (step !== 'removed') return;
      theirs = writeFile(join(target, 'new.txt'), 'written by its user');
      throw new Error('stop');
    };
    const change = placeFiles(
      {
        target,
        put: [put('a.txt', 'other', { replaces: of('one') }), put('n/n.txt', 'n')],
        remove: [{ path: 'b.txt', sha256: of('two') }],
      },
      { onStep },
    );
    await expect(change).rejects.toMatchObject({ code: 'unavailable' });
    await theirs;
    expect(await read()).toEqual(['a.txt: one', 'b.txt: two', 'new.txt: written by its user', 'z.txt: last']);
    expect(await readdir(target)).not.toContain('n');
  });

  it('refuses paths that lead out', async () => {
    await expect(placeFiles({ target, put: [put('../x')] })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await readdir(parent)).toEqual([]);
  });

  it('gives up when nobody waits any more', async () => {
    await expect(placeFiles({ target, put: NINE }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await readdir(parent)).toEqual([]);
  });

  it('says what the disk says', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(placeFiles({ target: join(parent, 'file', 'x'), put: NINE })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('two at once', () => {
  it('one wins, the other is told', async () => {
    const others = NINE.map(({ path }) => put(path, 'of the other'));
    const ends = await Promise.allSettled([placeFiles({ target, put: NINE }), placeFiles({ target, put: others })]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = ends.find((end) => end.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'conflict' });
    const won = ends[0]?.status === 'fulfilled' ? NINE : others;
    expect(await read()).toEqual(
      [...won]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map(({ path, bytes }) => `${path}: ${Buffer.from(bytes).toString()}`),
    );
    expect(await readdir(parent)).toEqual(['flare']);
  });

  it('a lock of a process that lives is respected, one of a dead or later process is not', async () => {
    {
      await using _lock = await lockPlace(target);
      await expect(lockPlace(target)).rejects.toMatchObject({ code: 'conflict' });
      await expect(placeFiles({ target, put: NINE })).rejects.toMatchObject({ code: 'conflict' });
      expect(await takeBackIn(parent)).toEqual([]);
    }
    for (const dead of [
      { pid: 2 ** 22 + 1, birth: 'x' },
      { pid: process.pid, birth: 'another boot/1' },
    ]) {
      await writeFile(
        lockPath(target),
        JSON.stringify({ ...dead, host: (await import('node:os')).hostname(), nonce: 'n' }),
      );
      await using lock = await lockPlace(target);
      expect(lock).toBeDefined();
    }
    expect(await readdir(parent)).toEqual([]);
  });
});

it('a read-only folder is left as it is', async () => {
  await mine();
  await chmod(target, 0o555);
  if (process.getuid?.() === 0) return; // root may write anywhere
  await expect(placeFiles({ target, put: NINE })).rejects.toMatchObject({ code: 'unavailable' });
  await chmod(target, 0o755);
  expect(await readdir(target)).toEqual(['mine.txt']);
});
