// Faults put into sample projects are named with their rule, file and line; projects without faults raise none; no finding repeats a secret.
import { describe, expect, it } from 'vitest';
import { lookThrough } from './look-through.js';
import { PROJECT_RULES } from './rules.js';
import { dependencySeeds, fileSeeds, versionSeeds } from './sample/build-seeds.testing.js';
import { filesOf, LAB } from './sample/sample.testing.js';
import { placeSeeds, secretSeeds } from './sample/secret-seeds.testing.js';
import { lineOf, SAMPLES, type Seed } from './sample/seed.testing.js';

const SEEDS = [...secretSeeds, ...placeSeeds, ...fileSeeds, ...versionSeeds, ...dependencySeeds];
/** 57 of 60. */
const SHARE_NAMED = 0.95;

async function reportOf({ sample, change, disk }: Seed) {
  const files = change(SAMPLES[sample]);
  return { files, looked: await lookThrough({ files: filesOf(files), ...(disk ? { disk } : {}) }, LAB) };
}

async function isNamed(seed: Seed): Promise<boolean> {
  const { files, looked } = await reportOf(seed);
  const onDisk = seed.disk?.environment.find(({ path }) => path === seed.path)?.bytes;
  const text = onDisk ? Buffer.from(onDisk).toString() : (files[seed.path ?? ''] ?? '');
  const line = seed.at === null ? null : lineOf(text, seed.at);
  return looked.findings.some(
    ({ rule, path, ...found }) => rule === seed.rule && path === seed.path && found.line === line,
  );
}

describe('the rules', () => {
  it.each(Object.entries(SAMPLES))('find nothing in the clean project %s', async (_name, sample) => {
    expect((await lookThrough({ files: filesOf(sample) }, LAB)).findings).toEqual([]);
  });

  it('name at least 57 of 60 seeded faults with rule, file and line', async () => {
    expect(SEEDS.length).toBeGreaterThanOrEqual(60);
    const named = await Promise.all(SEEDS.map(isNamed));
    const missed = SEEDS.filter((_, index) => named[index] !== true).map(({ fault }) => fault);
    expect(missed.length, `not named: ${missed.join('; ')}`).toBeLessThanOrEqual(SEEDS.length * (1 - SHARE_NAMED));
  });

  it('each have a seeded fault', () => {
    const seeded = new Set(SEEDS.map(({ rule }) => rule));
    expect(PROJECT_RULES.map(({ id }) => id).filter((id) => !seeded.has(id))).toEqual([]);
  });

  it('never repeat a secret', async () => {
    for (const seed of SEEDS.filter(({ secret }) => secret !== undefined))
      expect(JSON.stringify((await reportOf(seed)).looked.findings)).not.toContain(seed.secret);
  });
});
