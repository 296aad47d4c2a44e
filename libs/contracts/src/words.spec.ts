// What people give a name, a title or a reason can be read by others.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { AGENTS } from './agents.js';
import { textFieldsOf } from './text-fields.js';
import { words } from './values.js';

const WRITTEN = ['name', 'title', 'label', 'reason', 'memo', 'note', 'problem', 'solution', 'method', 'question'];
const BLANKS = [' ', '   ', '\n\t ', '\u00a0', '\u200b\u200d', ' \u2003\u{e0020}'];

const fits = (schema: z.ZodType, text: string): boolean => schema.safeParse(text).success;

it('is something that shows, in any script', () => {
  const name = words(4);
  for (const text of ['a', ' a ', '數據', 'ü', '🔭', '.', 'नी']) expect(fits(name, text), text).toBe(true);
  for (const blank of [...BLANKS.filter(({ length }) => length <= 4), '', 'abcde'])
    expect(fits(name, blank), JSON.stringify(blank)).toBe(false);
  expect(name.safeParse('').error?.issues).toHaveLength(1);
  expect(name.safeParse(' ').error?.issues[0]?.message).toMatch(/^is blank: /);
});

it('is asked for wherever a tool takes prose that is shown under such a name', () => {
  const asked = AGENTS.flatMap(({ name: agent, tools }) =>
    Object.entries(tools)
      .filter(([, { effect }]) => effect !== 'read')
      .flatMap(([tool, { input }]) =>
        [...(textFieldsOf(input).members ?? [])]
          .filter(([member, { holds }]) => holds === 'prose' && WRITTEN.includes(member))
          .map(([member]) => ({ at: `${agent} ${tool} ${member}`, schema: (input as z.ZodObject).shape[member] })),
      ),
  ).filter(({ schema }) => fits(schema as z.ZodType, 'Some words') && !fits(schema as z.ZodType, ''));
  expect(asked.length).toBeGreaterThan(15);
  const blank = asked.filter(({ schema }) => BLANKS.some((text) => fits(schema as z.ZodType, text.padEnd(3))));
  expect(blank.map(({ at }) => at)).toEqual([]);
});
