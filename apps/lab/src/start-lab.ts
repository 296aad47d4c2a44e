// Starts the whole lab in this process, and refuses a folder that another lab is using.
import { type RunningProcess, startProcess } from '@labmesh/agent';
import { toldInFolder } from './address-file.js';
import { LabModule } from './lab.module.js';
import { readSettings } from './settings.js';

/** @throws AppError when settings, folder, port, database or bus stand in the way */
export async function startLab(env: NodeJS.ProcessEnv): Promise<RunningProcess> {
  const lab = await startProcess({
    name: 'lab',
    module: LabModule,
    config: readSettings(env),
    database: true,
    blobs: true,
  });
  return toldInFolder(lab);
}
