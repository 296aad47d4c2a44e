// UUIDv7 for calls and records. Random bytes are drawn a page at a time: one system call serves hundreds of ids.
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES_PER_ID = 16;
const page = new Uint8Array(256 * BYTES_PER_ID);
let used = page.length;

function rng(): Uint8Array {
  if (used === page.length) {
    randomFillSync(page);
    used = 0;
  }
  used += BYTES_PER_ID;
  return page.subarray(used - BYTES_PER_ID, used);
}

/** A new UUIDv7 (RFC 9562), in lower case: ids made one after the other by this process sort in that order. */
export function newId(): string {
  return v7({ rng, msecs: Date.now(), seq: nextSequence() });
}

let sequence = 0;
/** The counter in the id; starts over after 2^32 ids, when the time in front of it has long moved on. */
function nextSequence(): number {
  sequence = (sequence + 1) >>> 0;
  return sequence;
}
