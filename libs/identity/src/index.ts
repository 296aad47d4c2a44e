// The door of @labmesh/identity: who is calling and what they may do. Decides; serves nothing.
export { askSentinel, type SentinelTool } from './ask-sentinel.js';
export { ChangedRoles } from './changed-roles.js';
export { CompiledPolicy } from './compiled-policy.js';
export { type Decision, decide, type Rights } from './decision.js';
export { type IdentityServices, identityModule, identityServices } from './identity.module.js';
export {
  CHAIN_MAX,
  CLOCK_SKEW_S,
  type Claims,
  parseKeySet,
  type VerificationKey,
  verifyJwt,
} from './jwt-verification.js';
export { PassVerifier } from './pass-verifier.js';
export { KeySet } from './key-set.js';
export { Policies } from './policies.js';
export { RestrictionList } from './restriction-list.js';
export { Restrictions } from './restrictions.js';
export { RevokedCredentials } from './revoked-credentials.js';
