// Bytes in and out beside MCP: a file that is too large for a call is uploaded, becomes a dataset, and comes back by a link; whose
// they are, what holds when something is cut, and when they end.
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { roundsUntil } from '../harness/rounds.js';
import { type At, begin, bring, offsetOf, piece, tusRequest } from '../harness/tus.js';

interface Link {
  readonly blobId: string;
  readonly url: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** About a megabyte of CSV, other each time: the same content twice is stored once. */
function numbers(): Buffer {
  const salt = crypto.randomUUID();
  return Buffer.from(`salt,number\n${Array.from({ length: 25_000 }, (_, at) => `${salt},${at}`).join('\n')}\n`);
}

const get = (url: string, token: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } });

/** An upload that is cut and goes on at another address, becomes a dataset, and comes back at each of them. */
export async function inAndOut(lab: Lab, operator: LabClient, urls: readonly [string, string]): Promise<void> {
  const [ada, ben] = [await newcomer(operator, 'researcher'), await newcomer(operator, 'researcher')];
  const content = numbers();
  const [here, there] = urls.map((url): At => ({ url, token: ada.token })) as [At, At];
  const path = await bring(here, content, { upTo: 600_000 });
  const stood = await offsetOf(there, path);
  expect(stood).toBeGreaterThanOrEqual(600_000);
  expect(stood).toBeLessThan(content.length);
  expect(await offsetOf({ url: lab.url, token: ben.token }, path)).toBeUndefined();
  expect((await piece(there, path, 7, 'x')).status).toBe(409);
  await bring(there, content, { path });

  await using theirs = await lab.connect(ada.token);
  await using others = await lab.connect(ben.token);
  const uploadId = path.split('/').at(-1);
  const submission = { name: 'Numbers', format: 'csv', uploadId };
  expect((await others.refused('curator_submit_dataset', submission)).code).toBe('not_found');
  const { dataset } = await theirs.call<{ dataset: { datasetId: string; rows: number; sha256: string } }>(
    'curator_submit_dataset',
    submission,
  );
  expect(dataset).toMatchObject({ rows: 25_000, sha256: hash('sha256', content, 'hex') });
  expect(await offsetOf(here, path)).toBeUndefined();

  const answer = await theirs.client.callTool({
    name: 'curator_fetch_dataset',
    arguments: { datasetId: dataset.datasetId, as: 'content' },
  });
  const { link } = answer.structuredContent as { link: Link };
  expect(link).toMatchObject({ bytes: content.length, mediaType: 'text/csv', url: `${lab.url}/blobs/${link.blobId}` });
  expect(answer.content).toContainEqual(
    expect.objectContaining({ type: 'resource_link', uri: link.url, mimeType: 'text/csv', size: content.length }),
  );
  for (const url of urls) {
    const address = link.url.replace(lab.url, url);
    const whole = await get(address, ada.token);
    expect(whole.status).toBe(200);
    expect(Buffer.from(await whole.arrayBuffer()).equals(content)).toBe(true);
    const part = await get(address, ada.token, { range: 'bytes=1000-1999' });
    expect([part.status, await part.text()]).toEqual([206, content.subarray(1_000, 2_000).toString()]);
    expect((await get(address, ada.token, { 'if-none-match': whole.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await get(address, ben.token)).status).toBe(404);
    expect((await fetch(address)).status).toBe(401);
    expect(await curled(address, ada.token)).toBe(content.subarray(-500).toString());
  }
  await theirs.call('curator_withdraw_dataset', { datasetId: dataset.datasetId });
  expect((await get(link.url, ada.token)).status).toBe(404);
  const records = await recordsOf(operator, ada.walletId);
  expect(records).toEqual(expect.arrayContaining(['upload:begin', 'upload:finish', 'blob:open', 'submit_dataset']));
}

/** The last 500 bytes, by the command that people have. */
async function curled(url: string, token: string): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', [
    '-sS',
    '-r',
    '-500',
    '-H',
    `Authorization: Bearer ${token}`,
    url,
  ]);
  return stdout;
}

async function recordsOf(operator: LabClient, walletId: string): Promise<string[]> {
  const { records } = await operator.call<{ records: Array<{ tool: string }> }>('sentinel_audit_query', {
    walletId,
    limit: 200,
  });
  return records.map(({ tool }) => tool);
}

/** What may not come in: too much, too many, by whom it may not. */
export async function notTaken(lab: Lab, operator: LabClient): Promise<void> {
  const [ada, citizen] = [await newcomer(operator, 'researcher'), await newcomer(operator)];
  const at = { url: lab.url, token: ada.token };
  const codeOf = async (response: Response): Promise<unknown[]> => [response.status, (await response.json()).code];
  expect(await codeOf(await begin(at, 11 * 1024 ** 3))).toEqual([413, 'too_large']);
  expect(await codeOf(await begin({ ...at, token: citizen.token }, 3))).toEqual([403, 'forbidden']);
  const begun: string[] = [];
  for (let one = 0; one < 32; one++) begun.push((await begin(at, 1)).headers.get('location') ?? '');
  expect(await codeOf(await begin(at, 1))).toEqual([413, 'quota_exceeded']);
  for (const path of begun) expect((await tusRequest(at, 'DELETE', path)).status).toBe(204);
  expect((await begin(at, 1)).status).toBe(201);
}

/** Rounds from a withdrawal until a piece that was on its way is over; what came before it is kept. */
export async function withdrawnEnds(lab: Lab, operator: LabClient): Promise<number> {
  const key = { kind: 'client_key' };
  const made = await operator.call<{ token: string; tokenId: string }>('sentinel_generate_wallet_token', key);
  const at = { url: lab.url, token: made.token };
  const path = (await begin(at, 10)).headers.get('location') ?? '';
  const body = new Readable({ read() {} });
  body.push('abc');
  let over = false;
  const sending = piece(at, path, 0, Readable.toWeb(body) as ReadableStream)
    .then(
      () => undefined,
      () => undefined,
    )
    .finally(() => (over = true));
  await expect.poll(() => arrived(lab, path)).toBe(3);
  await operator.call('sentinel_revoke_token', { tokenId: made.tokenId });
  const rounds = await roundsUntil(async () => {
    await operator.call('architect_list_available_templates');
    return over;
  });
  body.push(null);
  await sending;
  expect(await offsetOf({ url: lab.url, token: lab.operatorToken() }, path)).toBe(3);
  return rounds;
}

/** How much of an upload is on the disk. */
export const arrived = async (lab: Lab, path: string): Promise<number> =>
  (await stat(join(lab.bytes, 'uploads', path.split('/').at(-1) ?? ''))).size;

const MANY = 400_000;
/** Some 20 MB of JSON lines, other each time. */
function manyRows(): Buffer {
  const salt = crypto.randomUUID();
  const lines = Array.from(
    { length: MANY },
    (_, n) => `{"n":${n},"x":${n / 4},"salt":"${salt.slice(0, 13)}","gap":${n % 5 === 0 ? 'null' : n}}`,
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** More rows than memory is given: uploaded, asked, read by the page, turned into Parquet, and downloaded; wrong ones leave nothing. */
export async function anySize(lab: Lab, operator: LabClient): Promise<void> {
  const ada = await newcomer(operator, 'researcher');
  const at = { url: lab.url, token: ada.token };
  await using theirs = await lab.connect(ada.token);
  const content = manyRows();
  const submitted = async (bytes: Buffer) => ({
    name: 'Many numbers',
    format: 'ndjson',
    uploadId: (await bring(at, bytes, { chunk: 4_000_000 })).split('/').at(-1),
  });
  type Stored = { dataset: { datasetId: string; rows: number; sha256: string; bytes: number } };
  const { dataset } = await theirs.call<Stored>('curator_submit_dataset', await submitted(content));
  const { datasetId } = dataset;
  expect(dataset).toMatchObject({ rows: MANY, bytes: content.length, sha256: hash('sha256', content, 'hex') });

  const sql = 'SELECT count(*), sum(n), sum(x), count(gap) FROM data';
  const { rows } = await theirs.call<{ rows: unknown[][] }>('curator_query_dataset', { data: datasetId, sql });
  const sum = (MANY * (MANY - 1)) / 2;
  expect(rows).toEqual([[MANY, sum, sum / 4, (MANY / 5) * 4]]);
  const last = { datasetId, offset: MANY - 1, columns: ['n', 'gap'] };
  expect(await theirs.call('curator_fetch_dataset', last)).toMatchObject({ rows: [{ n: MANY - 1, gap: MANY - 1 }] });

  const turned = await theirs.call<Stored>('curator_transform_data_format', { datasetId, to: 'parquet' });
  const asContent = { datasetId: turned.dataset.datasetId, as: 'content' };
  const { link } = await theirs.call<{ link: Link }>('curator_fetch_dataset', asContent);
  const parquet = Buffer.from(await (await get(link.url, ada.token)).arrayBuffer());
  expect(hash('sha256', parquet, 'hex')).toBe(turned.dataset.sha256);
  expect(parquet.subarray(0, 4).toString()).toBe('PAR1');

  const wrong = await submitted(Buffer.concat([content, Buffer.from('{"n":\n')]));
  const refusal = await theirs.refused('curator_submit_dataset', wrong);
  expect([refusal.code, refusal.message]).toEqual(['invalid_input', expect.stringContaining(`row ${MANY}`)]);
  const { datasets } = await theirs.call<{ datasets: unknown[] }>('curator_list_available_datasets', { owner: 'mine' });
  expect(datasets).toHaveLength(2);
}
