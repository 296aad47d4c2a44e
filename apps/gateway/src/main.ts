// The gateway as a process of its own, in front of a mesh.

import { runUntilSignal, startProcess } from '@labmesh/agent';
import { AppError } from '@labmesh/contracts';
import { DEFAULT_HOME, GATEWAY_PORT, readLabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { GatewayModule } from './gateway.module.js';

@Module({ imports: [GatewayModule.for()] })
class StandaloneGateway {}

await runUntilSignal(() => {
  const config = readLabConfig({ port: GATEWAY_PORT, home: DEFAULT_HOME });
  if (config.natsUrl === undefined) {
    throw new AppError(
      'invalid_input',
      'Cannot start the gateway alone without NATS_URL: set it to the mesh’s NATS server, or run the whole lab with npm start',
    );
  }
  return startProcess({ name: 'gateway', module: StandaloneGateway, config, database: false, blobs: true });
});
