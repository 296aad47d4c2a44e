// The machine's figures: real ones from this machine, and what happens where one cannot be read.
import { type CpuInfo, tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { usedRatio } from './cpu.js';
import { Machine } from './machine.js';
import { availableFrom, measureMemory } from './memory.js';

const core = (idle: number, user: number): CpuInfo => ({
  model: 'test',
  speed: 1,
  times: { idle, user, nice: 0, sys: 0, irq: 0 },
});

function machineAt(home: string): { machine: Machine; warnings: unknown[] } {
  const warnings: unknown[] = [];
  return { machine: new Machine({ home }, { warn: (entry: unknown) => void warnings.push(entry) }), warnings };
}

describe('the machine', () => {
  it('measures cores, memory and disk', async () => {
    const { machine } = machineAt(tmpdir());
    const { cpu, memory, disk, gpus } = await machine.measure();
    expect(cpu.cores).toBeGreaterThan(0);
    expect(cpu.usedRatio).toBeGreaterThanOrEqual(0);
    expect(cpu.usedRatio).toBeLessThanOrEqual(1);
    expect(memory.availableBytes).toBeLessThanOrEqual(memory.totalBytes);
    expect(memory.processBytes).toBeGreaterThan(1_000_000);
    expect(disk).toMatchObject({ path: tmpdir() });
    expect(disk.availableBytes).toBeLessThanOrEqual(disk.totalBytes);
    expect(disk.totalBytes).toBeGreaterThan(0);
    expect(Array.isArray(gpus)).toBe(true);
  });

  it('goes on without a figure that cannot be read, and logs why', async () => {
    const { machine, warnings } = machineAt('/no/such/folder');
    const { disk, cpu } = await machine.measure();
    expect(disk).toEqual({ path: '/no/such/folder', totalBytes: 0, availableBytes: 0 });
    expect(cpu.cores).toBeGreaterThan(0);
    expect(warnings).toMatchObject([{ what: 'disk' }]);
  });
});

describe('usedRatio', () => {
  it('is busy time over all time, across cores', () => {
    const before = [core(100, 0), core(100, 0)];
    expect(usedRatio(before, [core(150, 50), core(200, 0)])).toBe(0.25);
    expect(usedRatio(before, [core(100, 100), core(100, 100)])).toBe(1);
  });

  it('is 0 when nothing can be told', () => {
    expect(usedRatio([], [])).toBe(0);
    expect(usedRatio([core(5, 5)], [core(5, 5)])).toBe(0);
    // A core that went offline between the readings.
    expect(usedRatio([core(5, 5), core(5, 5)], [core(6, 5)])).toBe(0);
  });
});

describe('memory', () => {
  it('reads MemAvailable, not MemFree', () => {
    expect(availableFrom('MemTotal:  2000 kB\nMemFree:  100 kB\nMemAvailable:    1024 kB\n')).toBe(1_024 * 1_024);
    expect(availableFrom('')).toBeUndefined();
  });

  it('has a figure on every system', async () => {
    expect((await measureMemory()).availableBytes).toBeGreaterThan(0);
  });
});
