// The log that is read, against the heads that were read before it. It tells what contradicts what was signed, and what no head
// that was kept vouches for: neither is proved.
import { AppError, type CallRecord, severityOf } from '@labmesh/contracts';
import {
  entryHash,
  Frontier,
  isIncluded,
  openCheckpoint,
  type TreeHead,
  type VerifierKey,
  verifierKeyText,
} from '@labmesh/transparency';
import type { ReadLine, Stated } from './lines.js';

export interface Findings {
  /** Nothing contradicts what was signed, and a head that was kept vouches for all of it. */
  readonly proved: boolean;
  /** What is not as it was signed. */
  readonly problems: string[];
  /** What may be as it was, and may not. */
  readonly unproved: string[];
  readonly records: number;
  /** Records that a head was signed over, and that are what it was signed over: the first ones. */
  readonly signedRecords: number;
  readonly proofs: number;
  readonly heads: number;
  /** Those that stood in files of heads alone. */
  readonly keptHeads: number;
  /** Receipts that were asked for, each with its place in the log. */
  readonly receipts: Array<{ leafHash: string; cursor: number | null }>;
}

const PROBLEMS_MAX = 100;

export class LogCheck {
  readonly #problems: string[] = [];
  readonly #frontier = new Frontier();
  readonly #roots = new Map<number, { root: Buffer; file: string }>();
  readonly #wanted: Map<string, number | null>;
  readonly #keyText: string;
  /** Places that proofs prove, each under the head over so many records. */
  readonly #proved: Array<{ index: number; size: number; where: string }> = [];
  /** Sizes of heads of the file that is read, as long as it holds nothing else. */
  #alone: number[] | undefined;
  #file = '';
  readonly #kept = new Set<number>();
  /** The head over the most records. */
  #last = { size: 0, file: '' };
  #heads = 0;
  #good = 0;
  #diverged = false;

  constructor(
    private readonly key: VerifierKey,
    receipts: readonly string[],
  ) {
    this.#keyText = verifierKeyText(key);
    this.#wanted = new Map(receipts.map((hash) => [hash, null]));
  }

  get records(): number {
    return this.#frontier.size;
  }

  begin(file: string): void {
    this.#file = file;
    this.#alone = [];
  }

  end(): void {
    for (const size of this.#alone ?? []) this.#kept.add(size);
  }

  take({ line, where, oddity }: ReadLine): void {
    if (oddity !== undefined) this.#note(`${where} ${oddity}`);
    if (line.kind !== 'head') this.#alone = undefined;
    switch (line.kind) {
      case 'begin':
        this.#sameKey(line.value.verifierKey, where);
        break;
      case 'head':
        this.#head(line.value);
        break;
      case 'record':
        this.#record(line.value);
        break;
      case 'proof':
        this.#proof(line.value, where);
        break;
    }
  }

  /** What a file says of its key is not signed: it must not name one by which it was not checked. */
  #sameKey(text: string | undefined, where: string): void {
    if (text !== undefined && text !== this.#keyText)
      this.#note(`${where} names the key ${text}, and it is not the one that was given: it may be of another lab`);
  }

  #head(head: Stated<'head'>): TreeHead | undefined {
    this.#heads += 1;
    const opened = this.#opened(head);
    if (opened === undefined) return undefined;
    const { size, root } = opened;
    const file = this.#file;
    const other = this.#roots.get(size);
    if (other !== undefined && !other.root.equals(root))
      this.#note(
        `two heads over ${size} records, in ${other.file} and ${file}, say different things: the log was forked`,
      );
    else if (size === this.records && size > 0) this.#compare(size, { root, file });
    else if (size < this.records)
      throw new AppError(
        'invalid_input',
        `Cannot check the head over ${size} records in ${file}: name that file before the export`,
      );
    if (other === undefined) this.#roots.set(size, { root, file });
    if (size > this.#last.size) this.#last = { size, file };
    if (size > 0) this.#alone?.push(size);
    return opened;
  }

  #record({ cursor, record }: Stated<'record'>): void {
    const place = this.records + 1;
    if (cursor !== String(place) && !this.#diverged) {
      this.#note(`record ${place} is missing: ${cursor} comes in its place`);
      this.#diverged = true;
    }
    const hash = entryHash(record);
    this.#frontier.append(hash);
    const text = hash.toString('hex');
    if (this.#wanted.get(text) === null) this.#wanted.set(text, place);
    const head = this.#roots.get(place);
    if (head !== undefined) this.#compare(place, head);
  }

  /** The records so far with a head over as many. */
  #compare(size: number, head: { readonly root: Buffer; readonly file: string }): void {
    if (this.#diverged) return;
    if (head.root.equals(this.#frontier.root)) {
      this.#good = size;
      return;
    }
    this.#diverged = true;
    this.#note(`records ${this.#good + 1} to ${size} are not those that the head in ${head.file} was signed for`);
  }

  #proof({ record: entry, ...claim }: Stated<'proof'>, where: string): void {
    this.#sameKey(claim.verifierKey, where);
    const { cursor, severity, ...record } = entry;
    const head = this.#head(claim.head);
    if (head === undefined) return;
    const leaf = entryHash(record);
    const path = claim.proof.map((hash) => Buffer.from(hash, 'hex'));
    if (leaf.toString('hex') !== claim.leafHash || !isIncluded({ leaf, index: claim.index, ...head }, path)) {
      this.#note(`the proof in ${where} does not show that its record is in the log`);
      return;
    }
    // Neither is signed: they follow from what is.
    if (cursor !== String(claim.index + 1))
      this.#note(`the proof in ${where} says that its record is ${cursor}, and it is record ${claim.index + 1}`);
    const right = severityOf(record as unknown as CallRecord);
    if (severity !== right)
      this.#note(`the proof in ${where} calls its record ${severity}, and by its outcome it is ${right}`);
    this.#proved.push({ index: claim.index, size: head.size, where });
    if (this.#wanted.has(claim.leafHash)) this.#wanted.set(claim.leafHash, claim.index + 1);
  }

  findings(): Findings {
    const last = this.#last;
    if (this.records > 0 && last.size > this.records)
      this.#note(
        `records ${this.records + 1} to ${last.size} were signed for and are not here: the log was cut, or the heads in ${last.file} are newer than the export`,
      );
    for (const [hash, place] of this.#wanted) if (place === null) this.#note(`receipt ${hash} is not in the log`);
    const unproved = this.#unproved();
    return {
      proved: this.#problems.length === 0 && unproved.length === 0,
      problems: this.#problems,
      unproved,
      records: this.records,
      signedRecords: this.#good,
      proofs: this.#proved.length,
      heads: this.#heads,
      keptHeads: this.#kept.size,
      receipts: [...this.#wanted].map(([leafHash, cursor]) => ({ leafHash, cursor })),
    };
  }

  #unproved(): string[] {
    const missing: string[] = [];
    if (this.records === 0 && this.#proved.length === 0)
      missing.push('no record and no proof is in these files, so they say nothing of any call');
    if (this.records > this.#good && !this.#diverged)
      missing.push(
        `records ${this.#good + 1} to ${this.records} are under no head that was signed: anybody may have written them`,
      );
    if (this.records > 0 && this.#kept.size === 0) missing.push(NOTHING_KEPT);
    for (const { index, size, where } of this.#proved) {
      const known = this.#kept.has(size) || (this.#kept.size > 0 && size <= this.#good);
      if (!known)
        missing.push(
          `the head over ${size} records, under which ${where} proves record ${index + 1}, is none you kept`,
        );
    }
    return missing.slice(0, PROBLEMS_MAX);
  }

  #opened(head: Stated<'head'>): TreeHead | undefined {
    const opened = openCheckpoint(head.checkpoint, this.key);
    if (opened?.size === head.size) return opened;
    this.#note(`the head over ${head.size} records in ${this.#file} is not signed by this key`);
    return undefined;
  }

  #note(problem: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem);
  }
}

const NOTHING_KEPT =
  'no head that you kept is among the files: whoever has the log’s key could have signed another history';
