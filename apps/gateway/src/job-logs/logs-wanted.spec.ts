// What a request for a log may ask for, and what it is told when it asks for something else.
import { describe, expect, it } from 'vitest';
import { wantedLogs } from './logs-wanted.js';

const JOB = 'job_01920000-0000-7000-8000-000000000001';
const asked = (url: string, headers: Record<string, string> = {}) => wantedLogs({ url, headers });

describe('wantedLogs', () => {
  it('takes every parameter, and none', () => {
    expect(asked(`/jobs/${JOB}/logs`)).toEqual({ jobId: JOB, stream: 'both', follow: true });
    const query = 'attempt=2&stream=stderr&tail=100&since=2026-11-29T00:00:00.000Z&follow=0';
    expect(asked(`/jobs/${JOB}/logs?${query}`)).toEqual({
      jobId: JOB,
      attempt: 2,
      stream: 'stderr',
      tailLines: 100,
      since: '2026-11-29T00:00:00.000Z',
      follow: false,
    });
  });

  it('goes on after the last event a client had, whatever its address says', () => {
    const url = `/jobs/${JOB}/logs?cursor=1:12`;
    expect(asked(url, { 'last-event-id': '2:40' })).toMatchObject({ cursor: '2:40' });
    expect(asked(url, { 'last-event-id': '' })).toMatchObject({ cursor: '1:12' });
  });

  it('refuses what it does not know, and says what there is', () => {
    for (const query of [
      'tail=-1',
      'tail=x',
      'attempt=0',
      'stream=all',
      'follow=yes',
      'cursor=5',
      'lines=3',
      'tail=1&tail=2',
    ])
      expect(() => asked(`/jobs/${JOB}/logs?${query}`), query).toThrow(/Cannot read the log: .*attempt, stream, tail/);
    for (const path of ['/jobs/', `/jobs/${JOB}`, '/jobs/x/logs', `/jobs/${JOB}/logs/1`])
      expect(() => asked(path), path).toThrow(/\/jobs\/<id>\/logs/);
  });
});
