// The Sentinel's wiring, and nothing else.

import { agentModule } from '@labmesh/agent';
import { AGENTS, sentinel } from '@labmesh/contracts';
import { Module, type Provider } from '@nestjs/common';
import { ANOMALY_PROVIDERS } from './anomalies/anomaly-providers.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditCheck } from './audit/audit-check.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditNames } from './audit/audit-names.js';
import { AuditSearch } from './audit/audit-search.js';
import { AuditTree } from './audit/audit-tree.js';
import { AuditTreeRepository } from './audit/audit-tree.repository.js';
import { LogKey } from './audit/log-key.js';
import { LogTail } from './audit/log-tail.js';
import { TreeSigning } from './audit/tree-signing.js';
import { WitnessFile } from './audit/witness-file.js';
import { CLOCK, type Clock } from './clock.js';
import { readSentinelConfig, SENTINEL_CONFIG } from './config.js';
import { AccessExplanation } from './decisions/access-explanation.js';
import { AccessEvaluation } from './decisions/authzen.js';
import { Encryption } from './encryption/encryption.js';
import { DataKeys } from './keys/data-keys.js';
import { DataKeysRepository } from './keys/data-keys.repository.js';
import { KeyRotation } from './keys/key-rotation.js';
import { MasterKeys } from './keys/master-keys.js';
import { SealedRepository } from './keys/sealed.repository.js';
import { SigningKeys } from './keys/signing-keys.js';
import { SigningKeysRepository } from './keys/signing-keys.repository.js';
import { OperatorRepository } from './operator/operator.repository.js';
import { OperatorAccount } from './operator/operator-account.js';
import { DryRun } from './policies/dry-run.js';
import { PoliciesRepository } from './policies/policies.repository.js';
import { PolicyInForce } from './policies/policy-in-force.js';
import { PolicyList } from './policies/policy-list.js';
import { PolicySetting } from './policies/policy-setting.js';
import { RoleSetting } from './policies/role-setting.js';
import { TrafficRepository } from './policies/traffic.repository.js';
import { Principals } from './principals/principals.js';
import { PrincipalsRepository } from './principals/principals.repository.js';
import { RepeatedBroadcast } from './repeated-broadcast.js';
import { RequestStates } from './request-state/request-states.js';
import { sentinelEvents, sentinelListens } from './sentinel.events.js';
import { sentinelPrompts } from './sentinel.prompts.js';
import { sentinelTools } from './sentinel.tools.js';
import { SignIn } from './sign-in/sign-in.js';
import { SignInRepository } from './sign-in/sign-in.repository.js';
import { CredentialCheck } from './tokens/credential-check.js';
import { CredentialIssuer } from './tokens/credential-issuer.js';
import { CredentialsRepository } from './tokens/credentials.repository.js';
import { FoundTokens } from './tokens/found-tokens.js';
import { LastUses } from './tokens/last-uses.js';
import { NEEDS, Passes } from './tokens/passes.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { Revocations } from './tokens/revocations.js';
import { RevocationsRepository } from './tokens/revocations.repository.js';
import { TokenList } from './tokens/token-list.js';
import { WithdrawnTokens } from './tokens/withdrawn-tokens.js';

const clock: Clock = () => Date.now();
const needs = new Map(AGENTS.map(({ name, needs }) => [name, needs]));

const TOKENS: Provider[] = [
  { provide: NEEDS, useValue: needs },
  CredentialCheck,
  CredentialIssuer,
  CredentialsRepository,
  FoundTokens,
  LastUses,
  Passes,
  RefreshTokens,
  RequestStates,
  Revocations,
  RevocationsRepository,
  SignIn,
  SignInRepository,
  TokenList,
  WithdrawnTokens,
];
const KEYS: Provider[] = [
  DataKeys,
  DataKeysRepository,
  Encryption,
  KeyRotation,
  MasterKeys,
  SealedRepository,
  SigningKeys,
  SigningKeysRepository,
];
const PRINCIPALS: Provider[] = [OperatorAccount, OperatorRepository, Principals, PrincipalsRepository];
const DECISIONS: Provider[] = [
  AccessEvaluation,
  AccessExplanation,
  DryRun,
  PoliciesRepository,
  PolicyInForce,
  PolicyList,
  PolicySetting,
  RoleSetting,
  TrafficRepository,
];
const AUDIT: Provider[] = [
  AuditCheck,
  AuditLog,
  AuditNames,
  AuditRepository,
  AuditSearch,
  AuditTree,
  AuditTreeRepository,
  LogKey,
  LogTail,
  TreeSigning,
  WitnessFile,
];

@Module(
  agentModule(sentinel, {
    providers: [
      { provide: SENTINEL_CONFIG, useFactory: () => readSentinelConfig() },
      { provide: CLOCK, useValue: clock },
      RepeatedBroadcast,
      ...TOKENS,
      ...KEYS,
      ...PRINCIPALS,
      ...DECISIONS,
      ...AUDIT,
      ...ANOMALY_PROVIDERS,
    ],
    tools: sentinelTools,
    prompts: { inject: [], useFactory: sentinelPrompts },
    events: { listens: sentinelListens, ...sentinelEvents },
    outbox: true,
    exports: [SignIn, OperatorAccount],
  }),
)
export class SentinelModule {}
