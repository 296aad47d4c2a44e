// Which data fits a route: each part of a match must, and what is left out fits everything.
import type { Routed } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { ACCEPTING, fits } from './route.js';

const dataset: Routed = {
  topics: ['sun', 'flares'],
  source: 'nasa-donki',
  dataset: {
    datasetId: 'ds_flares',
    version: 2,
    name: 'Flares',
    description: '',
    format: 'json',
    rows: 3,
    bytes: 100,
    sha256: 'ab'.repeat(32),
    license: null,
    origin: 'DONKI',
    columns: [
      { name: 'peak', type: 'string' },
      { name: 'class', type: 'string' },
    ],
    storedAt: '2026-11-28T00:00:00.000Z',
  },
};
const packet: Routed = { topics: ['flares'], source: 'packet', packet: { peak: 1 } };

describe('a route', () => {
  it.each([
    [{}, true],
    [{ topics: [] }, true],
    [{ topics: ['moon', 'flares'] }, true],
    [{ topics: ['moon'] }, false],
    [{ sources: ['nasa-donki'] }, true],
    [{ sources: ['submission'] }, false],
    [{ columns: ['class', 'peak'] }, true],
    [{ columns: ['class', 'power'] }, false],
    [{ topics: ['sun'], sources: ['submission'] }, false],
  ])('with %j takes the dataset: %s', (match, taken) => {
    expect(fits({ packets: false, ...match }, dataset)).toBe(taken);
  });

  it('takes packets only where it says so', () => {
    expect(fits({ packets: false }, packet)).toBe(false);
    expect(fits({ packets: true, columns: ['peak'] }, packet)).toBe(true);
    expect(fits({ packets: true, columns: ['class'] }, packet)).toBe(false);
  });

  it('may lead to agents that hear of routed data', () => {
    expect(ACCEPTING).toContain('librarian');
    expect(ACCEPTING).not.toContain('curator');
  });
});
