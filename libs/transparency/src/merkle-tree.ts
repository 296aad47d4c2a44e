// The Merkle tree of RFC 9162 (2.1.1), as RFC 6962 has it too: SHA-256, leaves and nodes hashed under different prefixes,
// so that no leaf can pass for a node. Hashes only: it never sees what a leaf is about.
import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

export const HASH_BYTES = 32;
const LEAF_PREFIX = '\0';
const NODE_PREFIX = Buffer.of(1);

/** In one step, which costs half of what an object for it does. */
function sha256(data: string | Buffer): Buffer {
  return hash('sha256', data, 'buffer');
}

/** Hash of one entry: SHA-256(0x00 || entry), 32 bytes. */
export const leafHash = (entry: string | Buffer): Buffer =>
  sha256(typeof entry === 'string' ? LEAF_PREFIX + entry : Buffer.concat([Buffer.from(LEAF_PREFIX), entry]));

/** Hash of an entry that is a JSON value: its form in the log is its canonical JSON. */
export const entryHash = (entry: unknown): Buffer => leafHash(canonicalJson(entry));

/** Hash of an inner node: SHA-256(0x01 || left || right), 32 bytes. */
export const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.concat([NODE_PREFIX, left, right]));

/** The root of a tree without leaves. */
export const EMPTY_ROOT = sha256('');

/** A perfect subtree: 2^height leaves, the `index`-th of this height from the left. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The perfect subtrees that leaves `begin` to `end` (not included) fall into, left to right, as the tree is split. */
export function perfectSubtrees(begin: number, end: number): Subtree[] {
  const parts: Subtree[] = [];
  for (let at = begin; at < end; ) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= end) height += 1;
    parts.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return parts;
}

/** Root over subtrees of falling height, left to right. */
export const rootOver = (hashes: readonly Buffer[]): Buffer =>
  hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));

/** The right edge of a tree that grows: all that is needed to append to it and to know its root. */
export class Frontier {
  #size = 0;
  readonly #peaks: Array<{ readonly height: number; readonly hash: Buffer }> = [];

  /** @param peaks hashes of `perfectSubtrees(0, size)`, in that order */
  static of(size: number, peaks: readonly Buffer[]): Frontier {
    const frontier = new Frontier();
    const parts = perfectSubtrees(0, size);
    if (parts.length !== peaks.length || peaks.some(({ length }) => length !== HASH_BYTES))
      throw new RangeError(`a tree of ${size} leaves has ${parts.length} peaks of ${HASH_BYTES} bytes`);
    for (const [at, { height }] of parts.entries()) frontier.#peaks.push({ height, hash: peaks[at] as Buffer });
    frontier.#size = size;
    return frontier;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  get root(): Buffer {
    return rootOver(this.#peaks.map(({ hash }) => hash));
  }

  /** Appends a leaf. Tells of every perfect subtree that it completes, lowest first, the leaf itself left out. */
  append(leaf: Buffer, completed: (subtree: Subtree, hash: Buffer) => void = () => {}): void {
    if (leaf.length !== HASH_BYTES) throw new RangeError(`a leaf’s hash has ${HASH_BYTES} bytes, not ${leaf.length}`);
    let right = { height: 0, hash: leaf };
    this.#size += 1;
    for (let left = this.#peaks.at(-1); left?.height === right.height; left = this.#peaks.at(-1)) {
      this.#peaks.pop();
      right = { height: right.height + 1, hash: nodeHash(left.hash, right.hash) };
      completed({ height: right.height, index: this.#size / 2 ** right.height - 1 }, right.hash);
    }
    this.#peaks.push(right);
  }
}

/** Root of a tree with these leaf hashes. */
export function rootOf(leaves: Iterable<Buffer>): Buffer {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier.root;
}
