// How near a question comes to phrases: by words side by side in one of them, small ones too.
import { describe, expect, it } from 'vitest';
import { Phrases } from './phrases.js';

const phrases = new Phrases([
  ['who am i', 'my role'],
  ['who deleted my file', 'history of calls'],
  ['delete a file', 'erase my things'],
  [],
]);
const nearest = (query: string): number => {
  const scores = phrases.nearest(query);
  return scores.indexOf(Math.max(...scores));
};

describe('Phrases', () => {
  it('tells phrases apart by small words and by what stands side by side', () => {
    expect(nearest('who am i?')).toBe(0);
    expect(nearest('who deleted it')).toBe(1);
    expect(nearest('delete a file of mine')).toBe(2);
  });

  it('takes the nearest phrase of an entry, not their sum', () => {
    const once = new Phrases([['open the door'], ['close it']]).nearest('door');
    const twice = new Phrases([['open the door', 'open the door'], ['close it']]).nearest('door');
    expect(twice[0]).toBeCloseTo(once[0] ?? 0, 9);
  });

  it('takes a mistyped word for the one that is meant', () => {
    expect(phrases.nearest('histroy')[1]).toBeGreaterThan(0);
  });

  it('is near to nothing where no word is shared', () => {
    expect([...phrases.nearest('xyzzy')]).toEqual([0, 0, 0, 0]);
  });
});
