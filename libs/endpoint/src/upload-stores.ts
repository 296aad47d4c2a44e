// The gateway's two stores for uploads at the broker, or in memory in one process: sizes and ages. Who uses them is in apps/gateway.
import { type KeyValueOptions, UPLOAD_LEDGER, UPLOAD_LOCKS } from '@labmesh/bus';

/** How long an upload is kept that nobody finishes or takes over. */
export const UPLOAD_KEPT_MS = 24 * 60 * 60_000;

/** A lock whose holder does not say so any more is free after this. */
export const UPLOAD_LOCK_MS = 10_000;

export const uploadLocks: KeyValueOptions = {
  name: UPLOAD_LOCKS,
  ttlMs: UPLOAD_LOCK_MS,
  maxBytes: 8 * 1024 * 1024,
};

/** An upload that is written to until its last hour is removed a day later. */
export const uploadLedger: KeyValueOptions = {
  name: UPLOAD_LEDGER,
  ttlMs: 2 * UPLOAD_KEPT_MS,
  maxBytes: 32 * 1024 * 1024,
};
