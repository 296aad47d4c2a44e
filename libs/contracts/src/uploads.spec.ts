// Which tools let a token with a toolset upload: those that take an upload, wherever in their input it is named.
import { expect, it } from 'vitest';
import { UPLOADS } from './uploads.js';

it('leads from a tool that takes an upload, also among the files of a job', () => {
  const { through } = UPLOADS.begin.spec;
  expect(through).toEqual(expect.arrayContaining(['curator_submit_dataset', 'mechanic_orchestrate_training_job']));
  expect(through).not.toContain('curator_fetch_dataset');
});
