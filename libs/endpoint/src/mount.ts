// Puts MCP endpoints on the process's HTTP front, as a Nest module.

import type { Bus } from '@labmesh/bus';
import { type AgentContract, publicTools, sentinel } from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CallerDoor } from './callers/caller-door.js';
import { REGISTRATION_PATH, refuseRegistration } from './callers/no-sign-in.js';
import { ToolCalls } from './calls/tool-calls.js';
import { Catalogue } from './catalogue/catalogue.js';
import type { Naming } from './catalogue/listing.js';
import { ResourcesAndPrompts } from './catalogue/resources-and-prompts.js';
import { ToldLists } from './catalogue/told-lists.js';
import { ChangeFeed, ChangeListener } from './change-feed.js';
import { ENDPOINT_HOST, type EndpointHost } from './endpoint-host.js';
import { SharedLimits } from './limits/shared-limits.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { PresenceListener } from './presence/presence-listener.js';
import { eventLogOf } from './sessions/session-events.js';
import { newReplica, peersController, SessionPeers } from './sessions/session-peers.js';
import { recordsOf } from './sessions/session-store.js';
import { rpcRefusal } from './wire/json-rpc.js';

export interface EndpointOptions {
  readonly path: string;
  readonly agents: readonly AgentContract[];
  readonly naming: Naming;
  /** What it is to credentials that are bound to one place, the narrowest last: the gateway when left out. */
  readonly audiences?: readonly [string, ...string[]];
  /** Adds search_tools and describe_tool, and lists the everyday tools only: for an endpoint with the tools of many agents. */
  readonly search?: boolean;
}

const ENDPOINTS = Symbol('ENDPOINTS');

const INSTRUCTIONS =
  'Tools of a science lab, each acting for the wallet whose token you use. The everyday ones are listed; search_tools finds the others that you may use, and you call them by name. Start with librarian_query_knowledge_base for questions about the lab itself.';

/** Mounts the endpoints while the process runs. */
export function mountEndpoint(...endpoints: EndpointOptions[]): DynamicModule {
  const replica = newReplica();
  const app = placeOf(endpoints[0]);
  return {
    module: EndpointModule,
    controllers: [peersController(app, replica)],
    providers: [
      { provide: ENDPOINTS, useValue: endpoints },
      { provide: SessionPeers, inject: [BUS], useFactory: (bus: Bus) => new SessionPeers(bus, app, replica) },
      ChangeFeed,
    ],
  };
}

/** The narrowest place that the endpoint is. The first endpoint's names the app, whose replicas share their sessions. */
const placeOf = (endpoint: EndpointOptions | undefined): string => endpoint?.audiences?.at(-1) ?? 'gateway';

@Module({ controllers: [PresenceListener, SharedLimits, ChangeListener] })
class EndpointModule implements OnModuleInit, OnModuleDestroy {
  readonly #mounted: McpEndpoint[] = [];

  constructor(
    @Inject(ENDPOINTS) private readonly endpoints: readonly EndpointOptions[],
    @Inject(ENDPOINT_HOST) private readonly host: EndpointHost,
    @Inject(SessionPeers) private readonly peers: SessionPeers,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
  ) {}

  onModuleInit(): void {
    // Whoever calls is made out by Sentinel, also where its tools are not offered.
    this.host.reach.watch([sentinel]);
    for (const options of this.endpoints) this.#mount(options);
    const audiences = this.endpoints.flatMap((endpoint) => endpoint.audiences ?? []);
    const door = new CallerDoor({ ...this.host, ...(audiences.length === 0 ? {} : { audiences }) });
    this.host.front.route(REGISTRATION_PATH, (req, res) => refuseRegistration(door, req, res));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#mounted.map((endpoint) => endpoint.close()));
  }

  #mount({ path, agents, naming, search, audiences = ['gateway'] }: EndpointOptions): void {
    const { host, peers, changes } = this;
    const { config, bus, front, reach, limits, policies } = host;
    reach.watch(agents);
    limits.know(publicTools(agents));
    const catalogue = new Catalogue(agents, naming, { policies, search, isUp: (agent) => reach.isUp(agent) });
    const [only] = agents;
    const identity =
      agents.length === 1 && only !== undefined
        ? { name: `labmesh-${only.name}`, title: only.title, version: config.version, instructions: only.description }
        : { name: 'labmesh', title: 'LabMesh', version: config.version, instructions: INSTRUCTIONS };
    const endpoint = new McpEndpoint({
      ...host,
      peers,
      changes,
      identity,
      catalogue,
      resourcesAndPrompts: new ResourcesAndPrompts(catalogue, naming),
      calls: new ToolCalls(catalogue, host),
      told: new ToldLists(),
      audiences,
      records: bus.keyValue(recordsOf(peers.app)),
      sessionEvents: bus.eventLog(eventLogOf(peers.app)),
    });
    this.#mounted.push(endpoint);
    front.onClose(() => endpoint.close());
    front.route(path, (req, res) => endpoint.handle(req, res), rpcRefusal);
  }
}
