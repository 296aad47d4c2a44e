// The gateway: every agent behind /mcp, each alone behind /agents/<name>/mcp. Knows contracts, never an agent's code.

import { AGENTS, type AgentContract, endpointPath } from '@labmesh/contracts';
import { mountEndpoint, type Naming, plain, prefixed } from '@labmesh/endpoint';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccessRoutes } from './access/access.routes.js';
import { AuditEventsRoutes } from './audit-events/audit-events.routes.js';
import { BEHIND_GATEWAY } from './behind-gateway.js';
import { BlobsRoutes } from './blobs/blobs.routes.js';
import { GATEWAY_CONFIG, readGatewayConfig } from './config.js';
import { GatewayRoutes } from './gateway.routes.js';
import { JobLogsRoutes } from './job-logs/job-logs.routes.js';
import { PageSessionRoutes } from './page-session/page-session.routes.js';
import { UploadsRoutes } from './uploads/uploads.routes.js';

export const agentPath = endpointPath;

@Module({})
export class GatewayModule {
  /**
   * @param agents who is behind the gateway; the lab's six unless told otherwise
   * @param naming of tools and prompts at `/mcp`; one without a prefix suits agents that share no name
   */
  static for(agents: readonly AgentContract[] = AGENTS, naming: Naming = prefixed): DynamicModule {
    const endpoints = agents.map((agent) => ({
      path: agentPath(agent.name),
      agents: [agent],
      naming: plain,
      audiences: ['gateway', agent.name] as const,
    }));
    return {
      module: GatewayModule,
      imports: [mountEndpoint({ path: '/mcp', agents, naming, search: true }, ...endpoints)],
      providers: [
        { provide: BEHIND_GATEWAY, useValue: agents },
        { provide: GATEWAY_CONFIG, useFactory: () => readGatewayConfig() },
        GatewayRoutes,
        AccessRoutes,
        AuditEventsRoutes,
        BlobsRoutes,
        JobLogsRoutes,
        PageSessionRoutes,
        UploadsRoutes,
      ],
    };
  }
}
