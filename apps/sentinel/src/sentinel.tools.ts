// Contract to domain, one line per tool. The internal tools without a permission must not look at the call's principal.
import type { Handlers, sentinel } from '@labmesh/contracts';
import type { AuditLog } from './audit/audit-log.js';
import { validateRequest } from './decisions/decisions.js';
import type { SigningKeys } from './keys/signing-keys.js';
import type { SignIn } from './sign-in/sign-in.js';
import type { CredentialCheck } from './tokens/credential-check.js';
import type { CredentialIssuer } from './tokens/credential-issuer.js';
import type { Passes } from './tokens/passes.js';

/** What the handlers need, in the order the module injects it. */
export type SentinelDomain = readonly [
  issuer: CredentialIssuer,
  check: CredentialCheck,
  passes: Passes,
  keys: SigningKeys,
  signIn: SignIn,
  audit: AuditLog,
];

export const sentinelTools = (
  ...[issuer, check, passes, keys, signIn, audit]: SentinelDomain
): Handlers<typeof sentinel.tools> => ({
  generate_wallet_token: (input, call) => issuer.issueFor(input, call),
  create_sign_in_link: (_input, call) => signIn.createFor(call.principal),
  audit_log_stream: (input, call) => audit.stream(input, call),
  validate_request: (input) => validateRequest(input),
  verify_credential: async ({ credential }) => {
    const { principal, expiresAt } = await check.verify(credential);
    return { principal, expiresAt: expiresAt.toISOString() };
  },
  issue_pass: (input) => passes.issue(input),
  get_signing_keys: () => keys.publish(),
  redeem_sign_in_code: ({ code }) => signIn.redeem(code),
});
