// The gateway: every agent behind /mcp, each alone behind /agents/<name>/mcp. Knows contracts, never an agent's code.

import { mountEndpoint, plain, prefixed } from '@labmesh/agent';
import { AGENTS, type AgentContract } from '@labmesh/contracts';
import { type DynamicModule, Module } from '@nestjs/common';
import { GatewayRoutes } from './gateway.routes.js';

export const agentPath = (name: string): string => `/agents/${name}/mcp`;

@Module({})
export class GatewayModule {
  /** @param agents who is behind the gateway; the lab's six unless told otherwise */
  static for(agents: readonly AgentContract[] = AGENTS): DynamicModule {
    const endpoints = agents.map((agent) => ({ path: agentPath(agent.name), agents: [agent], naming: plain }));
    return {
      module: GatewayModule,
      imports: [mountEndpoint({ path: '/mcp', agents, naming: prefixed, search: true }, ...endpoints)],
      providers: [GatewayRoutes],
    };
  }
}
