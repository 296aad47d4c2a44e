// Starts the whole lab in this process, and refuses a folder that another lab is using.
import { DEFAULT_HOME, GATEWAY_PORT, type RunningProcess, readLabConfig, startProcess } from '@labmesh/agent';
import { LabModule } from './lab.module.js';

/** @throws AppError when settings, folder, port, database or bus stand in the way */
export async function startLab(env: NodeJS.ProcessEnv): Promise<RunningProcess> {
  const config = readLabConfig({ port: GATEWAY_PORT, home: DEFAULT_HOME, logLevel: 'warn' }, env);
  return startProcess({ name: 'lab', module: LabModule, config, database: true });
}
