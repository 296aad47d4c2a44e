// Chooses the transport of this process. The only place that knows there are two.
import type { Transport, TransportOptions } from './bus.js';
import { inProcessTransport } from './in-process/in-process-transport.js';
import { natsTransport } from './nats/nats-transport.js';

/**
 * Opens the bus: NATS where an address is given, else in process.
 * @throws AppError unavailable when the broker cannot be reached in `connectTimeoutMs`, or runs without JetStream
 */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { natsUrl, ...rest } = options;
  return natsUrl === undefined ? inProcessTransport(options.name) : natsTransport({ natsUrl, ...rest });
}
