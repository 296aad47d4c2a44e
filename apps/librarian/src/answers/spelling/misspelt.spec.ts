// Which words of a question are looked up in a dictionary, and what becomes of them by what the knowledge base holds.
import { tokenize } from '@labmesh/search';
import { describe, expect, it } from 'vitest';
import { type Counts, meantBy, reworded, unheldWords } from './misspelt.js';

/** Of a knowledge base that holds these words, the later the more often. */
const holding = (...words: string[]): Counts => {
  const held = new Map(words.map((word, at) => [tokenize(word)[0], at + 1]));
  return (terms) => new Map([...terms].map((term) => [term, held.get(term) ?? 0]));
};

describe('words that may be misspelt', () => {
  it('are those that nothing holds and that say something', () => {
    expect(unheldWords('Which pumps need the oil?', holding('pump'))).toEqual(['need']);
    expect(unheldWords('Acess acess, ACCESS to x9', holding())).toEqual(['acess']);
  });

  it.for([
    'acess_token',
    '--acess',
    'acess.py',
    'https://acess/x',
    'acess@here',
    'acess9',
    'of Acess',
    'größe',
    'x'.repeat(21),
    'oli',
  ])('are no names, codes, addresses and what is too short or too long: %s', (text) => {
    expect(unheldWords(text, holding())).toEqual([]);
  });

  it('are no more than five, with one look at the knowledge base', () => {
    let looks = 0;
    const counts: Counts = (terms) => {
      looks += 1;
      return holding()(terms);
    };
    expect(unheldWords('wann wird mein rechner wieder schneller laufen', counts)).toHaveLength(5);
    expect(looks).toBe(1);
  });
});

describe('a misspelt word', () => {
  it('is read as one that is held, and of several as that which most passages hold', () => {
    expect(meantBy('acess', ['access', 'aces'], holding('access'))).toBe('access');
    expect(meantBy('contant', ['content', 'constant'], holding('constant', 'content'))).toBe('content');
    expect(meantBy('contant', ['content', 'constant'], holding('content', 'constant'))).toBe('constant');
  });

  it('is read as one that says nothing, which no passage need hold', () => {
    expect(meantBy('wich', ['which', 'winch'], holding('winch'))).toBe('which');
    expect(meantBy('agian', ['again'], holding())).toBe('again');
  });

  it('stays where nothing near is held, and where it is too short to tell', () => {
    expect(meantBy('acess', ['access'], holding())).toBeUndefined();
    expect(meantBy('pumpe', [], holding('pump'))).toBeUndefined();
    expect(meantBy('pimp', ['pump'], holding('pump'))).toBeUndefined();
  });
});

it('other words take the place of whole words, with a capital where one was', () => {
  const meant = new Map([['acess', 'access']]);
  expect(reworded('Acess to acess, not acess_token', meant)).toBe('Access to access, not acess_token');
  expect(reworded('nothing of it', meant)).toBe('nothing of it');
});
