// What Slurm's answers mean: those that a test's own cluster does not give.
import { expect, it } from 'vitest';
import { commentOf } from './job-marks.js';
import { endOf, hasBegun, isOver, parseAccounted, parseQueue, parseShown } from './slurm-states.js';

it('reads what accounting says of a job that Slurm has forgotten', () => {
  const row = '17|job_x.2|CANCELLED by 1000|0:15|2026-11-29T01:52:11|2026-11-29T01:52:15\n';
  const job = parseAccounted(row);
  expect(job).toMatchObject({ id: '17', name: 'job_x.2', state: 'CANCELLED', exitCode: '0:15' });
  expect((job?.endedAtMs ?? 0) - (job?.startedAtMs ?? 0)).toBe(4_000);
  expect(parseAccounted('')).toBeUndefined();
});

it('reads what the controller shows, and no times where there are none', () => {
  const shown =
    'JobId=4 JobName=job_x.1 JobState=PENDING Reason=Resources ExitCode=0:0 StartTime=Unknown EndTime=Unknown';
  expect(parseShown(shown)).toEqual({
    id: '4',
    name: 'job_x.1',
    comment: '',
    state: 'PENDING',
    exitCode: '0:0',
    startedAtMs: undefined,
    endedAtMs: undefined,
  });
  expect(parseShown('')).toBeUndefined();
});

const TASKS = [1, 2].map((n) => ({ jobId: `job_01939a3e-0000-7000-8000-00000000000${n}`, number: n }));

it('reads what the controller shows of a task, whose array has a name and a comment', () => {
  const shown = `JobId=8 ArrayJobId=7 ArrayTaskId=1 JobName=arr_x JobState=FAILED ExitCode=3:0 AdminComment=no Comment=${commentOf(TASKS)}`;
  expect(parseShown(shown)).toMatchObject({
    name: 'arr_x',
    comment: commentOf(TASKS),
    state: 'FAILED',
    exitCode: '3:0',
  });
});

it('reads of the queue whose each task is', () => {
  const rows = [
    '6|RUNNING|job_x.3|job_x.3',
    `7_0|RUNNING|arr_x|${commentOf(TASKS)}`,
    `7_1|PENDING|arr_x|${commentOf(TASKS)}`,
    '9_4|PENDING|sweep|(null)',
    '',
  ];
  expect(parseQueue(rows.join('\n'))).toEqual([
    { id: '6', state: 'RUNNING', mark: 'job_x.3' },
    { id: '7_0', state: 'RUNNING', mark: 'job_01939a3e-0000-7000-8000-000000000001.1' },
    { id: '7_1', state: 'PENDING', mark: 'job_01939a3e-0000-7000-8000-000000000002.2' },
    { id: '9_4', state: 'PENDING', mark: undefined },
  ]);
});

it.each([
  ['COMPLETED', '0:0', { exitCode: 0, signal: null, reason: null }],
  ['FAILED', '3:0', { exitCode: 3, signal: null, reason: null }],
  ['FAILED', '0:11', { exitCode: null, signal: 'SIGSEGV', reason: null }],
  ['OUT_OF_MEMORY', '0:125', { exitCode: null, signal: 'SIGKILL', reason: 'memory' }],
  ['TIMEOUT', '0:0', { reason: 'wall_time' }],
  ['DEADLINE', '0:0', { reason: 'wall_time' }],
  ['NODE_FAIL', '0:0', { reason: 'worker_lost' }],
  ['BOOT_FAIL', '0:0', { reason: 'worker_lost' }],
  ['PREEMPTED', '0:15', { reason: 'worker_lost' }],
])('%s with %s', (state, exitCode, end) => {
  expect(isOver(state)).toBe(true);
  expect(endOf({ state, exitCode }, false)).toMatchObject(end);
});

it('names a stranger who cancelled, and not the lab itself', () => {
  const job = { state: 'CANCELLED', exitCode: '0:9' };
  expect(endOf(job, false).message).toMatch(/Somebody/);
  expect(endOf(job, true)).toMatchObject({ signal: 'SIGKILL', message: null });
});

it('knows what waits from what runs', () => {
  expect(['PENDING', 'CONFIGURING', 'REQUEUED'].some(hasBegun)).toBe(false);
  expect(['RUNNING', 'COMPLETING', 'SUSPENDED'].every(hasBegun)).toBe(true);
  expect(['PENDING', 'RUNNING', 'COMPLETING', 'SUSPENDED'].some(isOver)).toBe(false);
});
