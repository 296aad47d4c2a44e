// Rules that are typed become what the check tool takes.
import { expect, it } from 'vitest';
import { ruleInput, ruleName, ruleOf } from './rules.js';

it('reads a rule, and names it', () => {
  const input = (kind: 'notNull' | 'unique' | 'sql', text: string) => {
    const rule = ruleOf(kind, text);
    return rule && ruleInput(rule);
  };
  expect(input('notNull', ' seen ')).toEqual({ name: 'seen is never null', notNull: 'seen' });
  expect(input('unique', 'station, at,')).toEqual({ name: 'station, at tell rows apart', unique: ['station', 'at'] });
  expect(input('sql', 'seen\n > 0')).toEqual({ name: 'seen > 0', sql: 'seen\n > 0' });
  expect(ruleOf('sql', '  ')).toBeUndefined();
  expect(ruleName({ kind: 'sql', sql: 'x'.repeat(300) })).toHaveLength(100);
});
