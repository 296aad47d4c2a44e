// A proposal that is filled in: what is wrong is said, and what is right becomes one call.
import { expect, it } from 'vitest';
import { type Draft, EMPTY, isWhole, problemsOf, proposedBy } from './draft.js';
import type { Parameter } from './parameter.js';

const PARAMETERS: readonly Parameter[] = [
  { parameter: 'governance.quorum', value: '400', kind: 'basis_points', least: '1', most: '10000', meaning: 'Quorum.' },
];
const draft: Draft = {
  title: ' A lower quorum ',
  text: 'Few vote.',
  voting: 'basic',
  choices: '',
  changes: [{ parameter: 'governance.quorum', value: ' 300 ', choice: '' }],
};

it('becomes one call', () => {
  expect(isWhole(problemsOf(draft, PARAMETERS))).toBe(true);
  expect(proposedBy(draft)).toEqual({
    title: 'A lower quorum',
    text: 'Few vote.',
    voting: 'basic',
    changes: [{ parameter: 'governance.quorum', value: '300' }],
  });
  const ranked: Draft = {
    ...draft,
    voting: 'ranked',
    choices: 'Lower\n\n Same \n',
    changes: [{ parameter: 'governance.quorum', value: '300', choice: '1' }],
  };
  expect(isWhole(problemsOf(ranked, PARAMETERS))).toBe(true);
  expect(proposedBy(ranked)).toMatchObject({
    choices: ['Lower', 'Same'],
    changes: [{ parameter: 'governance.quorum', value: '300', choice: 1 }],
  });
  expect(proposedBy({ ...draft, changes: [] })).not.toHaveProperty('changes');
});

it('says what is wrong', () => {
  const empty = problemsOf(EMPTY, PARAMETERS);
  expect(Object.keys(empty)).toEqual(['title', 'text', 'changes']);
  expect(isWhole(empty)).toBe(false);
  expect(problemsOf({ ...draft, voting: 'single', choices: 'One' }, PARAMETERS)).toMatchObject({
    choices: expect.stringMatching(/2 to 20/),
    changes: [expect.stringMatching(/which choice/)],
  });
  const twice = { ...draft, changes: [...draft.changes, ...draft.changes] };
  expect(problemsOf(twice, PARAMETERS).changes).toEqual([undefined, expect.stringMatching(/already/)]);
  const outside = { ...draft, changes: [{ parameter: 'governance.quorum', value: '0', choice: '' }] };
  expect(problemsOf(outside, PARAMETERS).changes).toEqual([expect.stringMatching(/1 to 10000/)]);
});
