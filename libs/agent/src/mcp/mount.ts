// Puts MCP endpoints on the process's HTTP front, as a Nest module.

import type { Bus } from '@labmesh/bus';
import { type AgentContract, publicTools } from '@labmesh/contracts';
import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CallRecorder } from '../audit/call-recorder.js';
import { LAB_CONFIG, type LabConfig } from '../config.js';
import { HttpFront, sendJson } from '../http/http-front.js';
import { Authenticator } from '../identity/authenticator.js';
import { BUS } from '../injection-tokens.js';
import { CallLimits } from '../limits/call-limits.js';
import { FailedAttempts } from '../limits/failed-attempts.js';
import { Refusals } from '../limits/refusals.js';
import { SharedLimits } from '../limits/shared-limits.js';
import { LOGGER, type Logger } from '../log.js';
import { METRICS, type Metrics } from '../metrics.js';
import { PresenceListener } from '../presence/presence-listener.js';
import { Reach } from '../presence/reach.js';
import { TRACER } from '../tracing/process-tracer.js';
import type { Tracer } from '../tracing/tracer.js';
import { Catalogue, type Naming } from './catalogue.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { Offers } from './offers.js';
import { metadataPath, resourceMetadata } from './resource-metadata.js';
import { ToolCaller } from './tool-caller.js';

export interface EndpointOptions {
  readonly path: string;
  readonly agents: readonly AgentContract[];
  readonly naming: Naming;
  /** Adds search_tools and describe_tool, for an endpoint with the tools of many agents. */
  readonly search?: boolean;
}

const ENDPOINTS = Symbol('ENDPOINTS');

const INSTRUCTIONS =
  'Tools of a science lab. Each acts for the wallet whose token you use: what is listed is what it may do. Start with librarian_query_knowledge_base (or query_knowledge_base) for questions about the lab itself.';

/** Mounts the endpoints while the process runs; each with its RFC 9728 metadata beside it. */
export function mountEndpoint(...endpoints: EndpointOptions[]): DynamicModule {
  return { module: EndpointModule, providers: [{ provide: ENDPOINTS, useValue: endpoints }] };
}

@Module({ controllers: [PresenceListener, SharedLimits] })
class EndpointModule implements OnModuleInit, OnModuleDestroy {
  readonly #mounted: McpEndpoint[] = [];

  constructor(
    @Inject(ENDPOINTS) private readonly endpoints: readonly EndpointOptions[],
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CallRecorder) private readonly recorder: CallRecorder,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(TRACER) private readonly tracer: Tracer,
    @Inject(CallLimits) private readonly limits: CallLimits,
    @Inject(FailedAttempts) private readonly failedAttempts: FailedAttempts,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  onModuleInit(): void {
    for (const options of this.endpoints) this.#mount(options);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#mounted.map((endpoint) => endpoint.close()));
  }

  #mount({ path, agents, naming, search }: EndpointOptions): void {
    const { config, bus, authenticator, recorder, log, metrics, reach, tracer, limits, failedAttempts, refusals } =
      this;
    reach.watch(agents);
    limits.know(publicTools(agents));
    const catalogue = new Catalogue(agents, naming, { search, isUp: (agent) => reach.isUp(agent) });
    const [only] = agents;
    const identity =
      agents.length === 1 && only !== undefined
        ? { name: `labmesh-${only.name}`, title: only.title, version: config.version, instructions: only.description }
        : { name: 'labmesh', title: 'LabMesh', version: config.version, instructions: INSTRUCTIONS };
    const endpoint = new McpEndpoint({
      identity,
      catalogue,
      offers: new Offers(catalogue, naming),
      caller: new ToolCaller(catalogue, { bus, authenticator, recorder, reach, metrics, limits, refusals }),
      reach,
      authenticator,
      log,
      metrics,
      tracer,
      limits,
      failedAttempts,
      refusals,
      metadataUrl: `${config.publicUrl}${metadataPath(path)}`,
    });
    this.#mounted.push(endpoint);
    this.front.onClose(() => endpoint.close());
    this.front.route(path, (req, res) => endpoint.handle(req, res));
    this.front.route(metadataPath(path), (_req, res) => sendJson(res, 200, resourceMetadata(config, path)));
  }
}
