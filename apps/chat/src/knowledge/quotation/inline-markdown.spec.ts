// Marks become spans, and no text is lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineSpans } from './inline-markdown.js';

describe('inlineSpans', () => {
  it('reads code and strong', () => {
    expect(inlineSpans('Use `a **b**` or **c**.')).toEqual([
      { kind: 'text', text: 'Use ' },
      { kind: 'code', text: 'a **b**' },
      { kind: 'text', text: ' or ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: '.' },
    ]);
  });

  it('leaves marks that do not close', () => {
    expect(inlineSpans('2 ** 3 and `x')).toEqual([{ kind: 'text', text: '2 ** 3 and `x' }]);
  });

  it('loses nothing but the marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '*', '`', '[1]') }), (text) => {
        const marks = /[`*]/g;
        const kept = inlineSpans(text)
          .map((span) => span.text)
          .join('');
        expect(kept.replaceAll(marks, '')).toBe(text.replaceAll(marks, ''));
      }),
    );
  });
});
