// Proofs of RFC 9162: that a leaf is in a tree (2.1.3), that a tree only grew (2.1.4). Making one asks a source for the hashes
// of perfect subtrees; checking one needs nothing but the proof and the roots.
import { HASH_BYTES, nodeHash, perfectSubtrees, rootOver, type Subtree } from './merkle-tree.js';

/** Gives the hash of a perfect subtree; height 0 is a leaf's. */
export type SubtreeSource = (subtree: Subtree) => Promise<Buffer>;

/** The greatest power of two below n, for n > 1: where a tree of n leaves is split. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

async function hashOf(source: SubtreeSource, begin: number, end: number): Promise<Buffer> {
  return rootOver(await Promise.all(perfectSubtrees(begin, end).map(source)));
}

/** Root of the first `size` leaves. */
export const rootAt = (source: SubtreeSource, size: number): Promise<Buffer> => hashOf(source, 0, size);

/** The audit path of leaf `index` in the tree of the first `size` leaves: hashes from the leaf up. */
export async function inclusionProof(source: SubtreeSource, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size} leaves`);
  const path: Array<Promise<Buffer>> = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const split = begin + splitOf(end - begin);
    path.unshift(index < split ? hashOf(source, split, end) : hashOf(source, begin, split));
    if (index < split) end = split;
    else begin = split;
  }
  return Promise.all(path);
}

/** That the tree of `newer` leaves begins with the tree of `older` ones, at least one. Empty when they are equal. */
export async function consistencyProof(source: SubtreeSource, older: number, newer: number): Promise<Buffer[]> {
  if (!(older > 0 && older <= newer)) throw new RangeError(`a tree of ${newer} leaves does not grow from ${older}`);
  if (older === newer) return [];
  const path: Array<Promise<Buffer>> = [];
  let [begin, end] = [0, newer];
  while (end !== older) {
    const split = begin + splitOf(end - begin);
    path.unshift(older <= split ? hashOf(source, split, end) : hashOf(source, begin, split));
    if (older <= split) end = split;
    else begin = split;
  }
  // What is left is the older tree's right edge; its whole tree needs no naming, since the verifier has its root.
  if (begin > 0) path.unshift(hashOf(source, begin, end));
  return Promise.all(path);
}

export interface InclusionClaim {
  readonly leaf: Buffer;
  readonly index: number;
  readonly size: number;
  readonly root: Buffer;
}

/** Of another length, two hashes could stand for two others side by side. */
const areHashes = (...given: readonly Buffer[]): boolean => given.every(({ length }) => length === HASH_BYTES);

/** RFC 9162, 2.1.3.2. */
export function isIncluded({ leaf, index, size, root }: InclusionClaim, proof: readonly Buffer[]): boolean {
  if (!areHashes(leaf, root, ...proof)) return false;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** RFC 9162, 2.1.4.2. From a tree without leaves every tree grows, so no proof shows anything: that is no growth. */
export function isGrownFrom(newer: TreeHead, older: TreeHead, proof: readonly Buffer[]): boolean {
  if (!areHashes(older.root, newer.root, ...proof)) return false;
  if (!Number.isSafeInteger(older.size) || !Number.isSafeInteger(newer.size)) return false;
  if (older.size <= 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  let [node, last] = [older.size - 1, newer.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const [first, ...rest] = node === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) return false;
  let [olderHash, newerHash] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [olderHash, newerHash] = [nodeHash(hash, olderHash), nodeHash(hash, newerHash)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newerHash = nodeHash(newerHash, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && olderHash.equals(older.root) && newerHash.equals(newer.root);
}

const half = (value: number): number => Math.floor(value / 2);
