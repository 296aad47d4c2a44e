// What is typed into the form of a solution, as the lab takes it, and what is wrong with it.
import { expect, it } from 'vitest';
import { drafted, EMPTY, similarIn } from './log-draft.js';

const SAID = { ...EMPTY, title: ' Pump trips ', problem: 'It trips.', solution: 'Bleed it.' };

it('leaves out what is empty', () => {
  expect(drafted(SAID)).toEqual({
    ok: true,
    input: { title: 'Pump trips', problem: 'It trips.', solution: 'Bleed it.' },
  });
});

it('takes tags and evidence apart, and of a long log its end', () => {
  const draft = {
    ...SAID,
    tags: 'pump, air, pump',
    evidence: ' ds_a \n\nkb://README.md\n',
    errorText: `${'x'.repeat(70_000)}end`,
  };
  const taken = drafted(draft);
  expect(taken).toMatchObject({ ok: true, input: { tags: ['pump', 'air'], evidence: ['ds_a', 'kb://README.md'] } });
  const errorText = taken.ok ? String(taken.input.errorText) : '';
  expect(errorText).toHaveLength(65_536);
  expect(errorText.endsWith('end')).toBe(true);
});

it('says what is wrong, field by field', () => {
  const draft = {
    ...EMPTY,
    title: 'ab',
    problem: 'x'.repeat(8_001),
    tags: 'y'.repeat(41),
    evidence: 'ds_a\njavascript:alert(1)',
  };
  expect(drafted(draft)).toEqual({
    ok: false,
    problems: {
      title: 'At least 3 characters.',
      problem: 'At most 8,000 characters.',
      solution: 'This field is required.',
      tags: `At most 40 characters: ${'y'.repeat(41)}`,
      evidence: 'No id of a job or dataset, and no address: javascript:alert(1)',
    },
  });
});

it('reads which one is similar', () => {
  expect(similarIn('Cannot log the solution: it looks like solutions/sol_01a-b.md ("T", 80 % alike).')).toBe(
    'solutions/sol_01a-b.md',
  );
  expect(similarIn('Cannot log the solution.')).toBeUndefined();
});
