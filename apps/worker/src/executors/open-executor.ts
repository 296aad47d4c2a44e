// Where executors of engines are listed. Each is loaded when it is opened: a lab without an engine has nothing of it in memory.
import type { ExecutorKind } from '@labmesh/contracts';
import type { Executor } from '@labmesh/jobs';
import type { ContainerSettings } from './container/container-settings.js';
import type { KubernetesSettings } from './kubernetes/kubernetes-settings.js';
import type { SlurmSettings } from './slurm/slurm-settings.js';

export interface EngineSettings {
  readonly container: ContainerSettings;
  readonly slurm: SlurmSettings;
  readonly kubernetes: KubernetesSettings;
}

export type EngineKind = Extract<ExecutorKind, keyof EngineSettings>;

const OPENERS: { readonly [K in EngineKind]: (settings: EngineSettings[K]) => Promise<Executor> } = {
  container: async (settings) => new (await import('./container/container-executor.js')).ContainerExecutor(settings),
  slurm: async (settings) => new (await import('./slurm/slurm-executor.js')).SlurmExecutor(settings),
  kubernetes: async (settings) =>
    new (await import('./kubernetes/kubernetes-executor.js')).KubernetesExecutor(settings),
};

export const openExecutor = <K extends EngineKind>(kind: K, settings: EngineSettings[K]): Promise<Executor> =>
  OPENERS[kind](settings);
