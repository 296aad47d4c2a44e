// Checks what a lab says of its audit log, from files and a public key alone: no network, no trust in the lab.
import { AppError } from '@labmesh/contracts';
import {
  entryHash,
  Frontier,
  isIncluded,
  openCheckpoint,
  type TreeHead,
  type VerifierKey,
} from '@labmesh/transparency';
import { type AuditProof, type Head, linesOf, type SignedRecord } from './lines.js';

export interface Findings {
  readonly intact: boolean;
  readonly problems: string[];
  readonly records: number;
  readonly heads: number;
  /** Records that no head in the files was signed over. */
  readonly unsignedRecords: number;
  /** Receipts that were asked for, each with its place in the log. */
  readonly receipts: Array<{ leafHash: string; cursor: number | null }>;
}

export interface Question {
  readonly files: readonly string[];
  readonly key: VerifierKey;
  /** Leaf hashes, hex, that must be in the log. */
  readonly receipts: readonly string[];
  readonly onProgress?: (records: number) => void;
}

const PROBLEMS_MAX = 100;
const PROGRESS_EVERY = 50_000;

/** Heads must come before the records that they were signed over, in the order of the files. */
export async function checkFiles({ files, key, receipts, onProgress }: Question): Promise<Findings> {
  const log = new LogCheck(key, receipts);
  for (const file of files) {
    for await (const line of linesOf(file)) {
      if (line.kind === 'head') log.head(line.head, file);
      if (line.kind === 'proof') log.proof(line.proof, file);
      if (line.kind === 'record') {
        log.record(line.placed.cursor, line.placed.record);
        if (log.records % PROGRESS_EVERY === 0) onProgress?.(log.records);
      }
    }
  }
  return log.findings();
}

class LogCheck {
  readonly #problems: string[] = [];
  readonly #frontier = new Frontier();
  readonly #roots = new Map<number, { root: Buffer; file: string }>();
  readonly #wanted: Map<string, number | null>;
  #heads = 0;
  #good = 0;
  #diverged = false;

  constructor(
    private readonly key: VerifierKey,
    receipts: readonly string[],
  ) {
    this.#wanted = new Map(receipts.map((hash) => [hash, null]));
  }

  get records(): number {
    return this.#frontier.size;
  }

  head(head: Head, file: string): void {
    this.#heads += 1;
    const opened = this.#opened(head, file);
    if (opened === undefined) return;
    const { size, root } = opened;
    const other = this.#roots.get(size);
    if (other !== undefined && !other.root.equals(root))
      this.#note(
        `two heads over ${size} records, in ${other.file} and ${file}, say different things: the log was forked`,
      );
    else if (size === this.records && size > 0 && !root.equals(this.#frontier.root))
      this.#note(`records ${this.#good + 1} to ${size} are not those that the head in ${file} was signed for`);
    else if (size < this.records)
      throw new AppError(
        'invalid_input',
        `Cannot check the head over ${size} records in ${file}: name that file before the export`,
      );
    this.#roots.set(size, { root, file });
  }

  record(cursor: string, record: SignedRecord): void {
    const place = this.records + 1;
    if (cursor !== String(place) && !this.#diverged) {
      this.#note(`record ${place} is missing: ${cursor} comes in its place`);
      this.#diverged = true;
    }
    const hash = entryHash(record);
    this.#frontier.append(hash);
    const text = hash.toString('hex');
    if (this.#wanted.get(text) === null) this.#wanted.set(text, place);
    const head = this.#diverged ? undefined : this.#roots.get(place);
    if (head === undefined) return;
    if (head.root.equals(this.#frontier.root)) this.#good = place;
    else {
      this.#diverged = true;
      this.#note(`records ${this.#good + 1} to ${place} are not those that the head in ${head.file} was signed for`);
    }
  }

  proof({ record: entry, ...claim }: AuditProof, file: string): void {
    const { cursor: _cursor, severity: _severity, ...record } = entry;
    const leaf = entryHash(record);
    const head = this.#opened(claim.head, file);
    if (head === undefined) return;
    const path = claim.proof.map((hash) => Buffer.from(hash, 'hex'));
    if (leaf.toString('hex') !== claim.leafHash || !isIncluded({ leaf, index: claim.index, ...head }, path))
      this.#note(`the proof in ${file} does not show that its record is in the log`);
    else if (this.#wanted.has(claim.leafHash)) this.#wanted.set(claim.leafHash, claim.index + 1);
    this.#heads += 1;
  }

  findings(): Findings {
    const signed = Math.max(0, ...this.#roots.keys());
    if (this.records > 0 && signed > this.records)
      this.#note(
        `records ${this.records + 1} to ${signed} were signed for and are not here: the log was cut, or the heads in ${this.#roots.get(signed)?.file} are newer than the export`,
      );
    for (const [hash, place] of this.#wanted) if (place === null) this.#note(`receipt ${hash} is not in the log`);
    return {
      intact: this.#problems.length === 0,
      problems: this.#problems,
      records: this.records,
      heads: this.#heads,
      unsignedRecords: Math.max(0, this.records - signed),
      receipts: [...this.#wanted].map(([leafHashText, cursor]) => ({ leafHash: leafHashText, cursor })),
    };
  }

  #opened(head: Head, file: string): TreeHead | undefined {
    const opened = openCheckpoint(head.checkpoint, this.key);
    if (opened?.size === head.size) return opened;
    this.#note(`the head over ${head.size} records in ${file} is not signed by this key`);
    return undefined;
  }

  #note(problem: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem);
  }
}
