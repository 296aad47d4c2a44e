// Whose phrases a question could be: by words side by side, small ones too, and by how many of an entry's phrases have them.
import { describe, expect, it } from 'vitest';
import { Phrases } from './phrases.js';

const phrases = new Phrases([
  ['who am i', 'my role'],
  ['who deleted my file', 'history of calls'],
  ['delete a file', 'erase my things'],
  [],
]);
const likeliest = (query: string): number => {
  const scores = phrases.likelihoods(query);
  return scores.indexOf(Math.max(...scores));
};

describe('Phrases', () => {
  it('tells phrases apart by small words and by what stands side by side', () => {
    expect(likeliest('who am i?')).toBe(0);
    expect(likeliest('who deleted it')).toBe(1);
    expect(likeliest('delete a file of mine')).toBe(2);
  });

  it('believes what many phrases of an entry say', () => {
    const [once = 0, often = 0] = new Phrases([
      ['open the door', 'feed the cat', 'water the garden'],
      ['the red door', 'a door of wood', 'doors'],
    ]).likelihoods('door');
    expect(often).toBeGreaterThan(once);
  });

  it('does not favour an entry for having many phrases', () => {
    const others = Array.from({ length: 50 }, (_, at) => `something else ${'abcdefghij'[at % 10]}${at}`);
    const [few = 0, many = 0] = new Phrases([['open the door'], ['open the door', ...others]]).likelihoods(
      'open the door',
    );
    expect(few).toBeGreaterThan(many);
  });

  it('takes a mistyped word for the one that is meant', () => {
    expect(phrases.likelihoods('histroy')[1]).toBeGreaterThan(0);
  });

  it('gives nothing where no word is shared', () => {
    expect([...phrases.likelihoods('xyzzy')]).toEqual([0, 0, 0, 0]);
    expect([...phrases.likelihoods('')]).toEqual([0, 0, 0, 0]);
    expect([...new Phrases([]).likelihoods('door')]).toEqual([]);
  });
});
