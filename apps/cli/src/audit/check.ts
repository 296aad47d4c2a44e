// Checks what a lab says of its audit log, from files and a public key alone: no network, no trust in the lab.
import type { VerifierKey } from '@labmesh/transparency';
import { linesOf } from './lines.js';
import { type Findings, LogCheck } from './log-check.js';

export interface Question {
  readonly files: readonly string[];
  readonly key: VerifierKey;
  /** Leaf hashes, hex, that must be in the log. */
  readonly receipts: readonly string[];
  readonly onProgress?: (records: number) => void;
}

const PROGRESS_EVERY = 50_000;

/**
 * Heads must come before the records that they were signed over, in the order of the files. A file of heads alone is one that
 * was kept where the lab cannot reach; heads that came with records show only what the lab says of itself today.
 */
export async function checkFiles({ files, key, receipts, onProgress }: Question): Promise<Findings> {
  const log = new LogCheck(key, receipts);
  for (const file of files) {
    log.begin(file);
    for await (const read of linesOf(file)) {
      log.take(read);
      if (read.line.kind === 'record' && log.records % PROGRESS_EVERY === 0) onProgress?.(log.records);
    }
    log.end();
  }
  return log.findings();
}
