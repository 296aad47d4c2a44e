// The Mechanic's settings, read once. The only reader of the environment here.
import { readSettings, setting } from '@labmesh/runtime/config';
import { z } from 'zod';
import { DEFAULT_JOB_QUOTAS, type JobQuotas, JobQuotasText } from './jobs/quota-setting.js';

export const MECHANIC_CONFIG = Symbol('MECHANIC_CONFIG');

export interface MechanicConfig {
  readonly jobQuotas: JobQuotas;
  /** A job that does not fit keeps nodes for itself after so long. */
  readonly reserveAfterMs: number;
}

export const MECHANIC_SETTINGS = z.object({
  LABMESH_JOB_QUOTA: setting(JobQuotasText.optional(), {
    without:
      '`citizen.waiting=100,citizen.running=8,citizen.cpus=8,citizen.gpus=1`; researchers, validators and developers 10000, 256, 256 and 16',
    description:
      'What a wallet may have at once, by its role: `role.waiting`, jobs that have not ended; `role.running`, `role.cpus` and `role.gpus`, what runs. A number or `none`. The operator has no limit.',
  }),
  LABMESH_JOB_RESERVE_SECONDS: setting(z.coerce.number().int().min(1).max(86_400).default(30), {
    without: '`30`',
    description:
      'After so many seconds a job that does not fit keeps the nodes that it needs, and what is smaller no longer overtakes it there.',
  }),
});

/** @throws AppError invalid_input naming the setting */
export function readMechanicConfig(env: NodeJS.ProcessEnv = process.env): MechanicConfig {
  const set = readSettings(MECHANIC_SETTINGS, env);
  return Object.freeze({
    jobQuotas: set.LABMESH_JOB_QUOTA ?? DEFAULT_JOB_QUOTAS,
    reserveAfterMs: set.LABMESH_JOB_RESERVE_SECONDS * 1_000,
  });
}
