// The built-in table of who may do what, which a policy may replace. Default deny: what is not listed is refused.

export const PERMISSIONS = [
  'access:evaluate',
  'access:explain',
  'agent:read',
  'anomaly:read',
  'anomaly:resolve',
  'audit:prove',
  'audit:read',
  'blob:write',
  'conversation:read',
  'conversation:write',
  'dao:guard',
  'dao:propose',
  'dao:vote',
  'dataset:read',
  'dataset:write',
  'health:read',
  'job:operate',
  'job:read',
  'job:write',
  'key:rotate',
  'knowledge:accept',
  'knowledge:operate',
  'knowledge:read',
  'knowledge:write',
  'ledger:operate',
  'model:operate',
  'model:use',
  'policy:read',
  'policy:write',
  'project:read',
  'project:write',
  'result:claim',
  'result:validate',
  'reward:distribute',
  'route:write',
  'secret:use',
  'source:read',
  'source:write',
  'template:publish',
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
  'access:explain',
  'agent:read',
  'audit:prove',
  'conversation:read',
  'conversation:write',
  'dao:propose',
  'dao:vote',
  'dataset:read',
  'knowledge:read',
  'model:use',
  'secret:use',
  'source:read',
  'template:read',
  'token:create',
  'wallet:read',
  'wallet:transfer',
] as const satisfies readonly Permission[];
const RESEARCHER = [
  ...CITIZEN,
  'blob:write',
  'dataset:write',
  'job:read',
  'job:write',
  'knowledge:write',
  'project:read',
  'project:write',
  'result:claim',
  'result:validate',
] as const satisfies readonly Permission[];

/** What each role may do until the operator sets another policy. Decisions ask the policy in force, never this table. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  citizen: CITIZEN,
  researcher: RESEARCHER,
  validator: [
    ...CITIZEN,
    'job:read',
    'job:write',
    'knowledge:accept',
    'knowledge:write',
    'project:read',
    'project:write',
    'result:claim',
    'result:validate',
  ],
  developer: [...RESEARCHER, 'health:read'],
  operator: PERMISSIONS,
};
