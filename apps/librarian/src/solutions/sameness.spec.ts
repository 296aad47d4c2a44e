// What counts as the same, and as alike: one word of a page is little, another page is not alike.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALIKE_MIN, contentHash, likeness, resemblance, sameWords } from './sameness.js';

const PUMP = {
  problem: 'The roughing pump stalls at 40 Hz after the filter was changed.',
  solution: 'Replace the tip seal, and check the inlet for shavings.',
};

describe('contentHash', () => {
  it('is equal whatever a keyboard or a copy adds', () => {
    const copied = {
      problem: ` ${PUMP.problem}\r\n`,
      solution: PUMP.solution.toUpperCase().replaceAll(' ', '\u00a0\t'),
    };
    expect(contentHash(copied)).toBe(contentHash(PUMP));
    expect(contentHash({ problem: 'ﬁlter', solution: 'x' })).toBe(contentHash({ problem: 'filter', solution: 'x' }));
  });

  it('tells apart what says something else, and where it is said', () => {
    expect(contentHash({ ...PUMP, solution: `${PUMP.solution}!` })).not.toBe(contentHash(PUMP));
    expect(contentHash({ problem: 'ab', solution: 'c' })).not.toBe(contentHash({ problem: 'a', solution: 'bc' }));
  });
});

describe('resemblance', () => {
  it('is high for a word that was changed or added, and low for another solution', () => {
    const of = (solution: string) => resemblance(PUMP, { ...PUMP, solution });
    expect(of(PUMP.solution.replace('tip', 'top'))).toBeGreaterThan(0.9);
    expect(of(`${PUMP.solution} Then run it dry.`)).toBeGreaterThan(ALIKE_MIN);
    expect(of('Lower the frequency to 30 Hz; the controller is worn out.')).toBeLessThan(ALIKE_MIN);
    const kana = { problem: '真空ポンプが四十ヘルツで停止します', solution: 'チップシールを交換してください' };
    expect(resemblance(kana, { ...kana, problem: `${kana.problem}。` })).toBeGreaterThan(0.9);
  });

  it('is the same both ways, from 0 to 1, and 1 for the same', () => {
    const said = fc.record({ problem: fc.string(), solution: fc.string() });
    fc.assert(
      fc.property(said, said, (one, other) => {
        const share = resemblance(one, other);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(resemblance(other, one)).toBe(share);
        expect(resemblance(one, one)).toBe(1);
      }),
    );
  });
});

describe('likeness', () => {
  const said = (problem: string, solution: string) => ({ problem, solution });
  it.each([
    [
      PUMP,
      said(
        'After changing the filter, roughing pumps stall at 40 Hz.',
        'Check the inlet for shavings and replace the tip seal.',
      ),
    ],
    [
      said('CUDA out of memory when training with batch size 64', 'Reduce the batch size, or accumulate gradients'),
      said('Training runs out of CUDA memory with a batch size of 64', 'Accumulate gradients or reduce batch size.'),
    ],
    [
      said('The spectrometer does not connect over USB after a reboot', 'Unplug it, wait, and plug it in again'),
      said('After rebooting, the spectrometer is not connecting over USB', 'Plug it in again: unplug it, wait'),
    ],
  ])('is high for the same in another order and other forms: $0.problem', (one, other) => {
    expect(resemblance(one, other)).toBeLessThan(ALIKE_MIN);
    expect(likeness(one, other)).toBeGreaterThan(ALIKE_MIN);
    expect(likeness(other, one)).toBe(likeness(one, other));
  });

  it.each([
    [PUMP, { ...PUMP, solution: 'Lower the frequency to 30 Hz; the controller is worn out.' }],
    [
      said('The mount drifts in right ascension', 'Recalibrate the gear'),
      said('The mount drifts in declination', 'Recalibrate the gear'),
    ],
    [
      said('Job fails with exit code 137', 'Ask for more memory'),
      said('Job fails with exit code 1', 'Mend what it says'),
    ],
  ])('is low for another cure, or another trouble: $0.problem', (one, other) => {
    expect(likeness(one, other)).toBeLessThan(ALIKE_MIN);
  });

  it('of texts without a word the search knows is whether they are the same', () => {
    expect(sameWords(said('?!', '…'), said('?!', '…'))).toBe(1);
    expect(sameWords(said('?!', '…'), said('!!', '…'))).toBe(0);
  });
});
