// The tree against the published vectors of RFC 6962 logs and against the definition written out; proofs hold for what is
// true and for nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, Frontier, leafHash, nodeHash, perfectSubtrees, rootOf, type Subtree } from './merkle-tree.js';
import { consistencyProof, inclusionProof, isGrownFrom, isIncluded, rootAt } from './proofs.js';

/** Entries and roots that implementations of RFC 6962 test against. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** MTH of RFC 9162, 2.1.1, word by word. */
function defined(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as Buffer;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(defined(leaves.slice(0, split)), defined(leaves.slice(split)));
}

const leaves = Array.from({ length: 70 }, (_, at) => leafHash(`entry ${at}`));
const source = async ({ height, index }: Subtree): Promise<Buffer> =>
  defined(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height));
const sizes = fc.integer({ min: 1, max: leaves.length });

describe('the tree', () => {
  it('has the roots that others publish', () => {
    const hashes = ENTRIES.map((entry) => leafHash(Buffer.from(entry, 'hex')));
    expect(ROOTS.map((_, at) => rootOf(hashes.slice(0, at + 1)).toString('hex'))).toEqual(ROOTS);
    expect(rootOf([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('grows as it is defined, goes on from its edge, and tells of each perfect subtree once', async () => {
    const told: Array<[Subtree, Buffer]> = [];
    let frontier = new Frontier();
    for (const [at, leaf] of leaves.entries()) {
      frontier.append(leaf, (subtree, hash) => told.push([subtree, hash]));
      expect(frontier.root).toEqual(defined(leaves.slice(0, at + 1)));
      const peaks = await Promise.all(perfectSubtrees(0, at + 1).map(source));
      frontier = Frontier.of(at + 1, peaks);
    }
    expect(told).toHaveLength(35 + 17 + 8 + 4 + 2 + 1);
    for (const [subtree, hash] of told) expect(hash).toEqual(await source(subtree));
  });

  it('refuses an edge that is not of its size', () => {
    expect(() => Frontier.of(3, [leafHash('a')])).toThrow('a tree of 3 leaves has 2 peaks of 32 bytes');
  });
});

describe('proofs', () => {
  it('of inclusion hold for each leaf in each tree', async () => {
    for (let size = 1; size <= 40; size += 1) {
      const root = await rootAt(source, size);
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(source, index, size);
        expect(isIncluded({ leaf: leaves[index] as Buffer, index, size, root }, proof)).toBe(true);
      }
    }
  });

  it('of consistency hold between each two sizes', async () => {
    for (let newer = 1; newer <= 40; newer += 1) {
      const head = { size: newer, root: await rootAt(source, newer) };
      for (let older = 1; older <= newer; older += 1) {
        const proof = await consistencyProof(source, older, newer);
        expect(isGrownFrom(head, { size: older, root: await rootAt(source, older) }, proof)).toBe(true);
      }
    }
  });

  it('hold for nothing else: another leaf, place, size, root, or a proof cut, grown or altered', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, pick, bit) => {
        const index = pick % size;
        const root = await rootAt(source, size);
        const leaf = leaves[index] as Buffer;
        const proof = await inclusionProof(source, index, size);
        const claim = { leaf, index, size, root };
        expect(isIncluded({ ...claim, leaf: flipped(leaf, bit) }, proof)).toBe(false);
        expect(isIncluded({ ...claim, root: flipped(root, bit) }, proof)).toBe(false);
        expect(isIncluded({ ...claim, index: size }, proof)).toBe(false);
        if (size > 1) expect(isIncluded({ ...claim, index: (index + 1) % size }, proof)).toBe(false);
        expect(isIncluded(claim, [...proof, root])).toBe(false);
        expect(isIncluded(claim, proof.slice(1))).toBe(proof.length === 0);
        for (const at of proof.keys())
          expect(isIncluded(claim, proof.with(at, flipped(proof[at] as Buffer, bit)))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('show no growth where entries were changed, taken away or put in another order', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, bit) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        const head = { size: newer, root: await rootAt(source, newer) };
        const before = { size: older, root: await rootAt(source, older) };
        const proof = await consistencyProof(source, older, newer);
        expect(isGrownFrom(head, { ...before, root: flipped(before.root, bit) }, proof)).toBe(false);
        expect(isGrownFrom({ ...head, root: flipped(head.root, bit) }, before, proof)).toBe(false);
        expect(isGrownFrom(before, head, proof)).toBe(older === newer);
        for (const at of proof.keys())
          expect(isGrownFrom(head, before, proof.with(at, flipped(proof[at] as Buffer, bit)))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('hold for no hashes of another length, with which two could stand for two others', () => {
    const [short, long, root] = [Buffer.alloc(31), Buffer.alloc(33), leaves[0] as Buffer];
    for (const odd of [Buffer.alloc(0), short, long, Buffer.alloc(64)]) {
      expect(isIncluded({ leaf: odd, index: 0, size: 1, root: odd }, [])).toBe(false);
      expect(isGrownFrom({ size: 1, root: odd }, { size: 1, root: odd }, [])).toBe(false);
      expect(() => rootOf([odd])).toThrow('has 32 bytes');
      expect(() => Frontier.of(1, [odd])).toThrow('1 peaks of 32 bytes');
    }
    const moved = Buffer.concat([leaves[0] as Buffer, leaves[1] as Buffer]);
    const both = nodeHash(leaves[0] as Buffer, leaves[1] as Buffer);
    const [cut, rest] = [moved.subarray(0, 31), moved.subarray(31)];
    expect(nodeHash(cut, rest)).toEqual(both);
    expect(isIncluded({ leaf: cut, index: 0, size: 2, root: both }, [rest])).toBe(false);
    expect(isIncluded({ leaf: root, index: 0, size: 2, root: both }, [rest])).toBe(false);
    expect(isGrownFrom({ size: 2, root: both }, { size: 1, root: cut }, [rest])).toBe(false);
  });

  it('show no growth from a tree without leaves, from which every tree grows', async () => {
    const empty = { size: 0, root: EMPTY_ROOT };
    for (const newer of [empty, { size: 3, root: await rootAt(source, 3) }])
      expect(isGrownFrom(newer, empty, [])).toBe(false);
    await expect(consistencyProof(source, 0, 3)).rejects.toThrow('a tree of 3 leaves does not grow from 0');
  });

  it('are refused for what is not there', async () => {
    await expect(inclusionProof(source, 3, 3)).rejects.toThrow('leaf 3 is not in a tree of 3 leaves');
    await expect(consistencyProof(source, 4, 3)).rejects.toThrow('a tree of 3 leaves does not grow from 4');
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] as number) ^ (1 << (bit & 7));
  return copy;
}
