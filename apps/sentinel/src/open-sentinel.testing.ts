// The Sentinel's domain on a real, throw-away embedded database, for its tests. The clock is turned by hand, and the
// Chancellor is a map of wallets; everything else is what runs in the lab.

import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClients } from '@labmesh/agent';
import { REVOKED_SUBJECT } from '@labmesh/bus';
import {
  AGENTS,
  AppError,
  type Call,
  type Needs,
  type Principal,
  ROLE_PERMISSIONS,
  type Role,
} from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { ChangedRoles, Policies, Restrictions, RevokedCredentials } from '@labmesh/identity';
import { createLogger, type LabConfig } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { AuditRepository } from './audit/audit.repository.js';
import { AuditCheck } from './audit/audit-check.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditSearch } from './audit/audit-search.js';
import { AuditTree } from './audit/audit-tree.js';
import { AuditTreeRepository } from './audit/audit-tree.repository.js';
import { LogKey } from './audit/log-key.js';
import { LogTail } from './audit/log-tail.js';
import { TreeSigning } from './audit/tree-signing.js';
import { WitnessFile } from './audit/witness-file.js';
import { AccessExplanation } from './decisions/access-explanation.js';
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
import { SignIn } from './sign-in/sign-in.js';
import { SignInRepository } from './sign-in/sign-in.repository.js';
import { CredentialCheck } from './tokens/credential-check.js';
import { CredentialIssuer } from './tokens/credential-issuer.js';
import { CredentialsRepository } from './tokens/credentials.repository.js';
import { FoundTokens } from './tokens/found-tokens.js';
import { LastUses } from './tokens/last-uses.js';
import { Passes } from './tokens/passes.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { Revocations } from './tokens/revocations.js';
import { RevocationsRepository } from './tokens/revocations.repository.js';
import { TokenList } from './tokens/token-list.js';
import { WithdrawnTokens } from './tokens/withdrawn-tokens.js';

export const PUBLIC_URL = 'http://127.0.0.1:3000';
export const newWalletId = (): string => `wal_${uuidv7()}`;

/** As the lab's agents declare it, and more: chains that none of them makes, and one that goes round. */
const NEEDED = new Map<string, Needs>([
  ...AGENTS.map(({ name, needs }): [string, Needs] => [name, needs]),
  ['curator', { librarian: ['get_document'], curator: ['fetch_dataset'] }],
  ['librarian', { mechanic: ['get_system_health'] }],
]);

export interface World {
  readonly database: Database;
  readonly home: string;
  /** Unix milliseconds; set it to go elsewhere in time. */
  nowMs: number;
  /** Wallets that the Chancellor knows. */
  readonly wallets: Map<string, Role>;
  close(): Promise<void>;
}

/** A database that nobody has used, made once in a process: to copy it costs a third of making one. */
let unused: Promise<string> | undefined;

async function makeUnused(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sentinel-unused-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'pg');
  await (await openDatabase({ folder })).close();
  return folder;
}

/** With a url on that server, else embedded in a folder of its own. */
export async function openWorld(url?: string): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'sentinel-'));
  if (url === undefined) {
    unused ??= makeUnused();
    await cp(await unused, join(home, 'pg'), { recursive: true });
  }
  const database = await openDatabase({ folder: join(home, 'pg'), ...(url === undefined ? {} : { url }) });
  const close = async (): Promise<void> => {
    await database.close();
    await rm(home, { recursive: true, force: true });
  };
  return { database, home, nowMs: Date.UTC(2027, 0, 15, 12), wallets: new Map(), close };
}

/** The relay of events does not run here. */
const idle = { poke: () => undefined };

interface ReplicaOptions {
  readonly home?: string;
  readonly masterKey?: Buffer;
  readonly masterKeyNext?: Buffer;
  /** Whether the audit log is signed by itself soon after a record, as in the lab, or only when the test says so. */
  readonly signsByItself?: boolean;
}

/** One replica in this world: several of them share the database, the folder unless told otherwise, and the clock. */
export function replica(world: World, options: ReplicaOptions = {}) {
  const clock = (): number => world.nowMs;
  const { database } = world;
  const lab = { home: options.home ?? world.home, publicUrl: PUBLIC_URL } as LabConfig;
  const silent = createLogger('sentinel', 'silent');
  const { masterKey, masterKeyNext } = options;
  const master = new MasterKeys(
    { ...(masterKey ? { masterKey } : {}), ...(masterKeyNext ? { masterKeyNext } : {}) },
    lab,
  );
  const keys = new SigningKeys(new SigningKeysRepository(database), master, silent, clock);
  const credentials = new CredentialsRepository(database);
  const bus = busOf(world, () => passes);
  const policies = new Policies(bus);
  const lastUses = new LastUses(credentials, silent);
  const revoked = new RevokedCredentials();
  const withdrawals = new RevocationsRepository(database, idle);
  const withdrawn = new WithdrawnTokens(withdrawals, revoked, silent, clock);
  const check = new CredentialCheck(keys, credentials, withdrawn, lastUses, policies, lab, clock);
  const passes = new Passes(keys, check, lab, NEEDED, clock);
  const roleRows = new PrincipalsRepository(database, idle);
  const principals = new Principals(roleRows, new AgentClients(bus, 'sentinel'));
  const issuer = new CredentialIssuer(keys, credentials, principals, policies, lab, clock);
  const operatorRows = new OperatorRepository(database, idle);
  const operator = new OperatorAccount(operatorRows, issuer, check, lab, clock);
  const restrictions = new Restrictions(clock);
  const signIn = new SignIn(new SignInRepository(database), issuer, restrictions, clock);
  const records = new AuditRepository(database);
  const heads = new AuditTreeRepository(database);
  const logKey = new LogKey(heads, master, clock);
  const tree = new AuditTree(heads, logKey, clock);
  const witness = new WitnessFile({}, lab);
  const signing = new TreeSigning(tree, records, witness, createLogger('sentinel', 'silent'), clock);
  const tail = new LogTail(records);
  const audit = new AuditLog(records, options.signsByItself === true ? signing : { soon: () => undefined }, tail, {
    auditRecord: () => undefined,
  });
  const search = new AuditSearch(records, heads, tree, signing, logKey);
  const auditCheck = new AuditCheck(records, heads, tree, witness, logKey);
  const dataKeys = new DataKeys(new DataKeysRepository(database), master, clock);
  const encryption = new Encryption(dataKeys);
  const explanation = new AccessExplanation(principals, policies);
  const states = new RequestStates(master, check, clock);
  const told: string[][] = [];
  const heard: Array<{ subject: string; body: unknown }> = [];
  const broadcast = new RepeatedBroadcast({
    broadcast: (subject, body) => {
      heard.push({ subject, body });
      if (subject === REVOKED_SUBJECT) told.push([...(body as { tokenIds: string[] }).tokenIds]);
    },
  });
  const rotation = new KeyRotation(master, keys, dataKeys, new SealedRepository(database), broadcast, clock);
  const revocations = new Revocations(withdrawals, credentials, broadcast, withdrawn, clock);
  const changedRoles = new ChangedRoles();
  const policyRows = new PoliciesRepository(database, idle);
  const inForce = new PolicyInForce(policyRows, policies, broadcast, silent);
  const dryRun = new DryRun(new TrafficRepository(database), clock);
  const refresh = new RefreshTokens(credentials, issuer, revocations, restrictions, clock);
  const tokens = new TokenList(credentials, principals, clock);
  const found = new FoundTokens(credentials, clock);
  return {
    restrictions,
    told,
    heard,
    revoked,
    withdrawn,
    broadcast,
    policies,
    policyRows,
    inForce,
    dryRun,
    changedRoles,
    policySetting: new PolicySetting(policyRows, inForce, operatorRows, dryRun, clock),
    policyList: new PolicyList(policyRows),
    roleSetting: new RoleSetting(principals, roleRows, policies, changedRoles, broadcast, clock),
    revocations,
    refresh,
    tokens,
    found,
    keys,
    credentials,
    lastUses,
    check,
    passes,
    principals,
    issuer,
    operator,
    signIn,
    audit,
    heads,
    logKey,
    tree,
    witness,
    signing,
    search,
    auditCheck,
    dataKeys,
    encryption,
    rotation,
    master,
    explanation,
    states,
  };
}

/** Calls to Sentinel's own issue_pass are real; the Chancellor answers from the map. */
function busOf(world: World, passes: () => Passes): ConstructorParameters<typeof AgentClients>[0] {
  return {
    async request(subject, body) {
      if (subject === 'labmesh.sentinel.issue_pass') return passes().issue(body as Parameters<Passes['issue']>[0]);
      const { walletId } = body as { walletId: string };
      const role = world.wallets.get(walletId);
      if (!role) throw new AppError('not_found', `There is no wallet ${walletId}`);
      const limits = { perTransaction: null, perDay: null };
      const unsaid = { label: null, template: null, owner: null, statusReason: null };
      return { walletId, role, ...unsaid, status: 'open', limits, createdAt: '2027-01-01T00:00:00.000Z' };
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
