// What of a solution's document is its text, and what the lab wrote below it.
import { expect, it } from 'vitest';
import { solutionText } from './solution-text.js';

const SAID = '# Pump trips\n\n## Problem\n\nIt *trips*.\n\n## Solution\n\nBleed it.';
const BODY = '## Problem\n\nIt *trips*.\n\n## Solution\n\nBleed it.';

it('takes title and text', () => {
  expect(solutionText(`${SAID}\n`)).toEqual({
    title: 'Pump trips',
    body: BODY,
    tags: [],
    variantOf: undefined,
    evidence: [],
  });
});

it('takes tags, the first of the same, and evidence', () => {
  const below =
    '\n\nTags: pump, air\n\nAnother solution of the same: kb://solutions/sol_01.md\n\n## Evidence\n\n- `ds_a`\n- `kb://README.md`\n';
  expect(solutionText(SAID + below)).toEqual({
    title: 'Pump trips',
    body: BODY,
    tags: ['pump', 'air'],
    variantOf: 'solutions/sol_01.md',
    evidence: ['ds_a', 'kb://README.md'],
  });
});

it('leaves what only looks like it where it is', () => {
  const body = `${BODY}\n\n## Evidence\n\n- \`ds_fake\`\n\nand more`;
  expect(solutionText(`# Pump trips\n\n${body}\n\nTags: pump\n`)).toMatchObject({
    body,
    tags: ['pump'],
    evidence: [],
  });
});
