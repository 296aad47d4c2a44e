// Puts the connection, the bus over it and its Nest servers together.
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { KeptStores, Transport } from '../bus.js';
import { type BrokerAddress, BrokerLink } from './broker-link.js';
import { EventStream, ensureStream } from './event-stream.js';
import { NatsBus } from './nats-bus.js';
import { NatsServer } from './nats-server.js';
import { StoreKeeper } from './store-keeper.js';

export interface NatsOptions extends BrokerAddress {
  readonly keeps?: KeptStores | undefined;
}

export async function natsTransport({ keeps, ...address }: NatsOptions): Promise<Transport> {
  const link = await BrokerLink.open(address, ensureStream);
  const events = new EventStream(link);
  const bus = new NatsBus(link, events);
  const keeper = keeps === undefined ? undefined : new StoreKeeper(link, events, keeps);
  const servers: NatsServer[] = [];
  return {
    bus,
    get microservice(): MicroserviceOptions {
      const strategy = new NatsServer({ link, events, name: address.name });
      servers.push(strategy);
      return { strategy };
    },
    async leave() {
      await Promise.all(servers.map((server) => server.leave()));
    },
    async close() {
      keeper?.stop();
      await Promise.all(servers.map((server) => server.close()));
      await bus.close();
    },
  };
}
