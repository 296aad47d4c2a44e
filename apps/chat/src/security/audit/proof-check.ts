// Checks a proof as far as the browser can: each part is good, bad, or cannot be told here. Trusts nothing that the lab says of it.
import { canHash, leafHashOf, type PathStep, pathOf } from './audit-path.js';
import { readCheckpoint, signedBy } from './checkpoint.js';
import type { AuditRecord } from './record.js';

export interface Proof {
  readonly record: AuditRecord;
  readonly leafHash: string;
  readonly index: number;
  readonly proof: readonly string[];
  readonly head: { readonly size: number; readonly checkpoint: string };
  readonly verifierKey: string;
}

export type Verdict = 'good' | 'bad' | 'unknown';

export interface ProofCheck {
  readonly leaf: Verdict;
  readonly path: Verdict;
  readonly signature: Verdict;
  /** The way up, where it could be gone. */
  readonly steps: readonly PathStep[] | undefined;
}

const verdict = (holds: boolean | undefined): Verdict => (holds === undefined ? 'unknown' : holds ? 'good' : 'bad');

/** @param record the one that was to be proved, as the page has it */
export async function checkProof(record: AuditRecord, given: Proof): Promise<ProofCheck> {
  if (!canHash())
    return {
      leaf: given.record.id === record.id ? 'unknown' : 'bad',
      path: 'unknown',
      signature: 'unknown',
      steps: undefined,
    };
  const { leafHash, index, proof, head, verifierKey } = given;
  const signed = readCheckpoint(head.checkpoint);
  // The record's place is not signed with it: the path shows it, and the page must show no other.
  const placed = record.cursor === String(index + 1) && signed?.size === head.size;
  const steps = signed && placed ? await pathOf({ leafHash, index, size: signed.size, proof }) : undefined;
  const root = steps && (steps.at(-1)?.parent ?? leafHash);
  return {
    leaf: verdict((await leafHashOf({ ...record })) === leafHash),
    path: verdict(signed !== undefined && root === signed.root),
    signature: verdict(await signedBy(head.checkpoint, verifierKey)),
    steps,
  };
}
