// The settings of a lab: those of every process, with the lab's own defaults.
import { DEFAULT_HOME, GATEWAY_PORT, type LabConfig, readLabConfig } from '@labmesh/runtime/config';

/** @throws AppError invalid_input naming what is wrong */
export const readSettings = (env: NodeJS.ProcessEnv): LabConfig =>
  readLabConfig({ port: GATEWAY_PORT, home: DEFAULT_HOME, logLevel: 'warn' }, env);
