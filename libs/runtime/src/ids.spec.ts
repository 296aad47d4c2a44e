// Ids are UUIDv7, all different, in the order they were made.
import { validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { newId } from './ids.js';

it('makes different UUIDv7s that sort in the order they were made', () => {
  const ids = Array.from({ length: 5_000 }, () => newId());
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
