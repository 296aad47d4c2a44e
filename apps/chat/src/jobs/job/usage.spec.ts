// The lines of what an attempt used: against what it may have, and within the picture.
import { expect, it } from 'vitest';
import { cornersOf, usageLines } from './usage.js';

const resources = { cpus: 2, memoryMb: 64, gpus: 1, wallSeconds: 60 };
const MIB = 1_024 * 1_024;

it('has a line for each resource that a job has, against what it may have', () => {
  const usage = { everySeconds: 2, cpus: [1, 2, 0.5], memoryBytes: [MIB, 32 * MIB, 16 * MIB], gpus: [0, 1, 0.5] };
  const told = usageLines({ usage }, resources);
  expect(told?.seconds).toBe(6);
  expect(told?.lines.map(({ name, last, most }) => [name, last, most])).toEqual([
    ['CPUs', 0.5, 2],
    ['Memory', 16 * MIB, 32 * MIB],
    ['GPUs', 0.5, 1],
  ]);
  expect(told?.lines[0]?.ratios).toEqual([0.5, 1, 0.25]);
  const without = usageLines({ usage: { ...usage, gpus: [] } }, { ...resources, gpus: 0 });
  expect(without?.lines.map(({ name }) => name)).toEqual(['CPUs', 'Memory']);
});

it('has none of what is not known, or of a single value', () => {
  expect(usageLines({ usage: null }, resources)).toBeUndefined();
  const one = { everySeconds: 1, cpus: [1], memoryBytes: [1], gpus: [] };
  expect(usageLines({ usage: one }, resources)).toBeUndefined();
});

it('stays within its picture, also where there was more than allowed', () => {
  expect(cornersOf([0, 0.5, 1], 100, 40)).toBe('0.00,40.00 50.00,20.00 100.00,0.00');
  expect(cornersOf([1, 2], 100, 40)).toBe('0.00,20.00 100.00,0.00');
});
