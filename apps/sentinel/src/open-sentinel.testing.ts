// The Sentinel's domain on a real, throw-away embedded database, for its tests. The clock is turned by hand, and the
// Chancellor is a map of wallets; everything else is what runs in the lab.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClients, type LabConfig } from '@labmesh/agent';
import { AppError, type Call, type Principal, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditLog } from './audit/audit-log.js';
import { SigningKeys } from './keys/signing-keys.js';
import { SigningKeysRepository } from './keys/signing-keys.repository.js';
import { OperatorRepository } from './operator/operator.repository.js';
import { OperatorAccount } from './operator/operator-account.js';
import { Principals } from './principals/principals.js';
import { PrincipalsRepository } from './principals/principals.repository.js';
import { SignIn } from './sign-in/sign-in.js';
import { SignInRepository } from './sign-in/sign-in.repository.js';
import { CredentialCheck } from './tokens/credential-check.js';
import { CredentialIssuer } from './tokens/credential-issuer.js';
import { CredentialsRepository } from './tokens/credentials.repository.js';
import { Passes } from './tokens/passes.js';

export const PUBLIC_URL = 'http://127.0.0.1:3000';
export const newWalletId = (): string => `wal_${uuidv7()}`;

export interface World {
  readonly database: Database;
  readonly home: string;
  /** Unix milliseconds; set it to go elsewhere in time. */
  nowMs: number;
  /** Wallets that the Chancellor knows. */
  readonly wallets: Map<string, Role>;
  close(): Promise<void>;
}

/** With a url on that server, else embedded in a folder of its own. */
export async function openWorld(url?: string): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const database = await openDatabase({ folder: join(home, 'pg'), ...(url === undefined ? {} : { url }) });
  const close = async (): Promise<void> => {
    await database.close();
    await rm(home, { recursive: true, force: true });
  };
  return { database, home, nowMs: Date.UTC(2027, 0, 15, 12), wallets: new Map(), close };
}

/** One replica in this world: several of them share the database, the folder unless told otherwise, and the clock. */
export function replica(world: World, options: { home?: string; masterKey?: Buffer } = {}) {
  const clock = (): number => world.nowMs;
  const { database } = world;
  const lab = { home: options.home ?? world.home, publicUrl: PUBLIC_URL } as LabConfig;
  const keys = new SigningKeys(
    new SigningKeysRepository(database),
    options.masterKey ? { masterKey: options.masterKey } : {},
    lab,
    clock,
  );
  const credentials = new CredentialsRepository(database);
  const check = new CredentialCheck(keys, credentials, lab, clock);
  const passes = new Passes(keys, check, lab, clock);
  const principals = new Principals(
    new PrincipalsRepository(database),
    new AgentClients(busOf(world, passes), 'sentinel'),
  );
  const issuer = new CredentialIssuer(keys, credentials, principals, lab, clock);
  const operator = new OperatorAccount(
    new OperatorRepository(database, { poke: () => undefined }),
    issuer,
    check,
    lab,
    clock,
  );
  const signIn = new SignIn(new SignInRepository(database), issuer, clock);
  const audit = new AuditLog(new AuditRepository(database));
  return { keys, credentials, check, passes, principals, issuer, operator, signIn, audit };
}

/** Calls to Sentinel's own issue_pass are real; the Chancellor answers from the map. */
function busOf(world: World, passes: Passes): ConstructorParameters<typeof AgentClients>[0] {
  return {
    async request(subject, body) {
      if (subject === 'labmesh.sentinel.issue_pass') return passes.issue(body as Parameters<Passes['issue']>[0]);
      const { walletId } = body as { walletId: string };
      const role = world.wallets.get(walletId);
      if (!role) throw new AppError('not_found', `There is no wallet ${walletId}`);
      return { walletId, role };
    },
  };
}

export const principalOf = (role: Role, extra: Partial<Principal> = {}): Principal => ({
  walletId: newWalletId(),
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'cred_test',
  ...extra,
});

/** A call by this principal, with a minute to answer. */
export const callOf = (principal: Principal, extra: Partial<Call> = {}): Call => ({
  id: uuidv7(),
  principal,
  chain: [],
  deadline: Date.now() + 60_000,
  signal: new AbortController().signal,
  pass: '',
  ...extra,
});
