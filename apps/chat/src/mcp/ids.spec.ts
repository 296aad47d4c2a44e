// Ids that the page makes, also where the browser has no `crypto.randomUUID`: on plain http from another machine.
import { expect, it, onTestFinished, vi } from 'vitest';
import { isId, newId } from './ids.js';

it('ids are UUIDs, without a secure context too', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const ids = Array.from({ length: 100 }, newId);
  expect([ids.every(isId), new Set(ids).size]).toEqual([true, 100]);
});
