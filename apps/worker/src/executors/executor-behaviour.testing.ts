// What every executor of an engine does, whatever the engine: one suite that each passes with its own.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Executor, jobMark } from '@labmesh/jobs';
import { Child } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, FOREVER, Ground, MemoryLog, type SpecInput, shell } from './engine-ground.testing.js';

/** Processes of this machine whose arguments have that word. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

export function executorBehaviour(name: string, start: () => Promise<EngineUnderTest>): void {
  describe(`${name}: what every executor does`, () => {
    let engine: EngineUnderTest;
    let ground: Ground;
    let executor: Executor;

    beforeAll(async () => {
      engine = await start();
      ground = new Ground(engine);
      executor = await ground.open();
    });
    afterAll(async () => {
      await ground?.remove();
      await engine?.[Symbol.asyncDispose]();
    });

    const run = async (more: SpecInput, log = new MemoryLog()) => {
      const attempt = await ground.attempt(more, log);
      const running = await executor.start(attempt);
      const end = await running.ended;
      expect(await engine.left(jobMark(attempt))).toEqual([]);
      return { end, log, attempt };
    };

    it('says what it is, and what it holds a job to', async () => {
      const report = await executor.probe();
      expect(report).toMatchObject({ kind: engine.kind, version: expect.stringMatching(/\d/) });
    });

    it('tells exit codes and signals', async () => {
      expect((await run(shell('exit 0'))).end).toMatchObject({ exitCode: 0, signal: null, reason: null });
      expect((await run(shell('exit 3'))).end).toMatchObject({ exitCode: 3, signal: null, reason: null });
      expect((await run(shell('kill -SEGV $$'))).end).toMatchObject({ exitCode: null, signal: 'SIGSEGV' });
    });

    it('says that a program is not there', async () => {
      const { end } = await run({ name: 'missing', command: ['/no/such/program'] });
      expect(end).toMatchObject({ exitCode: null, reason: 'start_failed' });
    });

    it('brings a megabyte of any bytes to the log as they are', async () => {
      const attempt = await ground.attempt(shell('cat out; cat err >&2'), new MemoryLog());
      const [out, err] = [randomBytes(1_000_000), randomBytes(300_001)];
      await writeFile(join(attempt.folder, 'out'), out);
      await writeFile(join(attempt.folder, 'err'), err);
      await (await executor.start(attempt)).ended;
      const log = attempt.log as MemoryLog;
      if (engine.streamsApart) {
        expect(log.bytes('stdout').equals(out)).toBe(true);
        expect(log.bytes('stderr').equals(err)).toBe(true);
      } else expect(log.bytes('stdout').equals(Buffer.concat([out, err]))).toBe(true);
    });

    it('shows a job its own environment, and nothing of the worker’s', async () => {
      const { log, attempt } = await run({
        ...shell('env -0 2>/dev/null || env'),
        environment: { SEED: '42', QUOTED: `a'b "c" $d` },
      });
      const lines = log
        .text()
        .split(/[\0\n]/)
        .filter((line) => line !== '');
      const seen = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      const { PATH: _, ...given } = attempt.environment;
      expect(Object.fromEntries([...seen].filter(([key]) => key in given))).toEqual(given);
      const made = ['PATH', 'PWD', 'SHLVL', '_', 'OLDPWD', ...engine.adds];
      expect([...seen.keys()].filter((key) => !(key in given) && !made.includes(key))).toEqual([]);
    });

    it('runs in the job’s folder, and may write there', async () => {
      const { attempt, log } = await run(shell('pwd; echo kept > result'));
      expect(log.text().trim()).toBe(attempt.folder);
      expect(await readFile(join(attempt.folder, 'result'), 'utf8')).toBe('kept\n');
    });

    it('asks a job to end, and hears what it says of that', async () => {
      const log = new MemoryLog();
      const attempt = await ground.attempt(shell(`trap 'echo bye; exit 5' TERM; echo ready; ${FOREVER}`), log);
      const running = await executor.start(attempt);
      await expect.poll(() => log.text()).toBe('ready\n');
      await running.terminate();
      expect(await running.ended).toMatchObject({ exitCode: 5, signal: null });
      expect(log.text()).toBe('ready\nbye\n');
      // Again, after its end, changes nothing.
      await running.terminate();
      await running.kill();
    });

    it('ends what does not listen', async () => {
      const log = new MemoryLog();
      const attempt = await ground.attempt(shell(`trap '' TERM; echo ready; ${FOREVER}`), log);
      const running = await executor.start(attempt);
      await expect.poll(() => log.text()).toBe('ready\n');
      await running.terminate();
      expect(await Promise.race([running.ended.then(() => 'ended'), pause(1_000, 'runs')])).toBe('runs');
      await running.kill();
      expect(await running.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
      expect(await engine.left(jobMark(attempt))).toEqual([]);
    });

    it('leaves no process behind, not even one that went its own way', async () => {
      const word = `${3_000_000 + Math.floor(Math.random() * 1e6)}`;
      await run(shell(`(sleep ${word} & ) ; sleep ${word} & echo started`));
      await expect.poll(() => processesWith(word)).toEqual([]);
    });

    it('shows unfinished lines while a job runs', async () => {
      const log = new MemoryLog();
      const running = await executor.start(await ground.attempt(shell(`printf 'one\\rtwo\\r'; ${FOREVER}`), log));
      await expect.poll(() => log.text()).toBe('one\rtwo\r');
      await running.kill();
      await running.ended;
    });

    it('says what a job uses', async () => {
      const log = new MemoryLog();
      const running = await executor.start(await ground.attempt(shell('echo ready; while :; do :; done'), log));
      const busy = async (): Promise<boolean> => {
        const { cpuMs, memoryPeakBytes } = await running.usage();
        return cpuMs > 200 && memoryPeakBytes > 0;
      };
      if (engine.countsUse) await expect.poll(busy).toBe(true);
      await running.kill();
      const { usage } = await running.ended;
      expect(usage.cpuMs > 200 && usage.memoryPeakBytes > 0).toBe(engine.countsUse);
    });

    it('says that memory was the reason', async () => {
      if (!engine.holdsMemory) return;
      const { end } = await run(shell('x=a; while :; do x=$x$x; done'));
      expect(end).toMatchObject({ reason: 'memory' });
    });

    it('ends a job whose log is full', async () => {
      const log = new MemoryLog(100_000);
      const attempt = await ground.attempt(shell('while :; do echo again and again; done'), log);
      expect(await (await executor.start(attempt)).ended).toMatchObject({ reason: 'log_size' });
    });

    it('refuses what is not there before anything starts', async () => {
      const attempt = await ground.attempt({ ...shell('echo never'), ...engine.unknown.spec });
      await expect(executor.refuse(attempt.spec)).rejects.toMatchObject({ code: engine.unknown.code });
      await expect(executor.start(attempt)).rejects.toMatchObject({ code: engine.unknown.code });
      expect(await engine.left(jobMark(attempt))).toEqual([]);
    });

    it('takes up what a killed worker began, without a gap or a double', async () => {
      const script = 'i=0; while [ $i -lt 40 ]; do echo "line $i"; i=$((i+1)); sleep 0.1; done; exit 4';
      const { log: _, ...attempt } = await ground.attempt(shell(script));
      const logFolder = await mkdtemp(join(tmpdir(), 'labmesh-log-'));
      const task = JSON.stringify({ kind: engine.kind, settings: engine.settings, attempts: [attempt], logFolder });
      const worker = new Child({
        command: process.execPath,
        args: [join(import.meta.dirname, '../../test/lost-worker.mjs'), task],
      });
      const logged = (): string => {
        try {
          return readFileSync(join(logFolder, attempt.jobId, 'stdout'), 'utf8');
        } catch {
          return '';
        }
      };
      await worker.until(() => logged().includes('line 3\n'));
      await worker.crash();
      const before = logged();
      const handle = worker.output.split('\n')[0] ?? '';

      const log = new MemoryLog();
      log.written.stdout = Buffer.byteLength(before);
      await pause(500);
      const adopted = await (await ground.open()).adopt({ ...attempt, log }, handle);
      expect(await adopted?.ended).toMatchObject({ exitCode: 4 });
      expect(before + log.text()).toBe(Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join(''));
      expect(await engine.left(jobMark(attempt))).toEqual([]);
      expect(await executor.adopt({ ...attempt, log }, handle)).toBeUndefined();
      await rm(logFolder, { recursive: true });
    });

    it('leaves one to another worker that stops', async () => {
      const log = new MemoryLog();
      const attempt = await ground.attempt(shell(`trap 'echo bye; exit 0' TERM; echo ready; ${FOREVER}`), log);
      const running = await executor.start(attempt);
      await expect.poll(() => log.text()).toBe('ready\n');
      await running.leave?.();
      const adopted = await (await ground.open()).adopt(attempt, running.handle);
      await adopted?.terminate();
      expect(await adopted?.ended).toMatchObject({ exitCode: 0 });
      expect(log.text()).toBe('ready\nbye\n');
    });

    it('reaps by the mark alone what nobody follows, and again what is gone', async () => {
      const attempt = await ground.attempt(shell(`trap '' TERM; echo ready; ${FOREVER}`));
      const running = await executor.start(attempt);
      await running.leave?.();
      const another = await ground.open();
      await another.reap(attempt, null);
      expect(await engine.left(jobMark(attempt))).toEqual([]);
      await another.reap(attempt, null);
      await another.reap(attempt, running.handle);
    });
  });
}
