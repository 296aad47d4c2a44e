// Chooses the transport of this process. The only place that knows there are two; what NATS needs is loaded where NATS is used.
import type { Transport, TransportOptions } from './bus.js';
import { inProcessTransport } from './in-process/in-process-transport.js';

/**
 * Opens the bus: NATS where an address is given, else in process.
 * @throws AppError unavailable when the broker cannot be reached in `connectTimeoutMs`, or runs without JetStream
 */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { natsUrl, ...rest } = options;
  if (natsUrl === undefined) return inProcessTransport(options.name);
  const { natsTransport } = await import('./nats/nats-transport.js');
  return natsTransport({ natsUrl, ...rest });
}
