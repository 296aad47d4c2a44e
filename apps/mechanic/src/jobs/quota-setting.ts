// How many jobs a wallet may have, and how much of the lab at once, by its role: as a setting says it, and without one.
import { ROLES, type Role } from '@labmesh/contracts';
import type { JobQuota } from '@labmesh/jobs';
import { z } from 'zod';

/** A role that is left out has no limit. */
export type JobQuotas = Readonly<Partial<Record<Role, JobQuota>>>;

const KINDS = ['waiting', 'running', 'cpus', 'gpus'] as const;

const CITIZEN: JobQuota = { waiting: 100, running: 8, cpus: 8, gpus: 1 };
const RESEARCHER: JobQuota = { waiting: 10_000, running: 256, cpus: 256, gpus: 16 };

export const DEFAULT_JOB_QUOTAS: JobQuotas = Object.freeze({
  citizen: CITIZEN,
  researcher: RESEARCHER,
  validator: RESEARCHER,
  developer: RESEARCHER,
});

const PAIR = /^\s*([a-z]+)\.([a-z]+)\s*=\s*(none|\d{1,9})\s*$/;

/** `citizen.running=2,researcher.gpus=none`; what is not named keeps its default. */
export const JobQuotasText = z.string().transform((text, context): JobQuotas => {
  const quotas = Object.fromEntries(ROLES.map((role) => [role, { ...DEFAULT_JOB_QUOTAS[role] }])) as Record<
    Role,
    Partial<Record<(typeof KINDS)[number], number>>
  >;
  for (const pair of text.split(',')) {
    const [, name, what, amount] = PAIR.exec(pair) ?? [];
    const [role, kind] = [ROLES.find((one) => one === name), KINDS.find((one) => one === what)];
    if (role === undefined || kind === undefined) {
      context.addIssue({ code: 'custom', message: 'must look like citizen.running=2,researcher.gpus=none' });
      return z.NEVER;
    }
    if (amount === 'none') delete quotas[role][kind];
    else quotas[role][kind] = Number(amount);
  }
  return Object.freeze(quotas);
});
