// Receipts: the hash that a record has as a leaf of the audit log, given to whoever made the call. Only the name of the log is
// asked of the Sentinel; a receipt costs no round trip.
import type { CallRecord, Receipt } from '@labmesh/contracts';
import { entryHash } from '@labmesh/transparency';

export class Receipts {
  constructor(private readonly keys: { readonly log: string | undefined }) {}

  /** Undefined while the Sentinel has not yet told the name of its log. */
  of(record: CallRecord): Receipt | undefined {
    const { log } = this.keys;
    return log === undefined ? undefined : { leafHash: entryHash(record).toString('hex'), log };
  }
}
