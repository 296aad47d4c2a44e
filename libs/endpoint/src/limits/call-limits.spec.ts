// Who gets a place for a call, who is told to come back, and that every place is given back.

import { AppError, defineTool, type ToolSpec } from '@labmesh/contracts';
import { DEFAULT_LIMITS, type LimitSettings } from '@labmesh/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CallLimits, type Entered } from './call-limits.js';
import { SharedLimits } from './shared-limits.js';

const tool = (effect: ToolSpec['effect'], limit?: ToolSpec['limit']) => ({
  agent: 'demo',
  tool: effect,
  spec: defineTool({
    title: '',
    description: '',
    effect,
    permission: 'agent:read' as const,
    input: z.object({}),
    output: z.object({}),
    errors: [],
    timeoutMs: 60_000,
    ...(limit === undefined ? {} : { limit }),
  }) as ToolSpec,
});
const READ = tool('read');
const WRITE = tool('write');

function limitsWith(settings: Partial<LimitSettings> = {}) {
  const clock = { ms: 5_000 };
  const limits = new CallLimits({ ...DEFAULT_LIMITS, ...settings }, () => clock.ms);
  const enterMany = (count: number, what = READ, wallet = 'w'): Entered[] =>
    Array.from({ length: count }, () => limits.enter(wallet, what));
  return { limits, clock, enterMany };
}
const admitted = (entered: readonly Entered[]): number => entered.filter(({ place }) => place !== undefined).length;

describe('rates', () => {
  it('are per wallet, and say when to come back', () => {
    const { limits, clock, enterMany } = limitsWith({ concurrent: 0 });
    expect(admitted(enterMany(250))).toBe(200);
    const { refusal } = limits.enter('w', READ);
    expect(refusal).toMatchObject({ code: 'rate_limited', details: { limit: 'rate', retryAfterMs: 10 } });
    expect(refusal?.message).toMatch(/100 a second .* Come back in 1 s$/);
    expect(limits.enter('another', READ).place).toBeDefined();
    clock.ms += 100;
    expect(admitted(enterMany(50))).toBe(10);
  });

  it('are lower for a tool that changes something, and leave the others alone', () => {
    const { limits, enterMany } = limitsWith({ concurrent: 0 });
    expect(admitted(enterMany(100, WRITE))).toBe(40);
    expect(limits.enter('w', WRITE).refusal?.message).toContain('demo_write');
    expect(limits.enter('w', READ).place).toBeDefined();
  });

  it('are what a contract says', () => {
    const { enterMany } = limitsWith();
    expect(admitted(enterMany(9, tool('read', { perSecond: 1, burst: 3, concurrent: 9 })))).toBe(3);
    expect(admitted(enterMany(9, tool('destroy', { perSecond: 9, burst: 9, concurrent: 2 })))).toBe(2);
  });

  it('can be switched off', () => {
    const { enterMany } = limitsWith({ perSecond: 0, concurrent: 0, toolConcurrent: 0 });
    expect(admitted(enterMany(5_000))).toBe(5_000);
    expect(admitted(enterMany(5_000, WRITE))).toBe(5_000);
  });

  it('hold for requests that are no calls, too', () => {
    const { limits } = limitsWith({ perSecond: 10, burst: 2 });
    limits.request('w');
    limits.request('w');
    expect(() => limits.request('w')).toThrowError(/Come back/);
    expect(limits.enter('w', READ).refusal).toBeDefined();
  });
});

describe('places', () => {
  it('are bounded per wallet, per tool of a wallet, and per tool', () => {
    const { limits, enterMany } = limitsWith({ perSecond: 0, toolConcurrent: 100 });
    expect(admitted(enterMany(70))).toBe(64);
    expect(limits.enter('w', READ).refusal).toMatchObject({ details: { limit: 'concurrency' } });
    expect(admitted(enterMany(70, WRITE, 'other'))).toBe(16);
    expect(admitted(enterMany(70, READ, 'third'))).toBe(36);
    expect(limits.enter('fourth', READ).refusal?.message).toMatch(/everybody/);
  });

  it('never exceed the cap and all come back, whatever the order of coming and going, also when left twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 300 }), (steps) => {
        const { limits } = limitsWith({ perSecond: 0, concurrent: 4 });
        const inside: Array<NonNullable<Entered['place']>> = [];
        for (const step of steps) {
          if (step < 6) {
            const { place } = limits.enter('w', step % 2 === 0 ? READ : WRITE);
            if (place !== undefined) inside.push(place);
            expect(inside.length).toBeLessThanOrEqual(4);
          } else {
            const [place] = inside.splice(step % Math.max(1, inside.length), 1);
            place?.leave();
            place?.leave();
          }
          expect(limits.busyNow().find(([key]) => key === 'w')?.[1] ?? 0).toBe(inside.length);
        }
        for (const place of inside) place.leave();
        expect(limits.busyNow()).toEqual([]);
      }),
    );
  });

  it('are all that is asked of a call within a request that was counted', () => {
    const { limits, enterMany } = limitsWith({ concurrent: 2, perSecond: 1, burst: 1 });
    limits.request('w');
    expect(enterMany(1)[0]?.refusal?.details).toMatchObject({ limit: 'rate' });
    const within = Array.from({ length: 3 }, () => limits.enter('w', READ, true));
    expect(admitted(within)).toBe(2);
    expect(within[2]?.refusal?.details).toMatchObject({ limit: 'concurrency' });
    expect(limits.takeUntold()).toEqual([['w', 1]]);
  });

  it('for streams are few in one process, whoever opens them', () => {
    const { limits } = limitsWith({ streams: 2, streamsTotal: 3 });
    const places = ['a', 'a', 'b'].map((wallet) => limits.openStream(wallet));
    expect(() => limits.openStream('c')).toThrowError(/open streams in this process: 3 at the same time/);
    places[0]?.leave();
    places[0]?.leave();
    limits.openStream('c');
    expect(() => limits.openStream('c')).toThrowError(/in this process/);
  });

  it('for streams are counted apart', () => {
    const { limits } = limitsWith({ streams: 1 });
    const place = limits.openStream('w');
    expect(() => limits.openStream('w')).toThrowError(/open streams/);
    place.leave();
    limits.openStream('w');
  });
});

describe('replicas', () => {
  /** Replicas that hear each other at once whenever they tell. */
  function replicas(count: number, settings: Partial<LimitSettings>) {
    const clock = { ms: 5_000 };
    const all: Array<{ limits: CallLimits; shared: SharedLimits }> = [];
    const scatter = async (_subject: string, news: unknown) => {
      for (const { shared } of all) shared.hear(JSON.parse(JSON.stringify(news)));
      return [];
    };
    for (let i = 0; i < count; i++) {
      const limits = new CallLimits({ ...DEFAULT_LIMITS, ...settings }, () => clock.ms);
      limits.know([READ, WRITE]);
      all.push({ limits, shared: new SharedLimits(limits, { scatter } as never) });
    }
    const tellAll = async (): Promise<void> => {
      for (const { shared } of all) await shared.tell();
    };
    return { all, clock, tellAll };
  }

  it('let a wallet through at most one interval’s worth too often each, however it spreads its calls', async () => {
    const intervals = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(intervals, async (rounds) => {
        const perSecond = 10;
        const burst = 20;
        const { all, clock, tellAll } = replicas(3, { perSecond, burst, concurrent: 0 });
        let through = 0;
        for (const round of rounds) {
          for (const [at, calls] of round.entries())
            for (let call = 0; call < calls; call++)
              if (all[at]?.limits.enter('w', READ).place !== undefined) through += 1;
          await tellAll();
          clock.ms += 1_000;
        }
        const seconds = rounds.length;
        expect(through).toBeLessThanOrEqual(burst + perSecond * seconds + 2 * (burst + perSecond));
      }),
      { numRuns: 50 },
    );
  });

  it('count what is under way elsewhere, until it is over', async () => {
    const { all, tellAll } = replicas(2, { perSecond: 0, concurrent: 4 });
    const [one, two] = all;
    const places = Array.from({ length: 3 }, () => one?.limits.enter('w', READ).place);
    await tellAll();
    expect(two?.limits.enter('w', READ).place).toBeDefined();
    expect(two?.limits.enter('w', READ).refusal).toBeDefined();
    for (const place of places) place?.leave();
    await tellAll();
    expect(two?.limits.enter('w', READ).place).toBeDefined();
  });

  it('take no news that is not news', () => {
    const { all } = replicas(1, { burst: 5 });
    for (const news of [null, 1, { from: 'x' }, { from: 'x', spent: [['w', -5]] }, { from: 'x', spent: [['w', 1e12]] }])
      expect(all[0]?.shared.hear(news)).toBeNull();
    expect(all[0]?.limits.enter('w', READ).place).toBeDefined();
  });
});

describe('a throttled wallet', () => {
  const why = new AppError('rate_limited', 'A tenth, because of ano_1', {
    details: { limit: 'restriction', restriction: 'throttle', anomalyId: 'ano_1' },
  });

  it('may do a tenth, is told why, and has all of it back at once', () => {
    const { limits, clock, enterMany } = limitsWith({ concurrent: 0 });
    limits.enter('w', READ);
    limits.throttle(new Map([['w', why]]));
    expect(admitted(enterMany(100))).toBe(20);
    expect(limits.enter('w', READ).refusal).toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('ano_1. Come back in'),
      details: { restriction: 'throttle', retryAfterMs: 100 },
    });
    expect(admitted(enterMany(9, READ, 'another'))).toBe(9);
    clock.ms += 1_000;
    limits.throttle(new Map([['w', why]]));
    expect(admitted(enterMany(100))).toBe(10);
    limits.throttle(new Map());
    expect(admitted(enterMany(100))).toBe(100);
  });

  it('is throttled too when it was not known here before, and where calls are not limited', () => {
    const { limits, enterMany } = limitsWith({ perSecond: 0, concurrent: 0 });
    limits.throttle(new Map([['w', why]]));
    expect(admitted(enterMany(100))).toBe(20);
    expect(admitted(enterMany(100, WRITE, 'another'))).toBe(100);
  });
});
