// What holds GPU memory, with a stand-in for nvidia-smi and real processes: whose each is, and that only what an ended attempt left
// is ever ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@labmesh/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobMark, MARK_VARIABLE, markIn } from './attempt-mark.js';
import { endMarked, gpuProcesses } from './gpu-processes.js';
import { NodeAnswer, nodeCareController } from './node-care.js';

const [ONE, TWO] = ['a', 'b'].map((end) => `job_01990000-0000-7000-8000-00000000000${end}`) as [string, string];
const children: ChildProcess[] = [];
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder('gpus');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A process that never ends by itself, and whether it has ended. */
async function holder(mark?: string, script = 'setInterval(() => {}, 1000)') {
  const env = { PATH: process.env.PATH, ...(mark === undefined ? {} : { [MARK_VARIABLE]: mark }) };
  const child = spawn(process.execPath, ['-e', `${script}; console.log('there')`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  return { pid: child.pid ?? 0, ended: () => ended };
}

/** Tells of these processes as nvidia-smi does. */
async function standIn(pids: readonly number[]): Promise<string> {
  const program = join(folder, 'nvidia-smi');
  const apps = pids
    .map((pid, at) => `GPU-${at % 2}, ${pid}, ${at === 0 ? '[N/A]' : 100 * at}, python, of ${at}`)
    .join('\n');
  const text = `#!/bin/sh\ncase "$1" in\n*compute-apps*) cat <<'X'\n${apps}\nX\n;;\n*) printf 'GPU-0, 0\\nGPU-1, 1\\n' ;;\nesac\n`;
  await writeFile(program, text);
  await chmod(program, 0o700);
  return program;
}

describe.skipIf(process.platform !== 'linux')('processes that hold GPU memory', () => {
  it('are told with the attempt that they belong to', async () => {
    const [mine, strange] = [await holder(`${ONE}.2`), await holder()];
    const program = await standIn([mine.pid, strange.pid, 2 ** 22 + 1]);
    expect(await gpuProcesses({ program })).toEqual([
      { gpu: 0, pid: mine.pid, program: 'python, of 0', memoryBytes: null, attempt: { jobId: ONE, number: 2 } },
      { gpu: 1, pid: strange.pid, program: 'python, of 1', memoryBytes: 100 * 2 ** 20, attempt: null },
      { gpu: 0, pid: 2 ** 22 + 1, program: 'python, of 2', memoryBytes: 200 * 2 ** 20, attempt: null },
    ]);
    expect(await gpuProcesses({ program: join(folder, 'none') })).toEqual([]);
  });

  it('are ended by the mark of the attempt that is named, and no others', async () => {
    const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const all = {
      gone: await holder(`${ONE}.1`),
      deaf: await holder(`${ONE}.1`, deaf),
      next: await holder(`${ONE}.2`),
      tenth: await holder(`${ONE}.10`),
      other: await holder(`${TWO}.1`),
      nobody: await holder(),
    };
    const ended = await endMarked(
      [{ jobId: ONE, number: 1 }],
      Object.values(all).map(({ pid }) => pid),
    );
    expect(ended.sort()).toEqual([all.gone.pid, all.deaf.pid].sort());
    await expect.poll(() => [all.gone.ended(), all.deaf.ended()]).toEqual([true, true]);
    expect([all.next, all.tenth, all.other, all.nobody].map(({ ended: is }) => is())).toEqual(Array(4).fill(false));
  });

  it('are the business of the node that is named alone', async () => {
    const mine = await holder(`${ONE}.1`);
    const care = new (nodeCareController('here', { program: await standIn([mine.pid]) }))() as {
      answer(message: unknown): Promise<unknown>;
    };
    const attempts = [{ jobId: ONE, number: 1 }];
    expect(await care.answer({ ask: 'end', node: 'there', attempts })).toBeUndefined();
    expect(await care.answer({ ask: 'anything' })).toBeUndefined();
    expect(mine.ended()).toBe(false);
    expect(NodeAnswer.parse(await care.answer({ ask: 'gpu' }))).toMatchObject({ node: 'here', ended: [] });
    expect(await care.answer({ ask: 'end', node: 'here', attempts })).toMatchObject({ ended: [mine.pid] });
    await expect.poll(mine.ended).toBe(true);
  });
});

it('a mark is a whole one, or none', () => {
  expect(markIn(`A=1\0${MARK_VARIABLE}=${jobMark({ jobId: ONE, number: 3 })}\0B=2`)).toEqual({ jobId: ONE, number: 3 });
  for (const wrong of ['', `${ONE}`, `${ONE}.0`, `${ONE}.1x`, `x${ONE}.1`])
    expect(markIn(`${MARK_VARIABLE}=${wrong}`)).toBeUndefined();
  expect(markIn(`X${MARK_VARIABLE}=${ONE}.1`)).toBeUndefined();
});
