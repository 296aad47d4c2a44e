// Wiring only.
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { FlaresAgent } from './agent/flares.agent.js';
import { Callers } from './callers/callers.js';
import type { Config } from './config.js';
import { Curator } from './lab/curator.js';
import { Lab } from './lab/lab.js';
import { Sentinel } from './lab/sentinel.js';
import { McpController } from './mcp/mcp.controller.js';
import { McpEndpoint } from './mcp/mcp.server.js';
import { Router } from './routing/router.js';
import { readRoutes } from './routing/routes.js';
import { CONFIG, ROUTES } from './tokens.js';

const ROUTES_FILE = join(import.meta.dirname, '../../config/routes.json');

@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      controllers: [McpController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: ROUTES, useFactory: () => readRoutes(ROUTES_FILE) },
        Lab,
        Curator,
        Sentinel,
        Callers,
        FlaresAgent,
        Router,
        McpEndpoint,
      ],
    };
  }
}
