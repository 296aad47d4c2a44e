// The one table of who may do what. Default deny: what is not listed here is refused.

export const PERMISSIONS = [
  'agent:read',
  'audit:read',
  'dataset:read',
  'dataset:write',
  'health:read',
  'knowledge:read',
  'knowledge:write',
  'template:read',
  'token:create',
  'token:create:any',
  'wallet:create',
  'wallet:read',
  'wallet:read:any',
  'wallet:transfer',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['citizen', 'researcher', 'validator', 'developer', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that `create_boilerplate_wallet` hands out. There is one operator's wallet, made at first start. */
export const GRANTABLE_ROLES = ['citizen', 'researcher', 'validator', 'developer'] as const satisfies readonly Role[];

const CITIZEN = [
  'agent:read',
  'dataset:read',
  'knowledge:read',
  'template:read',
  'token:create',
  'wallet:read',
  'wallet:transfer',
] as const satisfies readonly Permission[];
const RESEARCHER = [...CITIZEN, 'dataset:write', 'knowledge:write'] as const satisfies readonly Permission[];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  citizen: CITIZEN,
  researcher: RESEARCHER,
  validator: [...CITIZEN, 'knowledge:write'],
  developer: [...RESEARCHER, 'health:read'],
  operator: PERMISSIONS,
};
