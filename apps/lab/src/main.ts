// `npm start`: the lab, and the few lines a person needs to begin.
import { runUntilSignal } from '@labmesh/agent';
import { readEnvironment } from './config.js';
import { startLab } from './start-lab.js';
import { welcome } from './welcome.js';

await runUntilSignal(async () => {
  const started = performance.now();
  const lab = await startLab(readEnvironment());
  process.stdout.write(await welcome(lab, performance.now() - started));
  return lab;
});
