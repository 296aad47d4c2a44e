// All variables that a job sees. Nothing of the worker's own environment is among them; what the lab sets, a job can't.
import { join } from 'node:path';
import type { ClaimedAttempt } from '@labmesh/jobs';
import { JOB_PATH } from '../executors/process/programs.js';

/** @param environment folder of its virtual environment */
export function environmentOf(
  { jobId, number, spec, gpus, array }: Pick<ClaimedAttempt, 'jobId' | 'number' | 'spec' | 'gpus' | 'array'>,
  folder: string,
  environment?: string,
): Record<string, string> {
  return {
    LANG: 'C.UTF-8',
    TMPDIR: join(folder, '.tmp'),
    // Libraries start as many threads as the machine has processors, else, and stand in each other's way.
    OMP_NUM_THREADS: String(Math.max(1, Math.ceil(spec.resources.cpus))),
    ...spec.environment,
    ...(environment === undefined ? {} : { VIRTUAL_ENV: environment }),
    PATH: environment === undefined ? JOB_PATH : `${join(environment, 'bin')}:${JOB_PATH}`,
    HOME: folder,
    CUDA_VISIBLE_DEVICES: gpus.join(','),
    // As nvidia-smi counts them, which is how the lab does.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    LABMESH_JOB: jobId,
    LABMESH_ATTEMPT_NUMBER: String(number),
    ...(array === null
      ? {}
      : {
          LABMESH_ARRAY_ID: array.arrayId,
          LABMESH_ARRAY_INDEX: String(array.index),
          LABMESH_ARRAY_COUNT: String(array.count),
        }),
    LABMESH_ARTIFACTS: join(folder, 'artifacts'),
    ...(spec.checkpoints === undefined ? {} : { LABMESH_CHECKPOINTS: join(folder, spec.checkpoints) }),
  };
}
