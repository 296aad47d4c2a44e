// What fails again and again is tried ever less often, and told once.
import type { Logger } from '@labmesh/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Library } from '../corpus/library.js';
import { Embedding } from './embedding.js';
import type { SearchModelsRepository } from './search-models.repository.js';
import type { VectorsRepository } from './vectors.repository.js';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type InUse = Awaited<ReturnType<SearchModelsRepository['inUse']>>;

/** Work whose model is in use, and whose rows cannot be read while `failure` is set. */
function failing() {
  const state = { failure: 'the rows are gone' as string | undefined, tried: 0, told: 0 };
  const vectors = {
    taken: async () => {
      state.tried += 1;
      if (state.failure !== undefined) throw new Error(state.failure);
      return () => true;
    },
    waiting: async () => [],
    tidy: async () => undefined,
  } as unknown as VectorsRepository;
  const models = {
    inUse: async () => ({ answering: { id: 'm', name: 'm' } }) as unknown as InUse,
    arrived: async () => false,
  };
  const encoders = { open: () => Promise.reject(new Error('unused')), keepOnly: async () => undefined };
  const library = { upToDate: async () => ({ documents: () => [] }) } as unknown as Library;
  const log = { info: () => undefined, warn: () => (state.told += 1) } as unknown as Logger;
  const serving = { onServing: (begin: () => void) => begin() } as never;
  const embedding = new Embedding({ lookMs: 5_000 }, models, vectors, encoders, library, serving, log);
  embedding.onModuleInit();
  return { state, embedding };
}

it('backs off from work that fails, and tells of it once', async () => {
  const { state, embedding } = failing();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(state.tried).toBeGreaterThan(5);
  expect(state.tried).toBeLessThan(20);
  expect(state.told).toBe(1);
  expect(embedding.problem).not.toBeNull();
  await embedding.onModuleDestroy();
});

it('is as quick as before once it works, and tells of the next failure', async () => {
  const { state, embedding } = failing();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  state.failure = undefined;
  embedding.poke();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(embedding.problem).toBeNull();
  const before = state.tried;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.tried - before).toBeGreaterThan(8);
  state.failure = 'the rows are gone';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.told).toBe(2);
  await embedding.onModuleDestroy();
});
