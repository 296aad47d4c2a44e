// Proofs as the lab makes them, checked as the page does; and altered ones, which must not hold.
import { describe, expect, it } from 'vitest';
import { canonicalJson, hexOf, leafHashOf, sidesOf } from './audit-path.js';
import { readCheckpoint, signedBy } from './checkpoint.js';
import { checkProof, type Proof } from './proof-check.js';
import type { AuditRecord } from './record.js';

type Bytes = Uint8Array<ArrayBuffer>;

const joined = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));
const sha256 = async (...parts: readonly Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
const base64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
const textBytes = (text: string): Bytes => new TextEncoder().encode(text);
const bytesOf = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The largest power of two below `size` (RFC 9162, 2.1.1). */
const splitOf = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (only && leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return sha256(Uint8Array.of(1), await rootOf(leaves.slice(0, split)), await rootOf(leaves.slice(split)));
}

async function proofOf(leaves: readonly Bytes[], index: number): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await proofOf(left, index)), await rootOf(right)]
    : [...(await proofOf(right, index - split)), await rootOf(left)];
}

const ED25519 = Uint8Array.of(1);
const LOG = 'labmesh/0123456789abcdef';

async function logKey() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const id = (await sha256(textBytes(`${LOG}\n`), ED25519, raw)).slice(0, 4);
  return { key: pair.privateKey, id, verifierKey: `${LOG}+${hexOf(id)}+${base64(joined(ED25519, raw))}` };
}

async function checkpoint(size: number, root: Bytes, { key, id }: Awaited<ReturnType<typeof logKey>>): Promise<string> {
  const body = `${LOG}\n${size}\n${base64(root)}\n`;
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, textBytes(body)));
  return `${body}\n— ${LOG} ${base64(joined(id, signature))}\n`;
}

const recordAt = (place: number): AuditRecord => ({
  cursor: String(place + 1),
  severity: 'info',
  about: place % 2 === 0 ? null : { walletId: 'wal_1' },
  agent: 'curator',
  at: '2026-11-21T12:00:00.123Z',
  callId: `call-${place}`,
  chain: ['curator', 'librarian'],
  credentialId: null,
  decision: 'allow',
  durationMs: place + 0.125,
  id: `record-${place}`,
  inputBytes: 2,
  inputHash: 'ab',
  outcome: 'ok',
  outputBytes: null,
  outputHash: null,
  tool: 'fetch_dataset "ä"\u0007',
  walletId: 'wal_1',
});

async function logOf(size: number) {
  const records = Array.from({ length: size }, (_, place) => recordAt(place));
  const leaves = await Promise.all(records.map(async (record) => bytesOf(await leafHashOf({ ...record }))));
  const key = await logKey();
  const head = { size, checkpoint: await checkpoint(size, await rootOf(leaves), key) };
  const proved = async (index: number): Promise<{ record: AuditRecord; proof: Proof }> => {
    const record = recordAt(index);
    const proof = (await proofOf(leaves, index)).map(hexOf);
    const leafHash = await leafHashOf({ ...record });
    return { record, proof: { record, leafHash, index, proof, head, verifierKey: key.verifierKey } };
  };
  return { key, proved };
}

describe('a proof', () => {
  it('holds for every record of logs of every size', async () => {
    for (let size = 1; size <= 17; size += 1) {
      const { proved } = await logOf(size);
      for (let index = 0; index < size; index += 1) {
        const { record, proof } = await proved(index);
        const { steps, ...verdicts } = await checkProof(record, proof);
        expect([size, index, verdicts]).toEqual([size, index, { leaf: 'good', path: 'good', signature: 'good' }]);
        expect(steps).toHaveLength(proof.proof.length);
      }
    }
  });

  it('does not hold for another record, place, hash, root or key', async () => {
    const { proved } = await logOf(13);
    const { record, proof } = await proved(6);
    const other = await logOf(13);
    const flipped = `00${(proof.proof[1] ?? '').slice(2)}`;
    expect(await checkProof({ ...record, outcome: 'forbidden' }, proof)).toMatchObject({ leaf: 'bad', path: 'good' });
    expect(await checkProof(record, { ...proof, index: 7 })).toMatchObject({ path: 'bad' });
    const altered = { ...proof, proof: proof.proof.map((hash, at) => (at === 1 ? flipped : hash)) };
    expect(await checkProof(record, altered)).toMatchObject({ path: 'bad' });
    expect(await checkProof(record, { ...proof, proof: proof.proof.slice(1) })).toMatchObject({ path: 'bad' });
    expect(await checkProof(record, { ...proof, verifierKey: other.key.verifierKey })).toMatchObject({
      signature: 'bad',
    });
    expect(await checkProof({ ...record, cursor: '8' }, proof)).toMatchObject({ path: 'bad' });
    expect(await checkProof(record, { ...proof, head: { ...proof.head, size: 14 } })).toMatchObject({ path: 'bad' });
    const longer = { ...proof, proof: proof.proof.map((hash) => `${hash}zz`) };
    expect(await checkProof(record, longer)).toMatchObject({ path: 'bad' });
    const resized = { ...proof.head, checkpoint: proof.head.checkpoint.replace('\n13\n', '\n14\n') };
    expect(await checkProof(record, { ...proof, head: resized })).toMatchObject({ signature: 'bad' });
  });
});

it('writes JSON as it is hashed', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'é"' }], a: 0.125 })).toBe('{"a":0.125,"b":[1,{"c":"é\\"","d":null}]}');
});

it('knows no path to a place that is not there', () => {
  expect(sidesOf(5, 5, 3)).toBeUndefined();
  expect(sidesOf(0, 1, 0)).toEqual([]);
});

it('reads no checkpoint where none is', async () => {
  for (const note of ['', 'a\nb\nc', 'log\n12\n%%%']) expect(readCheckpoint(note)).toBeUndefined();
  expect(await signedBy('no note', 'no key')).toBe(false);
});
