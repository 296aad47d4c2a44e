// Takes the data that the Curator routes to this agent, and tells it how that went. What is not settled comes again, so whoever
// takes must be able to take the same twice.
import { type Bus, type RequestOptions } from '@labmesh/bus';
import { curator, ERROR_CODES, type Listeners, type Routed, toAppError, toolSubject } from '@labmesh/contracts';
import { BUS } from '@labmesh/runtime';
import type { Type } from '@nestjs/common';
import type { HandlerFactory, Instances } from './handler-parts.js';

const listens = { data_routed: curator.events.data_routed };
const { timeoutMs } = curator.tools.settle_delivery;

/**
 * Resolves once what it was given is durable. A failure that the same data would meet again (its code says so) gives the delivery
 * up; after any other it comes again, at longer and longer intervals.
 */
export type TakeData = (data: Routed, deliveryId: string) => Promise<void> | void;

/** The `events` of an agent whose contract hears `data_routed` of the Curator. */
export const takingData = <const C extends readonly Type[]>(
  agent: string,
  classes: C,
  useFactory: (...instances: Instances<C>) => TakeData,
): HandlerFactory<Listeners<typeof listens>> & { readonly listens: typeof listens } => ({
  listens,
  inject: [BUS, ...classes],
  useFactory: ((bus: Pick<Bus, 'request'>, ...instances: Instances<C>): Listeners<typeof listens> => {
    const take = useFactory(...instances);
    return {
      data_routed: async ({ to, deliveryId, proof, data }) => {
        if (to !== agent) return;
        const outcome = await outcomeOf(() => take(data, deliveryId));
        const options: RequestOptions = { headers: {}, timeoutMs };
        await bus.request(toolSubject(curator.name, 'settle_delivery'), { deliveryId, proof, ...outcome }, options);
      },
    };
  }) as never,
});

async function outcomeOf(take: () => Promise<void> | void): Promise<{ outcome: string; error?: string }> {
  try {
    await take();
    return { outcome: 'taken' };
  } catch (error) {
    const { code, message } = toAppError(error);
    // A bug of this agent's may be gone after its next start.
    const again = ERROR_CODES[code].retry || code === 'internal';
    return { outcome: again ? 'failed' : 'refused', error: message.slice(0, 1_000) };
  }
}
