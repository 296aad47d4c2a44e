// What is new and what waits, in its order; nothing is made up where nothing is known.
import { expect, it } from 'vitest';
import type { Known } from './news.js';
import { newsOf } from './news.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const at = (hoursAgo: number): string => new Date(NOW - hoursAgo * 3_600_000).toISOString();

const known = (parts: object): Known => parts as Known;

it('is nothing while nothing is known', () => {
  expect(newsOf({}, NOW)).toEqual([]);
});

it('puts what waits first, then votes by their end, then data', () => {
  const lines = newsOf(
    known({
      wallet: { pending: '5', history: [] },
      jobs: [
        { jobId: 'job_1', name: 'fit', state: 'failed', endedAt: at(2) },
        { jobId: 'job_2', name: 'old', state: 'failed', endedAt: at(100) },
        { jobId: 'job_3', name: 'good', state: 'succeeded', endedAt: at(1) },
      ],
      projects: [
        { projectId: 'prj_1', name: 'study', version: '1.0.0', newestVersion: '1.1.0', updatedAt: at(9) },
        { projectId: 'prj_2', name: 'new', version: '1.1.0', newestVersion: '1.1.0', updatedAt: at(9) },
        { projectId: 'prj_3', name: 'own', version: '1.0.0', newestVersion: null, updatedAt: at(9) },
      ],
      proposals: [
        { proposalId: 'prop_2', title: 'later', votesUntil: at(-48) },
        { proposalId: 'prop_1', title: 'soon', votesUntil: at(-2) },
      ],
      landed: [{ datasetId: 'ds_1', name: 'flares', updatedAt: at(3) }],
    }),
    NOW,
  );
  expect(lines.map(({ kind, text, href }) => [kind, text, href])).toEqual([
    ['waits', '5.00 $webxos is set aside for you', '#/money/wallet'],
    ['waits', 'fit failed', '#/jobs/list/job_1'],
    ['waits', 'study can be updated to 1.1.0', '#/projects/list/prj_1'],
    ['vote', 'soon', '#/money/proposals/prop_1'],
    ['vote', 'later', '#/money/proposals/prop_2'],
    ['data', 'flares', '#/data/ds_1'],
  ]);
});

it('says nothing of money that nobody set aside', () => {
  expect(newsOf(known({ wallet: { pending: '0', history: [] } }), NOW)).toEqual([]);
  expect(newsOf(known({ wallet: { history: [] } }), NOW)).toEqual([]);
});
