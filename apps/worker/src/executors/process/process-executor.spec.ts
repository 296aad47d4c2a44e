// Jobs as real processes of this machine: what they see, how they end, what is left of them, and that their neighbours are unharmed.
// Linux alone has what contains them.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryLog, type Place, place } from './process-executor.testing.js';
import { belonging } from './process-table.js';

describe.runIf(process.platform === 'linux')('the process executor', () => {
  let at: Place;
  beforeAll(async () => {
    at = await place();
  });
  afterAll(() => at[Symbol.asyncDispose]());

  const run = async (command: string[], more: Parameters<Place['attempt']>[1] = {}) => {
    const attempt = await at.attempt(command, more);
    const end = await (await at.executor.start(attempt)).ended;
    return { attempt, end, log: attempt.log };
  };
  const sh = (script: string, more: Parameters<Place['attempt']>[1] = {}) => run(['sh', '-c', script], more);
  const left = (attempt: { jobId: string; number: number }) => belonging({ mark: jobMark(attempt), roots: [] });

  it('says what this machine permits, and what not', async () => {
    const report = await at.executor.probe();
    expect(report.enforced).toMatchObject({ disk: 'watchdog', wallTime: 'lab' });
    expect(['cgroup', 'watchdog']).toContain(report.enforced.memory);
  });

  it('runs a command in its folder and tells its exit code and all that it wrote, byte by byte', async () => {
    const { end, log, attempt } = await sh('pwd; printf "a\\0b\\377"; echo oops >&2; exit 143');
    expect(end).toMatchObject({ exitCode: 143, signal: null, reason: null });
    expect(Buffer.concat(log.pieces.stdout)).toEqual(Buffer.from(`${attempt.folder}\na\0b\xff`, 'latin1'));
    expect(log.stderr).toBe('oops\n');
  });

  it('tells the signal that ended it', async () => {
    expect((await sh('kill -9 $$')).end).toMatchObject({ exitCode: null, signal: 'SIGKILL', reason: null });
  });

  it('shows a job nothing of the worker’s environment, and always which GPUs are its own', async () => {
    const none = await run(['env'], { environment: { LABMESH_JOB: 'x' } });
    const names = none.log.stdout.split('\n').map((line) => line.split('=')[0]);
    expect(names.filter((name) => name !== '').sort()).toEqual(
      ['CUDA_VISIBLE_DEVICES', 'HOME', 'LABMESH_ATTEMPT', 'LABMESH_JOB', 'LANG', 'PATH', 'PWD', 'TMPDIR'].filter(
        (name) => name !== 'PWD' || names.includes('PWD'),
      ),
    );
    expect(none.log.stdout).toContain('CUDA_VISIBLE_DEVICES=\n');
    const two = await sh('echo "$CUDA_VISIBLE_DEVICES"', { gpus: [1, 3] });
    expect(two.log.stdout).toBe('1,3\n');
  });

  it('gives a job its variables and arguments to the byte, whatever they mean to a shell', async () => {
    const environment = { A: 'it\'s\n$(id) `id` \\ "x" é', OPTIND: 'x', UID: 'u', IFS: 'a', LINENO: '', _under: '* ~' };
    const args = ["a'b", '$HOME', '', 'new\nline', '-n', ';', '&&'];
    const print =
      'const [names, ...args] = process.argv.slice(1); console.log(JSON.stringify([names.split(" ").map((name) => process.env[name]), args]))';
    const names = Object.keys(environment).join(' ');
    const { log } = await run([process.execPath, '-e', print, '--', names, ...args], { environment });
    expect(log.stderr).toBe('');
    expect(JSON.parse(log.stdout)).toEqual([Object.values(environment), args]);
  });

  it.each([
    ['no-such-program', /no such program/],
    ['./missing.sh', /no such file/],
    ['.', /there is no such program|folder/],
    ['./.tmp', /folder|no such file/],
  ])('refuses to start %s', async (name, words) => {
    const attempt = await at.attempt([name]);
    await expect(at.executor.start(attempt)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(words),
    });
    expect(left(attempt)).toEqual([]);
  });

  it('refuses a script whose interpreter is not here', async () => {
    const attempt = await at.attempt(['./run']);
    await writeFile(join(attempt.folder, 'run'), '#!/no/such/interpreter\n', { mode: 0o755 });
    await expect(at.executor.start(attempt)).rejects.toThrow(/\/no\/such\/interpreter/);
  });

  it('ends everything that a job left: children, daemons of a session of their own, without an environment', async () => {
    const { attempt } = await sh(
      'sleep 300 & (setsid sleep 300 &) ; (setsid sh -c "(setsid env -i sleep 300 &) ; sleep 300" &) ; echo started',
    );
    expect(attempt.log.stdout).toBe('started\n');
    expect(left(attempt)).toEqual([]);
  });

  it('lets a job end by itself after SIGTERM, with all it says then', async () => {
    const attempt = await at.attempt([
      'sh',
      '-c',
      'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.01; done',
    ]);
    const running = await at.executor.start(attempt);
    await expect.poll(() => attempt.log.stdout).toBe('ready\n');
    await running.terminate();
    expect(await running.ended).toMatchObject({ exitCode: 7, signal: null });
    expect(attempt.log.stdout).toBe('ready\nbye\n');
    await running.terminate();
    await running.kill();
  });

  it('is ended by SIGTERM at whatever moment, also one that has only just begun', async () => {
    for (let round = 0; round < 5; round += 1) {
      const running = await at.executor.start(await at.attempt(['sleep', '300']));
      await running.terminate();
      expect(await running.ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    }
  });

  it('kills what ignores SIGTERM', async () => {
    const attempt = await at.attempt(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.01; done']);
    const running = await at.executor.start(attempt);
    await expect.poll(() => attempt.log.stdout).toBe('ready\n');
    await running.terminate();
    await running.kill();
    expect((await running.ended).signal).toBe('SIGKILL');
    expect(left(attempt)).toEqual([]);
  });

  it('ends one that eats memory, and says so; its neighbour goes on', async () => {
    const neighbour = await at.attempt(['sh', '-c', 'while [ ! -e stop ]; do sleep 0.02; done; echo unharmed']);
    const beside = await at.executor.start(neighbour);
    const { end } = await run([
      process.execPath,
      '-e',
      'const all = []; for (let n = 0; n < 30; n += 1) all.push(Buffer.alloc(16 << 20, 1)); console.log("ate it all")',
    ]);
    expect(end).toMatchObject({ reason: 'memory' });
    expect(end.message).toContain('resources.memoryMb');
    await writeFile(join(neighbour.folder, 'stop'), '');
    expect(await beside.ended).toMatchObject({ exitCode: 0, reason: null });
    expect(neighbour.log.stdout).toBe('unharmed\n');
  });

  it('holds a job to its number of processes', async () => {
    // At most 200 sleeping children are tried, of which 40 may be.
    const { end, attempt } = await sh('for n in $(seq 200); do sleep 60 & done 2>err; wait; exit 1');
    expect(end).toMatchObject({ reason: 'processes' });
    expect(end.exitCode).not.toBe(0);
    expect(left(attempt)).toEqual([]);
  });

  it('counts once what its processes have in common', async () => {
    // Thirty of them would have more than 64 MiB, if what they share counted for each.
    const { end } = await sh('for n in $(seq 30); do sleep 2 & done; wait');
    expect(end).toMatchObject({ exitCode: 0, reason: null });
  });

  it('waits for a log that is slow, and loses nothing', async () => {
    let pending = 0;
    let most = 0;
    const log = new MemoryLog(async (bytes) => {
      pending += bytes;
      most = Math.max(most, pending);
      await new Promise((resolve) => setTimeout(resolve, 1));
      pending -= bytes;
    });
    const { end } = await sh('seq 1 200000', { log });
    expect(end.exitCode).toBe(0);
    expect(log.stdout).toBe(`${Array.from({ length: 200_000 }, (_, n) => n + 1).join('\n')}\n`);
    expect(most).toBeLessThan(2 * 1024 * 1024);
  });

  it('ends one whose log takes no more', async () => {
    let taken = 0;
    const { AppError } = await import('@labmesh/contracts');
    const log = new MemoryLog((bytes) => {
      taken += bytes;
      if (taken > 1_000_000) throw new AppError('too_large', 'It wrote more log than a job may.');
    });
    const { end, attempt } = await run(['yes'], { log });
    expect(end).toMatchObject({ reason: 'log_size', message: 'It wrote more log than a job may.' });
    expect(left(attempt)).toEqual([]);
  });

  it('ends one that writes a larger file than its folder may be', async () => {
    const { end } = await run(['dd', 'if=/dev/zero', 'of=large', 'bs=1M', 'count=64']);
    expect(end).toMatchObject({ reason: 'disk' });
  });

  it('keeps a job from the network unless it asked for it', async () => {
    const { enforced } = await at.executor.probe();
    const interfaces = 'tail -n +3 /proc/net/dev | wc -l';
    const [without, allowed] = [await sh(interfaces), await sh(interfaces, { spec: { network: true } })];
    if (enforced.network === 'namespace') expect(without.log.stdout.trim()).toBe('1');
    const all = (await readFile('/proc/net/dev', 'utf8')).trim().split('\n').length - 2;
    expect(Number(allowed.log.stdout)).toBe(all);
  });

  it('hides the lab’s folder from a job, which has its own and /tmp to write to', async () => {
    const { notes } = await at.executor.probe();
    if (notes.some((note) => note.includes('mount'))) return;
    await writeFile(join(at.home, 'secret'), 'of the lab');
    const { attempt, log } = await sh(
      `cat ${at.home}/secret; ls ${at.home}/jobs | wc -l; echo mine > mine; echo t > /tmp/t; echo no > /usr/no`,
    );
    expect(log.stdout).toBe('1\n');
    expect(log.stderr).toContain('secret');
    expect(await readFile(join(attempt.folder, 'mine'), 'utf8')).toBe('mine\n');
    expect(await readdir(join(attempt.folder, '.tmp'))).toContain('t');
    expect(log.stderr).toMatch(/usr\/no/);
  });

  it('shows a job that begins in namespaces made before it its own folder alone, also when others run beside it', async () => {
    const script =
      'pwd; echo here > mine; echo there > /tmp/t; ls -A; ls -A /tmp; ls ../ | wc -l; wc -l < /proc/mounts';
    const first = await sh(script);
    const { notes } = await at.executor.probe();
    const mounts = (log: MemoryLog) => Number(log.stdout.trim().split('\n').at(-1));
    for (let round = 0; round < 2; round += 1) {
      // By then one waits.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const both = await Promise.all([sh(script), sh(script)]);
      for (const { end, log, attempt } of both) {
        expect(end).toMatchObject({ exitCode: 0, reason: null });
        expect(log.stdout.split('\n')[0]).toBe(attempt.folder);
        expect(await readFile(join(attempt.folder, 'mine'), 'utf8')).toBe('here\n');
        if (notes.some((note) => note.includes('mount'))) continue;
        expect(await readFile(join(attempt.folder, '.tmp/t'), 'utf8')).toBe('there\n');
        expect(log.stdout.split('\n').slice(1)).toEqual(first.log.stdout.split('\n').slice(1));
        expect(mounts(log)).toBe(mounts(first.log));
      }
    }
  });

  it('tells what a job used', async () => {
    const { end } = await sh('i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done');
    expect(end.usage.cpuMs).toBeGreaterThan(20);
    expect(end.usage.memoryPeakBytes).toBeGreaterThan(0);
    expect(end.usage.gpuMs).toBe(0);
  });

  it('reaps by the mark alone what a worker left that is gone', async () => {
    const attempt = await at.attempt(['sleep', '300']);
    const { spawn } = await import('node:child_process');
    const stray = spawn('sh', ['-c', 'setsid sleep 300 & sleep 300'], {
      env: { PATH: '/usr/bin:/bin', LABMESH_ATTEMPT: jobMark(attempt) },
      stdio: 'ignore',
    });
    await expect.poll(() => left(attempt).length).toBe(3);
    await at.executor.reap(attempt);
    expect(left(attempt)).toEqual([]);
    expect(stray.pid).toBeGreaterThan(0);
    await at.executor.reap(attempt);
  });
});
