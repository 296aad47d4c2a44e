// How many bytes of files a wallet may have in one agent, by its role: as a setting says it, and without one.
import { ROLES, type Role } from '@labmesh/contracts';
import { z } from 'zod';
import { setting } from './setting.js';

/** In bytes; a role that is left out has no limit. */
export type FileQuotas = Readonly<Partial<Record<Role, number>>>;

const UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const GIB = UNITS.GiB;

export const DEFAULT_QUOTAS: FileQuotas = Object.freeze({
  citizen: GIB,
  researcher: 20 * GIB,
  validator: 20 * GIB,
  developer: 20 * GIB,
});

export const QUOTA_VARIABLES = {
  LABMESH_FILE_QUOTA: setting(z.string().transform(readQuotas).optional(), {
    without: '`citizen=1GiB,researcher=20GiB,validator=20GiB,developer=20GiB`',
    description:
      'Bytes of files that a wallet may have in one agent, by its role: `role=number` with KiB, MiB, GiB or TiB, or `none`. What is not named keeps its default; the operator has no limit.',
  }),
};

function readQuotas(text: string, context: z.RefinementCtx): FileQuotas {
  const quotas: Partial<Record<Role, number>> = { ...DEFAULT_QUOTAS };
  for (const pair of text.split(',')) {
    const [, name = '', amount = '', unit = ''] =
      /^\s*([a-z]+)\s*=\s*(none|\d{1,9})\s*([KMGT]iB)?\s*$/.exec(pair) ?? [];
    const role = ROLES.find((one) => one === name);
    if (role === undefined || (amount === 'none' && unit !== '')) {
      context.addIssue({ code: 'custom', message: 'must look like citizen=1GiB,researcher=none' });
      return z.NEVER;
    }
    if (amount === 'none') delete quotas[role];
    else quotas[role] = Number(amount) * (unit in UNITS ? UNITS[unit as keyof typeof UNITS] : 1);
  }
  return Object.freeze(quotas);
}
