// Suites: `unit` and `story` need nothing but Node; `mesh` needs NATS, PostgreSQL and Redis; `browser` needs Chromium, `interop` the npm registry.
import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['labmesh-source'] },
  ssr: { resolve: { conditions: ['labmesh-source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};

const chance = { setupFiles: ['test/harness/chance.setup.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          ...chance,
          name: 'unit',
          include: ['{apps,libs,bench}/**/*.spec.{ts,tsx}', 'test/*.spec.ts'],
          exclude: ['**/*.it.spec.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...source,
        test: {
          ...chance,
          name: 'story',
          include: ['test/story/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...source,
        test: {
          ...chance,
          name: 'mesh',
          include: ['{apps,libs}/**/*.it.spec.ts', 'test/mesh/**/*.spec.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...source,
        test: {
          ...chance,
          name: 'interop',
          include: ['test/interop/**/*.spec.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...source,
        test: {
          ...chance,
          name: 'browser',
          include: ['test/browser/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
} as never);
