// Puts the in-process bus and its Nest servers together.
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Transport } from '../bus.js';
import { InProcessBus } from './in-process-bus.js';
import { InProcessServer } from './in-process-server.js';
import { Switchboard } from './switchboard.js';

export function inProcessTransport(name: string): Transport {
  const switchboard = new Switchboard();
  const servers: InProcessServer[] = [];
  const bus = new InProcessBus(switchboard);
  return {
    bus,
    get microservice(): MicroserviceOptions {
      const strategy = new InProcessServer(switchboard, name);
      servers.push(strategy);
      return { strategy };
    },
    async leave() {},
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await bus.close();
    },
  };
}
