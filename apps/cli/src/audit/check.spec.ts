// The check without the lab: finds what was changed, taken out, added, moved or cut in files, and whose key signed them.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, inclusionProof, leafHash, rootOf, signCheckpoint } from '@labmesh/transparency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFiles, type Question } from './check.js';

const NAME = 'labmesh/test';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = { name: NAME, key: publicKey };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-check-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const records = Array.from({ length: 10 }, (_, at) => ({
  id: `r${at}`,
  callId: `c${at}`,
  tool: 't',
  outcome: 'ok',
  at,
}));
const hashes = records.map((record) => leafHash(canonicalJson(record)));
const headOver = (size: number, leaves = hashes, by = privateKey) => ({
  size,
  checkpoint: signCheckpoint({ size, root: rootOf(leaves.slice(0, size)) }, NAME, by),
});
const lines = records.map((record, at) => ({ cursor: String(at + 1), record }));
const HEADS = [headOver(3), headOver(7), headOver(10)];

let files = 0;
async function fileOf(content: readonly unknown[] | string): Promise<string> {
  const path = join(folder, `${++files}.jsonl`);
  await writeFile(path, typeof content === 'string' ? content : content.map((line) => JSON.stringify(line)).join('\n'));
  return path;
}
const check = async (content: readonly unknown[] | string, more: Partial<Question> = {}) =>
  checkFiles({ files: [await fileOf(content)], key, receipts: [], ...more });
const problems = async (content: readonly unknown[]) => (await check(content)).problems.join('; ');

describe('an export', () => {
  it('that nobody touched is intact, and says where receipts are', async () => {
    const begin = { export: 'labmesh-audit-1', verifierKey: 'not trusted', at: '2027-01-01T00:00:00Z' };
    const receipt = hashes[4]?.toString('hex') ?? '';
    expect(await check([begin, ...HEADS, ...lines], { receipts: [receipt] })).toEqual({
      intact: true,
      problems: [],
      records: 10,
      heads: 3,
      unsignedRecords: 0,
      receipts: [{ leafHash: receipt, cursor: 5 }],
    });
  });

  it('counts records that nobody signed for yet', async () => {
    expect(await check([...HEADS.slice(0, 2), ...lines])).toMatchObject({ intact: true, unsignedRecords: 3 });
  });

  const changed = lines.with(4, { cursor: '5', record: { ...lines[4]?.record, outcome: 'forbidden' } as never });
  const moved = lines.with(4, { ...lines[5], cursor: '5' } as never).with(5, { ...lines[4], cursor: '6' } as never);
  it.each([
    ['a record was changed', [...HEADS, ...changed], 'records 4 to 7 are not those'],
    ['two records changed places', [...HEADS, ...moved], 'records 4 to 7 are not those'],
    ['a record was taken out', [...HEADS, ...lines.toSpliced(4, 1)], 'record 5 is missing: 6 comes in its place'],
    ['the end was cut off', [...HEADS, ...lines.slice(0, 8)], 'records 9 to 10 were signed for and are not here'],
    [
      'a head is signed by another',
      [headOver(3, hashes, generateKeyPairSync('ed25519').privateKey), ...lines],
      'not signed by this key',
    ],
    ['a head was moved', [{ ...headOver(3), size: 4 }, ...lines], 'the head over 4 records'],
    ['the log was forked', [...HEADS, headOver(7, hashes.toReversed()), ...lines], 'the log was forked'],
  ])('shows that %s', async (_what, content, expected) => {
    expect(await problems(content)).toContain(expected);
  });

  it('shows by heads kept elsewhere that its end was cut off with the heads over it', async () => {
    const kept = await fileOf([headOver(10)]);
    const cut = await fileOf([...HEADS.slice(0, 2), ...lines.slice(0, 7)]);
    const findings = await checkFiles({ files: [kept, cut], key, receipts: [] });
    expect(findings.problems).toEqual([
      `records 8 to 10 were signed for and are not here: the log was cut, or the heads in ${kept} are newer than the export`,
    ]);
  });

  it('shows that a receipt is not in it', async () => {
    const receipt = 'ab'.repeat(32);
    expect((await check([...HEADS, ...lines], { receipts: [receipt] })).problems).toEqual([
      `receipt ${receipt} is not in the log`,
    ]);
  });

  it('is refused with the line that is none of it', async () => {
    await expect(check('{"size":')).rejects.toThrow(/line 1 of .*: it is not JSON/);
    await expect(check([HEADS[0], { a: 1 }])).rejects.toThrow(/line 2 of .*: it is neither/);
    await expect(check([...lines, headOver(3)])).rejects.toThrow('name that file before the export');
    await expect(checkFiles({ files: [join(folder, 'none')], key, receipts: [] })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a proof', () => {
  const source = async ({ height, index }: { height: number; index: number }) =>
    rootOf(hashes.slice(index * 2 ** height, (index + 1) * 2 ** height));

  it('shows that its record is in the log, and nothing else', async () => {
    const proof = {
      record: { ...records[6], cursor: '7', severity: 'info' },
      leafHash: hashes[6]?.toString('hex'),
      index: 6,
      proof: (await inclusionProof(source, 6, 10)).map((hash) => hash.toString('hex')),
      head: headOver(10),
    };
    expect(await check([proof], { receipts: [proof.leafHash ?? ''] })).toMatchObject({
      intact: true,
      receipts: [{ cursor: 7 }],
    });
    for (const altered of [
      { ...proof, record: { ...proof.record, outcome: 'forbidden' } },
      { ...proof, index: 5 },
      { ...proof, proof: proof.proof.slice(1) },
      { ...proof, head: headOver(10, hashes.toReversed()) },
    ])
      expect((await check([altered])).problems).toEqual([expect.stringContaining('does not show that its record is')]);
  });
});
