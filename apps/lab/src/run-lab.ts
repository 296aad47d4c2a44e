// The lab until it is told to stop, and the few lines a person needs to begin.
import { runUntilSignal } from '@labmesh/agent';
import { startLab } from './start-lab.js';
import { welcome } from './welcome.js';

/** @param started when that was, of `performance.now()` */
export const runLab = (env: NodeJS.ProcessEnv, started: number): Promise<void> =>
  runUntilSignal(async () => {
    const lab = await startLab(env);
    process.stdout.write(await welcome(lab, performance.now() - started, env.LABMESH_RECORDED === '1'));
    return lab;
  });
