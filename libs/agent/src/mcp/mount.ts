// Puts MCP endpoints on the process's HTTP front, as a Nest module.

import type { Bus } from '@labmesh/bus';
import { type AgentContract, endpointPath, publicTools, sentinel } from '@labmesh/contracts';
import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { TextWatch } from '../anomalies/text-watch.js';
import { CallRecorder } from '../audit/call-recorder.js';
import { ChangeFeed, ChangeListener } from '../changes/change-feed.js';
import { LAB_CONFIG, type LabConfig } from '../config.js';
import { HttpFront, sendJson } from '../http/http-front.js';
import { Authenticator } from '../identity/authenticator.js';
import { ChangedRoles } from '../identity/changed-roles.js';
import { Policies } from '../identity/policies.js';
import { RevokedCredentials } from '../identity/revoked-credentials.js';
import { BUS } from '../injection-tokens.js';
import { CallLimits } from '../limits/call-limits.js';
import { FailedAttempts } from '../limits/failed-attempts.js';
import { Refusals } from '../limits/refusals.js';
import { SharedLimits } from '../limits/shared-limits.js';
import { LOGGER, type Logger } from '../log.js';
import { METRICS, type Metrics } from '../metrics.js';
import { PresenceListener } from '../presence/presence-listener.js';
import { Reach } from '../presence/reach.js';
import { Restrictions } from '../restrictions/restrictions.js';
import { TRACER } from '../tracing/process-tracer.js';
import type { Tracer } from '../tracing/tracer.js';
import { Catalogue, type Naming } from './catalogue.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { Offers } from './offers.js';
import { metadataPath, resourceMetadata } from './resource-metadata.js';
import { EVENT_LOG } from './sessions/session-events.js';
import { newReplica, peersController, SessionPeers } from './sessions/session-peers.js';
import { RECORDS } from './sessions/session-store.js';
import { ToolCaller } from './tool-caller.js';

export interface EndpointOptions {
  readonly path: string;
  readonly agents: readonly AgentContract[];
  readonly naming: Naming;
  /** What it is to credentials that are bound to one place, the narrowest last: the gateway when left out. */
  readonly audiences?: readonly [string, ...string[]];
  /** Adds search_tools and describe_tool, for an endpoint with the tools of many agents. */
  readonly search?: boolean;
}

const ENDPOINTS = Symbol('ENDPOINTS');

const INSTRUCTIONS =
  'Tools of a science lab. Each acts for the wallet whose token you use: what is listed is what it may do. Start with librarian_query_knowledge_base (or query_knowledge_base) for questions about the lab itself.';

/** Mounts the endpoints while the process runs; each with its RFC 9728 metadata beside it. */
export function mountEndpoint(...endpoints: EndpointOptions[]): DynamicModule {
  const replica = newReplica();
  return {
    module: EndpointModule,
    controllers: [peersController(replica)],
    providers: [
      { provide: ENDPOINTS, useValue: endpoints },
      { provide: SessionPeers, inject: [BUS], useFactory: (bus: Bus) => new SessionPeers(bus, replica) },
      ChangeFeed,
    ],
  };
}

@Module({ controllers: [PresenceListener, SharedLimits, ChangeListener] })
class EndpointModule implements OnModuleInit, OnModuleDestroy {
  readonly #mounted: McpEndpoint[] = [];

  /** What each endpoint, and whoever calls tools for it, takes its own from. */
  constructor(
    @Inject(ENDPOINTS) private readonly endpoints: readonly EndpointOptions[],
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(BUS) readonly bus: Bus,
    @Inject(Authenticator) readonly authenticator: Authenticator,
    @Inject(CallRecorder) readonly recorder: CallRecorder,
    @Inject(LOGGER) readonly log: Logger,
    @Inject(METRICS) readonly metrics: Metrics,
    @Inject(Reach) readonly reach: Reach,
    @Inject(TRACER) readonly tracer: Tracer,
    @Inject(CallLimits) readonly limits: CallLimits,
    @Inject(FailedAttempts) readonly failedAttempts: FailedAttempts,
    @Inject(Refusals) readonly refusals: Refusals,
    @Inject(RevokedCredentials) readonly revoked: RevokedCredentials,
    @Inject(ChangedRoles) readonly roles: ChangedRoles,
    @Inject(Policies) readonly policies: Policies,
    @Inject(Restrictions) readonly restrictions: Restrictions,
    @Inject(TextWatch) readonly texts: TextWatch,
    @Inject(SessionPeers) readonly peers: SessionPeers,
    @Inject(ChangeFeed) readonly changes: ChangeFeed,
  ) {}

  onModuleInit(): void {
    // Whoever calls is made out by Sentinel, also where its tools are not offered.
    this.reach.watch([sentinel]);
    for (const options of this.endpoints) this.#mount(options);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#mounted.map((endpoint) => endpoint.close()));
  }

  #mount({ path, agents, naming, search, audiences = ['gateway'] }: EndpointOptions): void {
    const { config, bus, reach, limits, policies } = this;
    reach.watch(agents);
    limits.know(publicTools(agents));
    const catalogue = new Catalogue(agents, naming, { policies, search, isUp: (agent) => reach.isUp(agent) });
    const [only] = agents;
    const identity =
      agents.length === 1 && only !== undefined
        ? { name: `labmesh-${only.name}`, title: only.title, version: config.version, instructions: only.description }
        : { name: 'labmesh', title: 'LabMesh', version: config.version, instructions: INSTRUCTIONS };
    const endpoint = new McpEndpoint({
      ...this,
      identity,
      catalogue,
      offers: new Offers(catalogue, naming),
      caller: new ToolCaller(catalogue, this),
      audiences,
      records: bus.keyValue(RECORDS),
      sessionEvents: bus.eventLog(EVENT_LOG),
      metadataUrl: `${config.publicUrl}${metadataPath(path)}`,
    });
    this.#mounted.push(endpoint);
    this.front.onClose(() => endpoint.close());
    this.front.route(path, (req, res) => endpoint.handle(req, res));
    const metadata = resourceMetadata(config, endpointPath(audiences.at(-1) ?? 'gateway'));
    this.front.route(metadataPath(path), (_req, res) => sendJson(res, 200, metadata));
  }
}
