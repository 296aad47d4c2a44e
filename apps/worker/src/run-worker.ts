// A worker's process until it is told to stop: it serves nobody but the bus, and whoever asks whether it is ready.
import { runUntilSignal, startProcess } from '@labmesh/agent';
import { AGENTS, AppError } from '@labmesh/contracts';
import { DEFAULT_HOME, GATEWAY_PORT, readLabConfig } from '@labmesh/runtime/config';
import { WorkerModule } from './worker.module.js';

export const runWorker = (): Promise<void> =>
  runUntilSignal(() => {
    const config = readLabConfig({
      port: GATEWAY_PORT + 1 + AGENTS.length,
      home: DEFAULT_HOME,
      publicUrl: `http://127.0.0.1:${GATEWAY_PORT}`,
    });
    if (config.natsUrl === undefined || config.databaseUrl === undefined)
      throw new AppError(
        'invalid_input',
        'Cannot start a worker alone without NATS_URL and DATABASE_URL: set them to those of the mesh, or run the whole lab with npm start, which has a worker of its own',
      );
    return startProcess({ name: 'worker', module: WorkerModule, config, database: true, blobs: true });
  });
