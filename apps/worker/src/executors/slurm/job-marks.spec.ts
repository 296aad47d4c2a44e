// Marks of an array's tasks, as its comment holds them.
import { randomUUID } from 'node:crypto';
import { jobMark } from '@labmesh/jobs';
import { expect, it } from 'vitest';
import { COMMENT_BYTES_MAX, COMMENT_ROOM, commentOf, jobNumberOf, markAt, markBytes, taskHandle } from './job-marks.js';

const attempts = (many: number, number = 1) =>
  Array.from({ length: many }, () => ({ jobId: `job_${randomUUID()}`, number }));

it('says of each task whose it is, by its place', () => {
  const all = [...attempts(3), ...attempts(2, 120)];
  const comment = commentOf(all);
  expect(all.map((_, task) => markAt(taskHandle('17', task), { name: 'arr_x', comment }))).toEqual(all.map(jobMark));
  expect(markAt('17_5', { name: 'arr_x', comment })).toBeUndefined();
});

it('knows one that is alone by its name, and nobody by what others wrote', () => {
  expect(markAt('17', { name: 'job_x.2', comment: 'job_x.2' })).toBe('job_x.2');
  expect(markAt('17', { name: 'job_x.2', comment: 'changed by the site' })).toBe('job_x.2');
  for (const comment of ['', 'job_x.2', 'labmesh:', 'labmesh:,', 'labmesh:AAAA.1', 'a|b'])
    expect(markAt('17_0', { name: 'sweep', comment })).toBeUndefined();
});

it('fits as many as were counted into what Slurm takes', () => {
  let [room, many] = [COMMENT_ROOM, 0];
  const all = attempts(100);
  for (const one of all) {
    room -= markBytes(one);
    if (room < 0) break;
    many += 1;
  }
  expect(many).toBe(40);
  expect(commentOf(all.slice(0, many)).length).toBeLessThanOrEqual(COMMENT_BYTES_MAX);
});

it('tells an array’s number from its task’s', () => {
  expect([jobNumberOf('17'), jobNumberOf('17_4')]).toEqual(['17', '17']);
});
