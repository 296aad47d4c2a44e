// The parts of the fixture lab, any of them in this process: the real Sentinel, the fixture agent, the real gateway.

import { type RunningProcess, startProcess } from '@labmesh/agent';
import { plain } from '@labmesh/endpoint';
import { GatewayModule } from '@labmesh/gateway';
import { readLabConfig } from '@labmesh/runtime';
import { SentinelModule } from '@labmesh/sentinel';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { FixtureModule, fixture, passing } from './fixture.js';
import { letGuestsIn } from './guest.js';

export type Part = 'sentinel' | 'fixture' | 'gateway';
export const PARTS: readonly Part[] = ['sentinel', 'fixture', 'gateway'];

/** One guest makes every request: limits would answer for the gateway. */
const UNLIMITED = { LABMESH_RATE_PER_SECOND: '0', LABMESH_CONCURRENCY: '0', LABMESH_FAILED_AUTH_PER_MINUTE: '0' };

const moduleOf = (part: Part): Type | DynamicModule => {
  switch (part) {
    case 'sentinel':
      return SentinelModule;
    case 'fixture':
      return FixtureModule;
    case 'gateway':
      return GatewayModule.for([fixture, passing], plain);
  }
};

/** @param env settings as a process has them; those of limits do not count */
export function startParts(parts: readonly Part[], env: NodeJS.ProcessEnv): Promise<RunningProcess> {
  @Module({ imports: parts.map(moduleOf) })
  class PartsModule {}
  // Fixtures fail on purpose, and each failure would be logged.
  const defaults = { port: 0, home: '.labmesh-conformance', logLevel: 'fatal' };
  const config = readLabConfig(defaults, { ...env, ...UNLIMITED });
  if (parts.includes('gateway')) letGuestsIn(config.home);
  const database = parts.includes('sentinel');
  return startProcess({ name: parts.join('-'), module: PartsModule, config, database });
}
