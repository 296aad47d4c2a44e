// Runs one worker as a process of its own, beside the agents of a mesh.
import { runWorker } from './run-worker.js';

await runWorker();
