// A slab keeps what a map would, and grows to what was kept at once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slab } from './slab.js';

it('keeps what a map with its places as keys would keep, whatever comes and goes', () => {
  const additions = fc.record({ add: fc.string() });
  const removals = fc.record({ remove: fc.nat({ max: 12 }) });
  fc.assert(
    fc.property(fc.array(fc.oneof(additions, removals), { maxLength: 60 }), (steps) => {
      const slab = new Slab<string>();
      const model = new Map<number, string>();
      for (const step of steps) {
        if ('add' in step) {
          const place = slab.add(step.add);
          expect(model.has(place)).toBe(false);
          model.set(place, step.add);
        } else expect(slab.remove(step.remove)).toBe(model.delete(step.remove));
        expect(slab.size).toBe(model.size);
        expect(slab.values().sort()).toEqual([...model.values()].sort());
        for (let place = 0; place <= 12; place += 1) expect(slab.get(place)).toBe(model.get(place));
      }
    }),
  );
});

it('uses places again: it grows to what was kept at once, not to what ever came', () => {
  const slab = new Slab<object>();
  const seen = new Set<number>();
  for (let round = 0; round < 100; round += 1) {
    const places = [slab.add({}), slab.add({}), slab.add({})];
    for (const place of places) {
      seen.add(place);
      slab.remove(place);
    }
  }
  expect([...seen].sort()).toEqual([0, 1, 2]);
});
