// What a process tells of its own errors: each kind with its count of the day, once more when there were more, and again while nobody took it.
import type { Bus } from '@labmesh/bus';
import { errorsLogged } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { createLogger } from './log.js';
import { LoggedErrors } from './logged-errors.js';

type Told = z.output<typeof errorsLogged.payload>;

let told: Told[];
let isAway: boolean;
const bus = {
  publish: async (_, payload) => {
    if (isAway) throw new Error('the broker is away');
    told.push(errorsLogged.payload.parse(payload));
  },
} as Pick<Bus, 'publish'>;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T23:59:00Z') });
  told = [];
  isAway = false;
});
afterEach(() => void vi.useRealTimers());

function process(): { errors: LoggedErrors; log: ReturnType<typeof createLogger> } {
  const errors = new LoggedErrors('curator');
  return { errors, log: createLogger('curator', 'info', { out: { write: () => true }, errors }) };
}

describe('errors that are logged', () => {
  it('are told with their own words, the tool and how many there were; what is no error is not', async () => {
    const { errors, log } = process();
    log.error({ err: new TypeError('x is not\n a function'), tool: 'curator_fetch_dataset' }, 'tool failed');
    log.error('the disk is full');
    log.error('the disk is full');
    log.error(new RangeError('alone'));
    log.warn({ err: new Error('trying again') }, 'nothing yet');
    errors.by(bus);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      service: 'curator',
      day: '2026-11-21',
      errors: [
        { text: 'tool failed: TypeError: x is not a function', tool: 'curator_fetch_dataset', lines: 1 },
        { text: 'the disk is full', lines: 2 },
        { text: 'RangeError: alone', lines: 1 },
      ],
    });
    log.error('the disk is full');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told[1]?.errors).toEqual([{ text: 'the disk is full', lines: 3 }]);
    expect(told[1]?.process).toBe(told[0]?.process);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(2);
    log.error('the disk is full');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told[2]).toMatchObject({ day: '2026-11-22', errors: [{ lines: 1 }] });
  });

  it('wait while the bus is away, and the last are told when the process stops', async () => {
    const { errors, log } = process();
    errors.by(bus);
    isAway = true;
    log.error('lost the broker');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([]);
    isAway = false;
    await vi.advanceTimersByTimeAsync(11_000);
    expect(told.map((one) => one.errors)).toEqual([[{ text: 'lost the broker', lines: 1 }]]);
    log.error('could not stop cleanly');
    await errors.close();
    expect(told.at(-1)?.errors).toEqual([{ text: 'could not stop cleanly', lines: 1 }]);
    log.error('after the end');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(2);
  });

  it('carry no secret, are cut where they are long, and of made-up words no more than a day’s bound', async () => {
    const { errors, log } = process();
    errors.by(bus);
    log.error({ err: new Error(`password=hunter2hunter2 ${'x'.repeat(10_000)}`) }, 'refused');
    for (let made = 0; made < 2_000; made += 1) log.error(`made up ${made}`);
    await vi.advanceTimersByTimeAsync(60_000);
    const all = told.flatMap((one) => one.errors);
    expect(all).toHaveLength(500);
    expect(all[0]?.text).toMatch(/^refused: Error: password=\[masked\] x+$/);
    expect(all[0]?.text).toHaveLength(500);
  });
});
