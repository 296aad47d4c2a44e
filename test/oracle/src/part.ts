// One process of the oracle's lab. PARTS names what runs in it: sentinel, chancellor, fixture, gateway; all of them are the lab mode.

import { startProcess } from '@labmesh/agent';
import { ChancellorModule } from '@labmesh/chancellor';
import { AGENTS } from '@labmesh/contracts';
import { mountEndpoint, plain } from '@labmesh/endpoint';
import { GatewayModule } from '@labmesh/gateway';
import { readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { FixtureModule, fixture } from './fixture.js';
import { OWN_PATH, READY } from './labs.js';

@Module({ imports: [FixtureModule, mountEndpoint({ path: OWN_PATH, agents: [fixture], naming: plain })] })
class OwnEndpointModule {}

const MODULES: Readonly<Record<string, Type | DynamicModule>> = {
  sentinel: SentinelModule,
  chancellor: ChancellorModule,
  fixture: OwnEndpointModule,
  gateway: GatewayModule.for([...AGENTS, fixture]),
};

const parts = (process.env.PARTS ?? '').split(',');

@Module({ imports: parts.map((part) => MODULES[part]).filter((module) => module !== undefined) })
class PartModule {}

const lab = await startProcess({
  name: parts.join('-'),
  module: PartModule,
  // The fixture fails on purpose, and each failure would be logged.
  config: readLabConfig({ port: 0, home: '.labmesh-oracle', logLevel: 'fatal' }),
  database: parts.includes('sentinel'),
  blobs: parts.includes('sentinel'),
});
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
process.stdout.write(`${READY} ${lab.port}\n`);
