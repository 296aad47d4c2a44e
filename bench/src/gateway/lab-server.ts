// Parts of a lab in one measured process: PARTS names them (gateway, sentinel, noop). All three are the lab mode; the no-op
// agent alone has an MCP endpoint of its own, as any agent alone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '@labmesh/agent';
import { AGENTS } from '@labmesh/contracts';
import { mountEndpoint, plain } from '@labmesh/endpoint';
import { GatewayModule } from '@labmesh/gateway';
import { readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { serveUsage } from '../measured-child.js';
import { NoopModule, noop } from './noop-agent.js';

const parts = (process.env.PARTS ?? '').split(',');
const MODULES: Readonly<Record<string, Array<Type | DynamicModule>>> = {
  gateway: [GatewayModule.for([...AGENTS, noop])],
  sentinel: [SentinelModule],
  noop:
    parts.length === 1 ? [NoopModule, mountEndpoint({ path: '/mcp', agents: [noop], naming: plain })] : [NoopModule],
};

@Module({ imports: parts.flatMap((part) => MODULES[part] ?? []) })
class BenchModule {}

// The limits are on, as in any lab, and wider than what one machine can ask.
const env = { LABMESH_RATE_PER_SECOND: '1000000', LABMESH_CONCURRENCY: '10000', ...process.env };
const config = readLabConfig({ port: 0, home: '.labmesh-bench', logLevel: 'error' }, env);
const lab = await startProcess({
  name: parts.join('-'),
  module: BenchModule,
  config,
  database: parts.includes('sentinel'),
});
const token = parts.includes('sentinel') ? readFileSync(join(config.home, 'operator.token'), 'utf8').trim() : undefined;
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
serveUsage({ port: lab.port, token });
