// The check without the lab: finds what was changed, taken out, added, moved or cut in files, whose key signed them, and what
// nothing that was kept vouches for.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  inclusionProof,
  leafHash,
  rootOf,
  signCheckpoint,
  verifierKeyText,
} from '@labmesh/transparency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFiles, type Question } from './check.js';
import { LINE_BYTES_MAX } from './text-lines.js';

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
  tool: `t\u2028 "ü" ${at}`,
  decision: 'allow',
  outcome: 'ok',
  durationMs: 0.125 * at,
  about: { datasetId: `ds_${at}` },
}));
const hashes = records.map((record) => leafHash(canonicalJson(record)));
const headOver = (size: number, leaves = hashes, by = privateKey) => ({
  size,
  checkpoint: signCheckpoint({ size, root: rootOf(leaves.slice(0, size)) }, NAME, by),
});
const stranger = generateKeyPairSync('ed25519');
const lines = records.map((record, at) => ({ cursor: String(at + 1), record }));
const BEGIN = { export: 'labmesh-audit-1', verifierKey: verifierKeyText(key), at: '2027-01-01T00:00:00Z' };
const HEADS = [headOver(3), headOver(7), headOver(10)];
const KEPT = [{ at: '2027-01-01T00:00:00Z', ...headOver(7) }];
const WHOLE = [BEGIN, ...HEADS, ...lines];

type Content = readonly unknown[] | string | Buffer;
let files = 0;
async function fileOf(content: Content): Promise<string> {
  const path = join(folder, `${++files}.jsonl`);
  await writeFile(path, Array.isArray(content) ? textOf(content) : (content as string | Buffer));
  return path;
}
const textOf = (content: readonly unknown[]): string => content.map((line) => `${JSON.stringify(line)}\n`).join('');
const check = async (contents: readonly Content[], more: Partial<Question> = {}) => {
  const paths: string[] = [];
  for (const content of contents) paths.push(await fileOf(content));
  return checkFiles({ files: paths, key, receipts: [], ...more });
};
/** With heads that were kept, so that only what is wrong with the file is in the way. */
const problems = async (content: Content) => {
  const { proved, problems: found } = await check([KEPT, content]);
  expect(proved).toBe(false);
  return found.join('; ');
};

describe('an export', () => {
  const receipt = hashes[4]?.toString('hex') ?? '';

  it('that nobody touched is proved by heads that were kept, and says where receipts are', async () => {
    expect(await check([KEPT, WHOLE], { receipts: [receipt] })).toEqual({
      proved: true,
      problems: [],
      unproved: [],
      records: 10,
      signedRecords: 10,
      proofs: 0,
      heads: 4,
      keptHeads: 1,
      receipts: [{ leafHash: receipt, cursor: 5 }],
    });
  });

  it.each([
    ['with a byte order mark and CRLF', `\uFEFF${textOf(WHOLE).replaceAll('\n', '\r\n')}`],
    [
      'without its first line, its last line feed, and with empty lines',
      textOf([...HEADS, ...lines])
        .trim()
        .replaceAll('\n', '\n\n'),
    ],
    ['with blanks and escapes of another writer', textOf(WHOLE).replaceAll('","', '" , "').replaceAll('ü', '\\u00FC')],
  ])('is proved %s', async (_how, text) => {
    expect(await check([KEPT, text])).toMatchObject({ proved: true, records: 10 });
  });

  it.each([
    ['nothing', [''], /no record and no proof/],
    ['blank lines', ['\n\n \n'], /no record and no proof/],
    ['heads without records', [HEADS], /no record and no proof/],
    ['an export of a log without records', [KEPT, [BEGIN]], /no record and no proof/],
    ['an export alone, with the heads that came with it', [WHOLE], /no head that you kept/],
    ['records without any head', [lines], /records 1 to 10 are under no head.*no head that you kept/],
    [
      'records that came after the newest head',
      [KEPT, [...HEADS.slice(0, 2), ...lines]],
      /records 8 to 10 are under no/,
    ],
    [
      'a record that was edited when its heads were removed',
      [[BEGIN, ...lines.with(4, { cursor: '5', record: { ...records[5], id: 'other' } as never })]],
      /records 1 to 10 are under no head/,
    ],
    [
      'a record that was added after the last head',
      [KEPT, [...WHOLE, { cursor: '11', record: { ...records[9], id: 'forged' } }]],
      /record(s)? 11 (to 11 )?(is|are) under no head/,
    ],
  ] as ReadonlyArray<[string, readonly Content[], RegExp]>)(
    'of %s is not proved',
    async (_what, contents, expected) => {
      const { proved, problems: found, unproved } = await check(contents);
      expect({ proved, found }).toEqual({ proved: false, found: [] });
      expect(unproved.join('; ')).toMatch(expected);
    },
  );

  const changed = lines.with(4, { cursor: '5', record: { ...lines[4]?.record, outcome: 'forbidden' } as never });
  const moved = lines.with(4, { ...lines[5], cursor: '5' } as never).with(5, { ...lines[4], cursor: '6' } as never);
  const doubled = lines.toSpliced(5, 0, lines[4] as never);
  const inserted = [...lines.slice(0, 5), { cursor: '6', record: { id: 'x', callId: 'x' } }];
  it.each([
    ['a record was changed', [...HEADS, ...changed], 'records 4 to 7 are not those'],
    ['two records changed places', [...HEADS, ...moved], 'records 4 to 7 are not those'],
    [
      'two lines changed places',
      [...HEADS, ...lines.toSpliced(4, 2, lines[5] as never, lines[4] as never)],
      'record 5 is missing: 6 comes',
    ],
    ['a record stands twice', [...HEADS, ...doubled], 'record 6 is missing: 5 comes in its place'],
    ['a record was taken out', [...HEADS, ...lines.toSpliced(4, 1)], 'record 5 is missing: 6 comes in its place'],
    [
      'a record was put in',
      [
        ...HEADS,
        ...inserted,
        ...lines.slice(5).map(({ cursor, record }) => ({ cursor: String(Number(cursor) + 1), record })),
      ],
      'records 4 to 7 are not those',
    ],
    ['a place is written in another way', [...HEADS, { ...lines[0], cursor: '01' }], 'record 1 is missing: 01 comes'],
    ['the end was cut off', [...HEADS, ...lines.slice(0, 8)], 'records 9 to 10 were signed for and are not here'],
    ['a head is signed by another', [headOver(3, hashes, stranger.privateKey), ...lines], 'not signed by this key'],
    ['a head was moved', [{ ...headOver(3), size: 4 }, ...lines], 'the head over 4 records'],
    [
      'a head has words under its signature',
      [{ ...HEADS[0], checkpoint: `${HEADS[0]?.checkpoint}checked by Ada\n` }],
      'not signed by this key',
    ],
    ['the log was forked', [...HEADS, headOver(7, hashes.toReversed()), ...lines], 'the log was forked'],
    [
      'it is of another lab',
      [{ ...BEGIN, verifierKey: verifierKeyText({ name: NAME, key: stranger.publicKey }) }, ...HEADS, ...lines],
      'names the key labmesh/test+',
    ],
    [
      'a line has a member that nobody signed',
      [...HEADS, { ...lines[0], approved: true }],
      'has a member "approved" that nobody signed',
    ],
    ['a head has one', [{ ...HEADS[0], by: 'Ada' }, ...lines], 'has a member "by" that nobody signed'],
  ])('shows that %s', async (_what, content, expected) => {
    expect(await problems(content)).toContain(expected);
  });

  const line = JSON.stringify(lines[0]);
  it.each([
    ['a member twice', line.replace('"outcome":"ok"', '"outcome":"forbidden","outcome":"ok"')],
    ['a member twice, once in escapes', line.replace('"outcome":"ok"', '"outc\\u006fme":"forbidden","outcome":"ok"')],
    ['a member twice, deep down', line.replace('"datasetId":"ds_0"', '"datasetId":"ds_9","datasetId":"ds_0"')],
    ['a member of the line twice', line.replace('{"cursor"', '{"record":{},"cursor"')],
    ['a number in another form', line.replace('"durationMs":0', '"durationMs":0.0')],
    ['a number below zero that is none', line.replace('"durationMs":0', '"durationMs":-0')],
    ['"__proto__"', line.replace('"id"', '"__proto__":{"outcome":"forbidden"},"id"')],
    ['"__proto__", deep down', line.replace('"datasetId"', '"__proto__":"ds_9","datasetId"')],
    ['"__proto__" beside it', line.replace('{"cursor"', '{"__proto__":{"tool":"x"},"cursor"')],
    ['a member more', line.replace('"id"', '"note":"x","id"')],
    ['a number beyond what can be told apart', line.replace('"durationMs":0', '"durationMs":0.00000000000000000000e5')],
  ])('shows that a record has %s', async (_what, altered) => {
    expect(altered).not.toBe(line);
    expect(JSON.parse(altered)).toHaveProperty('cursor', '1');
    const found = await problems(textOf(WHOLE).replace(line, altered));
    expect(found).toMatch(/line 5 of .* (has a member|that nobody signed)|records 1 to 3 are not those/);
  });

  it('shows by heads that were kept that its end was cut off with the heads over it, or that it is another history', async () => {
    const kept = await fileOf([headOver(10)]);
    const cut = await fileOf([...HEADS.slice(0, 2), ...lines.slice(0, 7)]);
    const findings = await checkFiles({ files: [kept, cut], key, receipts: [] });
    expect(findings.problems).toEqual([
      `records 8 to 10 were signed for and are not here: the log was cut, or the heads in ${kept} are newer than the export`,
    ]);
    const other = records.map((record) => ({ ...record, id: `other ${record.id}` }));
    const leaves = other.map((record) => leafHash(canonicalJson(record)));
    const forked = [
      headOver(8, leaves),
      headOver(10, leaves),
      ...other.map((record, at) => ({ cursor: String(at + 1), record })),
    ];
    expect(await problems(forked)).toContain('records 1 to 7 are not those');
  });

  it('may come in parts, and with heads of many days', async () => {
    const parts = [KEPT, [headOver(3)], [...HEADS, ...lines.slice(0, 4)], lines.slice(4)];
    expect(await check(parts)).toMatchObject({ proved: true, keptHeads: 2, signedRecords: 10 });
  });

  it('shows that a receipt is not in it', async () => {
    const absent = 'ab'.repeat(32);
    expect((await check([KEPT, WHOLE], { receipts: [absent] })).problems).toEqual([
      `receipt ${absent} is not in the log`,
    ]);
  });

  it('is refused with the line that is none of it', async () => {
    await expect(check(['{"size":'])).rejects.toThrow(/line 1 of .*: it is not JSON/);
    await expect(check([textOf(WHOLE).slice(0, -20)])).rejects.toThrow(/line 14 of .*: it is not JSON/);
    await expect(check([[HEADS[0], { a: 1 }]])).rejects.toThrow(/line 2 of .*: it is neither/);
    await expect(check([`${'['.repeat(200_000)}${']'.repeat(200_000)}`])).rejects.toThrow(/line 1 of/);
    await expect(check([`{\n"a":\n`])).rejects.toThrow(/the last document of .*: it is not JSON/);
    await expect(check([[...lines, headOver(3)]])).rejects.toThrow('name that file before the export');
    await expect(check([Buffer.from(`\uFEFF${textOf(WHOLE)}`, 'utf16le')])).rejects.toThrow(/line 1 of .*UTF-8/);
    await expect(check([Buffer.concat([Buffer.from(textOf(HEADS)), Buffer.of(0xff, 0x0a)])])).rejects.toThrow(
      /line 4 .*UTF-8/,
    );
    await expect(check(['x'.repeat(LINE_BYTES_MAX + 1)])).rejects.toMatchObject({ code: 'too_large' });
    await expect(check([`{\n${'"a":1,\n'.repeat(200_000)}`])).rejects.toMatchObject({ code: 'too_large' });
    await expect(checkFiles({ files: [join(folder, 'none')], key, receipts: [] })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(checkFiles({ files: [folder], key, receipts: [] })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a proof', async () => {
  const source = async ({ height, index }: { height: number; index: number }) =>
    rootOf(hashes.slice(index * 2 ** height, (index + 1) * 2 ** height));
  const leaf = hashes[6]?.toString('hex') ?? '';
  const proof = {
    record: { ...records[6], cursor: '7', severity: 'info' },
    leafHash: leaf,
    index: 6,
    proof: (await inclusionProof(source, 6, 10)).map((hash) => hash.toString('hex')),
    head: headOver(10),
    verifierKey: verifierKeyText(key),
  };

  it.each([
    ['a head that was kept', [[headOver(10)], [proof]]],
    ['the log, and a head of it that was kept', [KEPT, [proof], [...HEADS, ...lines]]],
    ['a head that was kept, written over several lines', [[headOver(10)], JSON.stringify(proof, null, 2)]],
  ])('shows by %s that its record is in the log', async (_what, contents) => {
    expect(await check(contents, { receipts: [leaf] })).toMatchObject({
      proved: true,
      proofs: 1,
      receipts: [{ cursor: 7 }],
    });
  });

  it.each([
    ['alone', [[proof]]],
    ['with a head over other records', [[headOver(3)], [proof]]],
    ['with a file that is not of heads alone', [[headOver(10), proof]]],
  ])('is not proved %s', async (_how, contents) => {
    const { proved, problems: found, unproved } = await check(contents, { receipts: [leaf] });
    expect({ proved, found }).toEqual({ proved: false, found: [] });
    expect(unproved).toEqual([expect.stringMatching(/the head over 10 records, .* proves record 7, is none you kept/)]);
  });

  const text = JSON.stringify(proof);
  it.each([
    ['the record is another', { ...proof, record: { ...proof.record, outcome: 'forbidden' } }, 'does not show'],
    ['the place is another', { ...proof, index: 5 }, 'does not show'],
    ['a hash is missing', { ...proof, proof: proof.proof.slice(1) }, 'does not show'],
    ['the head is another', { ...proof, head: headOver(10, hashes.toReversed()) }, 'the log was forked'],
    ['the severity was edited', { ...proof, record: { ...proof.record, severity: 'error' } }, 'calls its record error'],
    ['the cursor was edited', { ...proof, record: { ...proof.record, cursor: '8' } }, 'says that its record is 8'],
    ['it names another key', { ...proof, verifierKey: 'labmesh/other+00000000+AA' }, 'names the key labmesh/other'],
    ['it has a member more', { ...proof, note: 'x' }, 'has a member "note" that nobody signed'],
    ['its head has one', { ...proof, head: { ...proof.head, note: 'x' } }, 'has a member "note" that nobody signed'],
    ['a member stands twice', text.replace('"cursor":"7"', '"cursor":"8","cursor":"7"'), 'has a member twice'],
    ['"__proto__" was added', text.replace('"cursor":"7"', '"__proto__":{"tool":"x"},"cursor":"7"'), 'does not show'],
  ] as ReadonlyArray<[string, object | string, string]>)('shows that %s', async (_what, altered, expected) => {
    const { proved, problems: found } = await check([
      [headOver(10)],
      typeof altered === 'string' ? altered : [altered],
    ]);
    expect(proved).toBe(false);
    expect(found.join('; ')).toContain(expected);
  });

  it('is none when its hashes are not written as hashes', async () => {
    for (const hash of [`${proof.proof[0]}zz`, proof.proof[0]?.toUpperCase(), 'ab', ''])
      await expect(check([[{ ...proof, proof: proof.proof.with(0, hash ?? '') }]])).rejects.toThrow('it is neither');
  });
});
