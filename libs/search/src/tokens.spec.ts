// Terms of texts: what they keep, what they leave out, and that questions and texts get the same ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stem } from './stemming.js';
import { tokenize } from './tokens.js';

describe('tokenize', () => {
  it.each([
    ['The galaxies’ spectra', ['galaxi', 'spectra']],
    ['curator_fetch_dataset', ['curat', 'fetch', 'dataset']],
    ['How do I make a token?', ['make', 'token']],
    ['Node 20.19, class X9.3.', ['node', '20.19', 'class', 'x9.3']],
    ['read README.md', ['read', 'readm', 'md']],
    ['CAFÉ cafe\u0301 cafe', ['cafe', 'cafe', 'cafe']],
    ['Überlingen, Ελλάδα, 東京', ['uberlingen', 'ελλάδα', '東京']],
    ['the lab’s documents; the lab\u0027s document', ['lab', 'document', 'lab', 'document']],
    ['don’t', []],
    [`${'a'.repeat(64)} ${'b'.repeat(65)}`, ['a'.repeat(64)]],
    ['', []],
  ])('%s', (text, terms) => {
    expect(tokenize(text)).toEqual(terms);
  });

  it('is one function of the text, whatever else the text stands beside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(tokenize(`${a}\n\n${b}`)).toEqual([...tokenize(a), ...tokenize(b)]);
      }),
    );
  });
});

describe('stem', () => {
  /** The examples of the paper, rule by rule, and words that no rule may touch. */
  it.each(
    `caresses:caress ponies:poni ties:ti caress:caress cats:cat feed:feed agreed:agre plastered:plaster bled:bled
     motoring:motor sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss
     fizzed:fizz failing:fail filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration
     valenci:valenc digitizer:digit conformabli:conform radicalli:radic differentli:differ vileli:vile
     analogousli:analog vietnamization:vietnam predication:predic operator:oper feudalism:feudal decisiveness:decis
     hopefulness:hope callousness:callous formaliti:formal sensitiviti:sensit sensibiliti:sensibl triplicate:triplic
     formative:form formalize:formal electriciti:electr electrical:electr hopeful:hope goodness:good revival:reviv
     allowance:allow inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens
     irritant:irrit replacement:replac adjustment:adjust dependent:depend adoption:adopt homologou:homolog
     communism:commun activate:activ angulariti:angular homologous:homolog effective:effect bowdlerize:bowdler
     probate:probat rate:rate cease:ceas controll:control roll:roll oscillators:oscil is:is x9.3:x9.3 Äpfel:Äpfel`
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split(':') as [string, string]),
  )('%s -> %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });
});
