// The settings of executors of engines, as an operator gives them, and what each executor takes.
import { AppError } from '@labmesh/contracts';
import { setting } from '@labmesh/runtime/config';
import { z } from 'zod';
import { ContainerSettings } from './container/container-settings.js';
import { KubernetesSettings } from './kubernetes/kubernetes-settings.js';
import type { EngineKind, EngineSettings } from './open-executor.js';
import { SlurmSettings } from './slurm/slurm-settings.js';

const text = z.string().min(1).optional();

export const ENGINE_SETTINGS = {
  LABMESH_WORKER_CONTAINER_ENGINE: setting(text, {
    without: '`/var/run/docker.sock`',
    description: 'Socket of the container engine, or `tcp://host:port` ([executors.md](executors.md)).',
  }),
  LABMESH_WORKER_CONTAINER_PULL: setting(ContainerSettings.shape.pull.unwrap().optional(), {
    without: '`never`',
    description: 'Whether the engine fetches an image that it does not have: `missing`, `never`.',
  }),
  LABMESH_WORKER_SLURM_CONF: setting(text, {
    without: 'where Slurm looks for it',
    description: 'The cluster’s `slurm.conf`.',
  }),
  LABMESH_WORKER_SLURM_PATH: setting(text, {
    without: '`/usr/local/bin:/usr/bin:/bin`',
    description: 'Folders of `sbatch` and the others, separated by colons.',
  }),
  LABMESH_WORKER_SLURM_PARTITION: setting(text, {
    without: 'the cluster’s default',
    description: 'Partition of jobs.',
  }),
  LABMESH_WORKER_SLURM_ACCOUNT: setting(text, {
    without: 'the user’s default',
    description: 'Account that Slurm charges.',
  }),
  LABMESH_WORKER_SLURM_OPTIONS: setting(text, {
    without: 'none',
    description: 'More options of `sbatch`, separated by spaces, such as `--constraint=a100`.',
  }),
  LABMESH_WORKER_SLURM_NETWORK: setting(SlurmSettings.shape.network.unwrap().optional(), {
    without: '`node`',
    description:
      '`namespace`: a job without network has none, by a user namespace of its node. `node`: such jobs are refused.',
  }),
  LABMESH_WORKER_KUBERNETES_CONFIG: setting(text, {
    without: 'the service account of the worker’s pod',
    description: 'A kubeconfig file.',
  }),
  LABMESH_WORKER_KUBERNETES_NAMESPACE: setting(text, { without: '`default`', description: 'Where its Jobs are made.' }),
  LABMESH_WORKER_KUBERNETES_VOLUME_CLAIM: setting(text, {
    without: 'none; it is needed for `kubernetes`',
    description: 'A claim that the worker and its Jobs’ pods share; the jobs’ folders are on it.',
  }),
  LABMESH_WORKER_KUBERNETES_VOLUME_PATH: setting(text, {
    without: '`LABMESH_WORKER_FOLDER`',
    description: 'Where the worker has that claim.',
  }),
  LABMESH_WORKER_KUBERNETES_NETWORK: setting(KubernetesSettings.shape.network.unwrap().optional(), {
    without: '`node`',
    description:
      '`policy`: the cluster keeps pods labelled `labmesh/network=none` without network. `node`: such jobs are refused.',
  }),
} as const;

type Given = { readonly [K in keyof typeof ENGINE_SETTINGS]?: z.output<(typeof ENGINE_SETTINGS)[K]> };

/** What each needs; undefined for what the operator must say more about first. */
export type Engines = { readonly [K in EngineKind]: EngineSettings[K] | undefined };

export function engineSettings(set: Given, folder: string): Engines {
  const claim = set.LABMESH_WORKER_KUBERNETES_VOLUME_CLAIM;
  return {
    container: ContainerSettings.parse({
      engine: set.LABMESH_WORKER_CONTAINER_ENGINE,
      pull: set.LABMESH_WORKER_CONTAINER_PULL,
    }),
    slurm: SlurmSettings.parse({
      configuration: set.LABMESH_WORKER_SLURM_CONF,
      path: set.LABMESH_WORKER_SLURM_PATH,
      partition: set.LABMESH_WORKER_SLURM_PARTITION,
      account: set.LABMESH_WORKER_SLURM_ACCOUNT,
      options: set.LABMESH_WORKER_SLURM_OPTIONS?.split(' ').filter((option) => option !== ''),
      network: set.LABMESH_WORKER_SLURM_NETWORK,
    }),
    kubernetes:
      claim === undefined
        ? undefined
        : KubernetesSettings.parse({
            kubeconfig: set.LABMESH_WORKER_KUBERNETES_CONFIG,
            namespace: set.LABMESH_WORKER_KUBERNETES_NAMESPACE,
            volumeClaim: claim,
            volumePath: set.LABMESH_WORKER_KUBERNETES_VOLUME_PATH ?? folder,
            network: set.LABMESH_WORKER_KUBERNETES_NETWORK,
          }),
  };
}

/** @throws AppError invalid_input for an engine that the operator has not said enough about */
export function settingsOf<K extends EngineKind>(engines: Engines, kind: K): EngineSettings[K] {
  const settings: EngineSettings[K] | undefined = engines[kind];
  if (settings === undefined)
    throw new AppError(
      'invalid_input',
      `Cannot run jobs with the executor ${kind}: set LABMESH_WORKER_KUBERNETES_VOLUME_CLAIM to the claim that their pods share with the worker.`,
    );
  return settings;
}
