// Where evidence leads, and that nothing else leads anywhere.
import { expect, it } from 'vitest';
import { evidenceOf } from './evidence.js';

const JOB = `job_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`;

it.each([
  [JOB, `#/jobs/list/${JOB}`, false],
  [`job://${JOB}`, `#/jobs/list/${JOB}`, false],
  ['ds_flares', '#/data/ds_flares', false],
  ['dataset://ds_flares', '#/data/ds_flares', false],
  ['kb://docs/a%20b.md#start=1', '#/knowledge/document/docs%2Fa+b.md', false],
  ['kb://solutions/sol_1.md', '#/knowledge/solutions/sol_1', false],
  ['https://example.org/a', 'https://example.org/a', true],
])('%s leads to %s', (text, href, outside) => {
  expect(evidenceOf(text)).toEqual({ text, href: href.replace('+', '%20'), outside });
});

it.each(['javascript:alert(1)', 'data:text/html,x', 'dataset://a b', 'job_1', '<b>'])('%s stays text', (text) => {
  expect(evidenceOf(text)).toEqual({ text, href: undefined, outside: false });
});
