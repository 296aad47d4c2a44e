// What a contract lets into the audit log is ids: a text that somebody typed fits none of them.
import { describe, expect, it } from 'vitest';
import { AGENTS } from './agents.js';

const TYPED = [
  'a secret that somebody typed',
  'correct-horse-battery-staple',
  'password: hunter2',
  '{"a":1}',
  `x${'y'.repeat(300)}`,
  'a\nb',
  '',
];

const declared = AGENTS.flatMap(({ name, tools }) =>
  Object.entries(tools).flatMap(([tool, { about = [], input }]) =>
    about.map((member) => ({ of: `${name}.${tool}.${member}`, schema: input.shape[member] })),
  ),
);

describe('what a call is about', () => {
  it.each(declared)('$of takes ids only', ({ schema }) => {
    expect(schema).toBeDefined();
    for (const text of TYPED) expect(schema?.safeParse(text).success).toBe(false);
  });

  it('is declared by the tools that name a wallet or a dataset', () => {
    expect(declared.map(({ of }) => of)).toContain('curator.fetch_dataset.datasetId');
  });
});
