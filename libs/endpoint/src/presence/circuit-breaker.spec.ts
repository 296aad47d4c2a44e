// The breaker against a clock in hand: when it opens, what it lets through, when it closes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.js';

function breakerAt(start = 0) {
  const clock = { now: start };
  const breaker = new CircuitBreaker(() => clock.now);
  const fail = (times = 1): void => {
    for (let n = 0; n < times; n++) breaker.admit()?.unanswered();
  };
  return { clock, breaker, fail };
}

describe('the circuit', () => {
  it('opens after five failures in a row, and not when one call was answered among them', () => {
    const { breaker, fail } = breakerAt();
    fail(4);
    breaker.admit()?.answered();
    fail(4);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toBeUndefined();
  });

  it('does not count failures that lie far apart', () => {
    const { clock, breaker, fail } = breakerAt();
    for (let n = 0; n < 20; n++) {
      fail();
      clock.now += 20_000;
    }
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe through after a second; an answer closes it', () => {
    const { clock, breaker, fail } = breakerAt();
    fail(5);
    clock.now += 999;
    expect(breaker.admit()).toBeUndefined();
    clock.now += 1;
    expect(breaker.state).toBe('half_open');
    const probe = breaker.admit();
    expect(probe).toBeDefined();
    expect(breaker.admit()).toBeUndefined();
    probe?.answered();
    expect(breaker.state).toBe('closed');
    expect(breaker.admit()).toBeDefined();
  });

  it('waits twice as long after every probe that fails, eight seconds at most', () => {
    const { clock, breaker, fail } = breakerAt();
    fail(5);
    const waits: number[] = [];
    clock.now += 1_000;
    for (let n = 0; n < 5; n++) {
      breaker.admit()?.unanswered();
      const from = clock.now;
      while (breaker.state === 'open') clock.now += 500;
      waits.push(clock.now - from);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it('a probe that never ends holds up the next one for one period only', () => {
    const { clock, breaker, fail } = breakerAt();
    fail(5);
    clock.now += 1_000;
    expect(breaker.admit()).toBeDefined();
    clock.now += 1_000;
    expect(breaker.admit()).toBeDefined();
  });

  it('late failures of earlier calls change nothing; a sign of life lets a probe through at once', () => {
    const { clock, breaker, fail } = breakerAt();
    const early = breaker.admit();
    fail(5);
    clock.now += 1_000;
    const probe = breaker.admit();
    early?.unanswered();
    probe?.unanswered();
    expect(breaker.state).toBe('open');
    breaker.expectAnswer();
    breaker.admit()?.answered();
    expect(breaker.state).toBe('closed');
  });

  it('always lets something through again, whatever happened', () => {
    const event = fc.oneof(fc.constantFrom('answered', 'unanswered', 'nothing'), fc.integer({ min: 1, max: 20_000 }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const { clock, breaker } = breakerAt();
        for (const happened of events) {
          if (typeof happened === 'number') clock.now += happened;
          else if (happened === 'answered') breaker.admit()?.answered();
          else if (happened === 'unanswered') breaker.admit()?.unanswered();
          else breaker.admit();
        }
        clock.now += 8_000;
        const admission = breaker.admit();
        expect(admission).toBeDefined();
        admission?.answered();
        expect(breaker.state).toBe('closed');
      }),
    );
  });
});
