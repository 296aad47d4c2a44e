// Notices of jobs: whom they wake, and what who follows a job hears of them.
import { expect, it } from 'vitest';
import { JobListener } from './job-listener.js';

it('wakes what places and tells ends for a change, and tells who follows the job for all but its log', () => {
  const heard: string[] = [];
  const listener = new JobListener(
    { soon: () => void heard.push('place') },
    { poke: () => void heard.push('ends') },
    { tell: ({ uris }) => void heard.push(...uris) },
  );
  const of = (message: object): string[] => {
    heard.length = 0;
    listener.told(message);
    return [...heard];
  };
  expect(of({ jobId: 'job_1', kind: 'changed' })).toEqual(['job://job_1', 'nodes://all', 'ends', 'place']);
  expect(of({ jobId: 'job_1', attempt: 1, kind: 'placed', node: 'n' })).toEqual(['job://job_1', 'nodes://all']);
  expect(of({ jobId: 'job_1', kind: 'cancel' })).toEqual(['job://job_1', 'nodes://all']);
  expect(of({ jobId: '', kind: 'changed', node: 'n' })).toEqual(['nodes://all', 'ends', 'place']);
  expect(of({ jobId: 'job_1', kind: 'used' })).toEqual(['job://job_1']);
  expect(of({ jobId: 'job_1', kind: 'log' })).toEqual([]);
  expect(of({ nonsense: true })).toEqual([]);
});
