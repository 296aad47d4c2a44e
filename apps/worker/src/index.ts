// The door of @labmesh/worker: its module for the lab app, and its settings for their page.
export { WORKER_SETTINGS } from './config.js';
export { WorkerModule } from './worker.module.js';
