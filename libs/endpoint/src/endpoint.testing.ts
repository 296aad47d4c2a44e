// An endpoint on a port of its own, for tests of what it says. Sentinel and the agents are whatever answers on `bus`.
import { createServer } from 'node:http';
import { type Bus, createTransport, readCallHeaders, toAnswer } from '@labmesh/bus';
import {
  type AgentContract,
  AppError,
  type Principal,
  type Receipt,
  ROLE_PERMISSIONS,
  toAppError,
} from '@labmesh/contracts';
import { ChangedRoles, Policies, Restrictions, RevokedCredentials } from '@labmesh/identity';
import {
  type CallRecorder,
  createLogger,
  createMetrics,
  DEFAULT_LIMITS,
  FailedAttempts,
  Tracer,
} from '@labmesh/runtime';
import { Authenticator } from './callers/authenticator.js';
import { ToolCalls } from './calls/tool-calls.js';
import { Catalogue } from './catalogue/catalogue.js';
import { plain } from './catalogue/listing.js';
import { ResourcesAndPrompts } from './catalogue/resources-and-prompts.js';
import { ToldLists } from './catalogue/told-lists.js';
import { ChangeFeed } from './change-feed.js';
import { CallLimits } from './limits/call-limits.js';
import { Refusals } from './limits/refusals.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { Presence } from './presence/presence.js';
import { Reach } from './presence/reach.js';
import { eventLogOf } from './sessions/session-events.js';
import { SessionPeers } from './sessions/session-peers.js';
import { recordsOf } from './sessions/session-store.js';
import type { TextWatch } from './text-watch/text-watch.js';

type Request = Bus['request'];

export interface ServedEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly changes: ChangeFeed;
  readonly revoked: RevokedCredentials;
  readonly policies: Policies;
  readonly roles: ChangedRoles;
  readonly restrictions: Restrictions;
}

/** What replicas of an endpoint have in common. */
export interface Shared extends Pick<Bus, 'keyValue' | 'eventLog'> {
  readonly replicas: Map<string, SessionPeers>;
}

/** For endpoints of one test that are replicas of each other. */
export async function sharedByReplicas(): Promise<Shared> {
  const { bus } = await createTransport({ name: 'test' });
  return {
    keyValue: (options) => bus.keyValue(options),
    eventLog: (options) => bus.eventLog(options),
    replicas: new Map(),
  };
}

/** Brings what a replica says to the others, as the bus would. */
function peersOf({ replicas }: Shared): SessionPeers {
  const copy = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
  const bus: ConstructorParameters<typeof SessionPeers>[0] = {
    broadcast: (_subject, message) => {
      for (const other of replicas.values()) other.hear(copy(message));
    },
    request: async (subject, question, { headers }) => {
      const other = replicas.get(subject.split('.').at(-1) ?? '');
      if (other !== undefined) return other.answer(copy(question));
      // The bus's own words, where nobody listens.
      return (await createTransport({ name: 'test' })).bus.request(subject, question, { headers, timeoutMs: 100 });
    },
  };
  const peers = new SessionPeers(bus, 'gateway');
  replicas.set(peers.replica, peers);
  return peers;
}

/** What an endpoint needs for sessions, as one more replica. */
export const sessionServices = (shared: Shared) => ({
  changes: new ChangeFeed(),
  peers: peersOf(shared),
  records: shared.keyValue(recordsOf('gateway')),
  sessionEvents: shared.eventLog(eventLogOf('gateway')),
});

export interface Serving {
  /** Of several replicas: what they have in common. */
  readonly shared?: Shared;
  /** False leaves every request to the SDK. */
  readonly hotPath?: boolean;
  /** Gets each call's arguments, as the models do; nobody when left out. */
  readonly see?: TextWatch['see'];
}

/** Names without a prefix, no limits, no log. */
export async function serveEndpoint(
  agents: readonly AgentContract[],
  request: Request,
  { shared, hotPath = true, see = () => {} }: Serving = {},
): Promise<ServedEndpoint> {
  const bus = { kind: 'in-process' as const, request: receipted(request) };
  const common = shared ?? (await sharedByReplicas());
  const sessions = sessionServices(common);
  const { changes, peers } = sessions;
  const recorder = { record: () => {} } as unknown as CallRecorder;
  const policies = new Policies(bus);
  const catalogue = new Catalogue(agents, plain, { policies });
  const revoked = new RevokedCredentials();
  const roles = new ChangedRoles();
  const log = createLogger('test', 'silent');
  const metrics = createMetrics();
  const limits = new CallLimits({ ...DEFAULT_LIMITS, perSecond: 0, concurrent: 0 });
  const refusals = new Refusals({ recorder, metrics, log });
  const reach = new Reach(new Presence(bus, log), metrics);
  const restrictions = new Restrictions();
  restrictions.onChange(() => limits.throttle(restrictions.throttled()));
  const restrictionList = { had: () => undefined };
  const authenticator = new Authenticator({
    bus,
    reach,
    keys: { distrustedAtMs: 0 },
    revoked,
    roles,
    policies,
    restrictions,
    restrictionList,
  });
  const texts = { see };
  const calling = { bus, authenticator, recorder, reach, metrics, limits, refusals, restrictions, texts };
  const endpoint = new McpEndpoint({
    identity: { name: 'test', title: 'Test', version: '1', instructions: '' },
    catalogue,
    resourcesAndPrompts: new ResourcesAndPrompts(catalogue, plain),
    calls: new ToolCalls(catalogue, calling),
    told: new ToldLists(),
    authenticator,
    audiences: ['gateway'],
    log,
    metrics,
    reach,
    limits,
    failedAttempts: new FailedAttempts(0),
    refusals,
    revoked,
    roles,
    policies,
    restrictions,
    ...sessions,
    tracer: new Tracer(),
    hotPath,
  });
  const server = createServer((req, res) => void endpoint.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    port: address.port,
    changes,
    revoked,
    policies,
    roles,
    restrictions,
    [Symbol.asyncDispose]: async () => {
      common.replicas.delete(peers.replica);
      await endpoint.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Any record's, where only the way of a receipt is looked at. */
export const RECEIPT: Receipt = { leafHash: 'ab'.repeat(32), log: 'labmesh/test' };

/** Answers, and failures, as an agent's controller gives them to whoever wants a receipt. */
export const receipted =
  (request: Request): Request =>
  async (subject, body, options) => {
    const headers = readCallHeaders(options?.headers ?? {});
    if (!headers.wantsReceipt) return request(subject, body, options);
    try {
      return toAnswer(headers, { output: await request(subject, body, options), receipt: RECEIPT });
    } catch (error) {
      const { code, message, details } = toAppError(error);
      throw new AppError(code, message, { details, receipt: RECEIPT });
    }
  };

/** Sentinel as far as an endpoint sees it: every credential is a citizen's wallet of its own, and what is sealed opens as it was sealed. */
export function fakeSentinel(): Request {
  const sealed = new Map<string, string>();
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const wallets = new Map<string, string>();
  const walletOf = (credential: string): string => {
    const next = `wal_01920000-0000-7000-8000-${String(wallets.size).padStart(12, '0')}`;
    const wallet = wallets.get(credential) ?? next;
    wallets.set(credential, wallet);
    return wallet;
  };
  return async (subject, body) => {
    const { credential, state = '', purpose = '', sealed: text = '' } = body as Record<string, string>;
    const permissions = [...ROLE_PERMISSIONS.citizen];
    const walletId = walletOf(credential ?? '');
    const principal: Principal = { walletId, role: 'citizen', permissions, credentialId: 'cred_1' };
    if (subject === 'labmesh.sentinel.verify_credential') return { principal, expiresAt };
    if (subject === 'labmesh.sentinel.issue_pass') return { pass: 'a.b.c', expiresAt };
    if (subject === 'labmesh.sentinel.seal_state') {
      const name = `sealed-${sealed.size}`;
      sealed.set(JSON.stringify([name, walletId, purpose]), state);
      return { sealed: name };
    }
    const opened = sealed.get(JSON.stringify([text, walletId, purpose]));
    if (opened === undefined) throw new AppError('invalid_input', 'Cannot go on from this request state');
    return { state: opened };
  };
}
