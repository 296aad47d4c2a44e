// The Sentinel's wiring, and nothing else.
import { agentModule } from '@labmesh/agent';
import { sentinel } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditLog } from './audit/audit-log.js';
import { CLOCK, type Clock } from './clock.js';
import { readSentinelConfig, SENTINEL_CONFIG } from './config.js';
import { SigningKeys } from './keys/signing-keys.js';
import { SigningKeysRepository } from './keys/signing-keys.repository.js';
import { OperatorRepository } from './operator/operator.repository.js';
import { OperatorAccount } from './operator/operator-account.js';
import { Principals } from './principals/principals.js';
import { PrincipalsRepository } from './principals/principals.repository.js';
import { sentinelEvents, sentinelListens } from './sentinel.events.js';
import { sentinelPrompts } from './sentinel.prompts.js';
import { sentinelTools } from './sentinel.tools.js';
import { SignIn } from './sign-in/sign-in.js';
import { SignInRepository } from './sign-in/sign-in.repository.js';
import { CredentialCheck } from './tokens/credential-check.js';
import { CredentialIssuer } from './tokens/credential-issuer.js';
import { CredentialsRepository } from './tokens/credentials.repository.js';
import { Passes } from './tokens/passes.js';

const clock: Clock = () => Date.now();

@Module(
  agentModule(sentinel, {
    providers: [
      { provide: SENTINEL_CONFIG, useFactory: () => readSentinelConfig() },
      { provide: CLOCK, useValue: clock },
      SigningKeys,
      SigningKeysRepository,
      CredentialIssuer,
      CredentialCheck,
      CredentialsRepository,
      Passes,
      Principals,
      PrincipalsRepository,
      OperatorAccount,
      OperatorRepository,
      SignIn,
      SignInRepository,
      AuditLog,
      AuditRepository,
    ],
    tools: {
      inject: [CredentialIssuer, CredentialCheck, Passes, SigningKeys, SignIn, AuditLog],
      useFactory: sentinelTools,
    },
    prompts: { inject: [], useFactory: sentinelPrompts },
    events: { listens: sentinelListens, inject: [AuditLog, Principals], useFactory: sentinelEvents },
    outbox: true,
    exports: [SignIn, OperatorAccount],
  }),
)
export class SentinelModule {}
