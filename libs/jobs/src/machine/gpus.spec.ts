// The parser of nvidia-smi's CSV, and the program itself where it is missing or fails.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpusOf, measureGpus } from './gpus.js';
import { valuesOf } from './nvidia-smi.js';

const MIB = 1_024 * 1_024;

const parse = (csv: string) => gpusOf(valuesOf(csv));

describe('gpusOf', () => {
  it('reads one GPU per line', () => {
    const text = '0, NVIDIA H200, 143771, 4, 0, 31\n1, NVIDIA GeForce RTX 4090, 24564, 1203, 87, 64\n';
    expect(parse(text)).toEqual([
      {
        index: 0,
        name: 'NVIDIA H200',
        memoryTotalBytes: 143_771 * MIB,
        memoryUsedBytes: 4 * MIB,
        utilizationRatio: 0,
        temperatureC: 31,
      },
      {
        index: 1,
        name: 'NVIDIA GeForce RTX 4090',
        memoryTotalBytes: 24_564 * MIB,
        memoryUsedBytes: 1_203 * MIB,
        utilizationRatio: 0.87,
        temperatureC: 64,
      },
    ]);
  });

  it('takes what the GPU does not tell as unknown', () => {
    const text =
      '0, NVIDIA A100-SXM4-80GB, 81920, 12, [N/A], [N/A]\r\n1, Orin, [N/A], [Not Supported], [Unknown Error], 40\r\n';
    expect(parse(text)).toMatchObject([
      { index: 0, memoryTotalBytes: 81_920 * MIB, utilizationRatio: null, temperatureC: null },
      { index: 1, name: 'Orin', memoryTotalBytes: 0, memoryUsedBytes: 0, utilizationRatio: null, temperatureC: 40 },
    ]);
  });

  it('leaves out lines that are not a GPU', () => {
    expect(parse('No devices were found\n')).toEqual([]);
    expect(parse('')).toEqual([]);
  });

  it('keeps a name with commas', () => {
    expect(parse('2, Model X, rev. 2, 1024, 1, 5, 50')).toMatchObject([{ index: 2, name: 'Model X, rev. 2' }]);
  });

  it('never throws, and never makes a figure that is not finite', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const gpu of parse(text)) {
          expect(Number.isFinite(gpu.memoryTotalBytes)).toBe(true);
          expect(gpu.utilizationRatio === null || Number.isFinite(gpu.utilizationRatio)).toBe(true);
        }
      }),
    );
  });
});

describe('measureGpus', () => {
  it('is empty where there is no such program', async () => {
    await expect(measureGpus('labmesh-has-no-such-program')).resolves.toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('reads the program’s answer, and rejects when it fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labmesh-gpus-'));
    try {
      const answers = join(folder, 'answers');
      await writeFile(answers, '#!/bin/sh\necho "0, Test GPU, 100, 50, 25, 30"\n');
      const fails = join(folder, 'fails');
      await writeFile(fails, '#!/bin/sh\necho "driver mismatch" >&2\nexit 18\n');
      await chmod(answers, 0o700);
      await chmod(fails, 0o700);
      await expect(measureGpus(answers)).resolves.toMatchObject([{ name: 'Test GPU', utilizationRatio: 0.25 }]);
      await expect(measureGpus(fails)).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
