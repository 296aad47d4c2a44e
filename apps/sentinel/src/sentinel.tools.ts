// Contract to domain, one line per tool, in a part for each concept. The internal tools without a permission must not look at
// the call's principal.

import { handlersOf, together } from '@labmesh/agent';
import type { Handlers, sentinel } from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { Anomalies } from './anomalies/anomalies.js';
import { AnomalyReport } from './anomalies/anomaly-report.js';
import { LookBack } from './anomalies/look-back.js';
import { AuditCheck } from './audit/audit-check.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditNames } from './audit/audit-names.js';
import { AuditSearch } from './audit/audit-search.js';
import { LogKey } from './audit/log-key.js';
import { AccessExplanation } from './decisions/access-explanation.js';
import { AccessEvaluation } from './decisions/authzen.js';
import { validateRequest } from './decisions/decisions.js';
import { Encryption } from './encryption/encryption.js';
import { KeyRotation } from './keys/key-rotation.js';
import { SigningKeys } from './keys/signing-keys.js';
import { PolicyInForce } from './policies/policy-in-force.js';
import { PolicyList } from './policies/policy-list.js';
import { PolicySetting } from './policies/policy-setting.js';
import { RoleSetting } from './policies/role-setting.js';
import { Principals } from './principals/principals.js';
import { RequestStates } from './request-state/request-states.js';
import { SignIn } from './sign-in/sign-in.js';
import { checkSpan } from './time-span.js';
import { CredentialCheck, onTheWire } from './tokens/credential-check.js';
import { CredentialIssuer } from './tokens/credential-issuer.js';
import { FoundTokens } from './tokens/found-tokens.js';
import { Passes } from './tokens/passes.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { Revocations } from './tokens/revocations.js';
import { TokenList } from './tokens/token-list.js';

type Sentinel = Handlers<typeof sentinel.tools>;
type Part<Name extends keyof Sentinel> = Pick<Sentinel, Name>;

const tokens = handlersOf(
  [CredentialIssuer, RefreshTokens, Revocations, TokenList, FoundTokens],
  (
    issuer,
    refresh,
    revocations,
    list,
    found,
  ): Part<
    | 'generate_wallet_token'
    | 'refresh_token'
    | 'renew_access'
    | 'end_sign_in'
    | 'revoke_token'
    | 'list_tokens'
    | 'find_tokens'
  > => ({
    generate_wallet_token: (input, call) => issuer.issueFor(input, call),
    refresh_token: ({ refreshToken }) => refresh.renew(refreshToken),
    renew_access: ({ refreshToken, renewal }) => refresh.renew(refreshToken, renewal),
    end_sign_in: ({ refreshToken }) => refresh.end(refreshToken),
    revoke_token: (input, call) => revocations.revoke(input, call),
    list_tokens: (input, call) => list.list(input, call),
    find_tokens: (input, call) => found.find(input, call),
  }),
);

const signIn = handlersOf(
  [SignIn],
  (links): Part<'create_sign_in_link' | 'redeem_sign_in_code'> => ({
    create_sign_in_link: (_input, call) => links.createFor(call.principal),
    redeem_sign_in_code: ({ code, refreshable }) => links.redeem(code, refreshable),
  }),
);

const proofs = handlersOf(
  [CredentialCheck, Passes, RequestStates, SigningKeys, LogKey],
  (
    check,
    passes,
    states,
    keys,
    logKey,
  ): Part<'verify_credential' | 'issue_pass' | 'seal_state' | 'open_state' | 'get_signing_keys'> => ({
    verify_credential: async ({ credential }) => onTheWire(await check.verify(credential)),
    issue_pass: (input) => passes.issue(input),
    seal_state: (input) => states.seal(input),
    open_state: (input) => states.open(input),
    get_signing_keys: async () => ({ ...keys.publish(), auditLog: await logKey.publish() }),
  }),
);

const audit = handlersOf(
  [AuditLog, AuditSearch, AuditCheck, AuditNames],
  (
    log,
    search,
    check,
    names,
  ): Part<
    'audit_log_stream' | 'follow_audit_log' | 'audit_query' | 'audit_proof' | 'audit_heads' | 'audit_verify'
  > => ({
    audit_log_stream: async function* (input, call) {
      return yield* log.stream(await names.known(input, call), call);
    },
    follow_audit_log: async function* (input, call) {
      return yield* log.follow(await names.known(input, call), call);
    },
    audit_query: async (input, call) => search.query(await names.known(input, call)),
    audit_proof: (input, call) => search.prove(input, call),
    audit_heads: (input) => search.heads(input),
    audit_verify: (input, call) => check.verify(input, call),
  }),
);

const anomalies = handlersOf(
  [Anomalies, AnomalyReport, LookBack, Principals],
  (
    stored,
    report,
    lookBack,
    principals,
  ): Part<'anomaly_report' | 'resolve_anomaly' | 'scan_for_anomalies' | 'list_restrictions'> => ({
    anomaly_report: async (input, call) => {
      checkSpan(input, 'report anomalies');
      await principals.check(input.walletId, call);
      return report.report(input);
    },
    resolve_anomaly: (input, call) => stored.resolve(input, call),
    scan_for_anomalies: async function* (input, call) {
      checkSpan(input, 'look for anomalies');
      await principals.check(input.walletId, call);
      return yield* lookBack.scan(input, call);
    },
    list_restrictions: () => stored.restrictions(),
  }),
);

const secrets = handlersOf(
  [Encryption, KeyRotation],
  (encryption, rotation): Part<'encrypt_data' | 'decrypt_data' | 'seal_secret' | 'open_secret' | 'rotate_keys'> => ({
    encrypt_data: (input, call) => encryption.encrypt(input, call),
    decrypt_data: (input, call) => encryption.decrypt(input, call),
    seal_secret: (input) => encryption.seal(input),
    open_secret: (input) => encryption.open(input),
    rotate_keys: (input) => rotation.rotate(input),
  }),
);

const policies = handlersOf(
  [PolicyInForce, PolicySetting, PolicyList, RoleSetting],
  (inForce, setting, list, roles): Part<'set_policy' | 'list_policies' | 'set_role' | 'get_policy'> => ({
    set_policy: (input, call) => setting.set(input, call),
    list_policies: (input) => list.list(input),
    set_role: (input, call) => roles.set(input, call),
    get_policy: () => inForce.get(),
  }),
);

const decisions = handlersOf(
  [AccessExplanation, AccessEvaluation, Policies],
  (explanation, evaluation, inForce): Part<'explain_access' | 'evaluate_access' | 'validate_request'> => ({
    evaluate_access: (input, call) => evaluation.evaluate(input, call),
    explain_access: (input, call) => explanation.explain(input, call),
    validate_request: (input) => validateRequest(input, inForce.current),
  }),
);

export const sentinelTools = together(tokens, signIn, proofs, audit, anomalies, secrets, policies, decisions);
