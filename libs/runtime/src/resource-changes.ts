// Agents tell here what has changed behind an address, after it is durable; endpoints hear it and tell who follows it.
// Says that something changed, never what it is now. Best effort: it never fails the caller, and never waits.
import { type Bus, CHANGED_SUBJECT } from '@labmesh/bus';
import { z } from 'zod';

export const ResourceChange = z.object({
  /** What is read there is not what it was. */
  uris: z.array(z.string().max(2_000)).max(1_000),
  /** Resources came or went: for this wallet, or, with null, for everybody. */
  listOf: z.string().max(100).nullable().optional(),
});
export type ResourceChange = z.infer<typeof ResourceChange>;

export class ResourceChanges {
  constructor(private readonly bus: Pick<Bus, 'broadcast'>) {}

  tell(change: ResourceChange): void {
    try {
      this.bus.broadcast(CHANGED_SUBJECT, change);
    } catch {
      // Without a broker nobody can hear.
    }
  }
}
