// The suites, one a project: docs/testing.md says what each needs and what it may take. A time limit here only ends a test
// that hangs: how fast the machine is decides nothing.
import { defineConfig } from 'vitest/config';

const HUNG_MS = 300_000;
const NOT_OURS = ['**/node_modules/**', '**/dist/**'];

const project = (name: string, include: string[], more: object = {}) => ({
  resolve: { conditions: ['labmesh-source'] },
  ssr: { resolve: { conditions: ['labmesh-source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    name,
    include,
    exclude: NOT_OURS,
    setupFiles: ['test/harness/chance.setup.ts'],
    testTimeout: HUNG_MS,
    hookTimeout: HUNG_MS,
    expect: { poll: { timeout: HUNG_MS / 2, interval: 20 } },
    fileParallelism: false,
    ...more,
  },
});

/** Specs that share a process: loading the sources anew for each takes longer than many of them do. */
const sharing = { isolate: false };
/** Likewise, in as many processes as there are cores. */
const together = { ...sharing, fileParallelism: true, maxWorkers: '100%' };

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{apps,libs,bench}/**/*.spec.{ts,tsx}', 'test/*.spec.ts'], {
        ...together,
        exclude: [...NOT_OURS, '**/*.{it,long,engine}.spec.ts'],
        sequence: { groupOrder: 0 },
      }),
      project('newcomer', ['test/story/newcomer.spec.ts'], { sequence: { groupOrder: 1 } }),
      project('long', ['{apps,libs}/**/*.long.spec.ts'], sharing),
      project('stories', ['test/story/**/*.spec.ts'], {
        ...sharing,
        exclude: [...NOT_OURS, 'test/story/newcomer.spec.ts'],
        globalSetup: ['test/harness/shared-lab.setup.ts'],
      }),
      project('servers', ['{apps,libs}/**/*.it.spec.ts'], sharing),
      project('engines', ['apps/worker/src/executors/**/*.engine.spec.ts', 'test/engines/**/*.spec.ts']),
      project('mesh', ['test/mesh/**/*.spec.ts'], { ...sharing, globalSetup: ['test/harness/shared-mesh.setup.ts'] }),
      project('training', ['test/training/**/*.spec.ts'], { testTimeout: 4 * HUNG_MS }),
      project('interop', ['test/interop/**/*.spec.ts']),
      // Each installs and builds everything at least once.
      project('readme', ['test/readme/**/*.spec.ts'], { testTimeout: 4 * HUNG_MS }),
      // Installs PyTorch twice: for a notebook, and for a job.
      project('vials', ['test/vials/**/*.spec.ts'], { testTimeout: 4 * HUNG_MS }),
      project('manifests', ['test/manifests/**/*.spec.ts']),
      project('images', ['test/images/**/*.spec.ts'], { hookTimeout: 6 * HUNG_MS }),
      project('browser', ['test/browser/**/*.spec.ts'], sharing),
    ],
  },
} as never);
