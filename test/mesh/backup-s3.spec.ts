// A lab whose bytes are in S3 (moto's) is carried to another prefix there, and into a folder.
import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { s3Server, temporaryFolder } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { asJson, emptyPlace, type Facts, PASSPHRASE, startOn } from '../harness/backups.js';
import { labmesh } from '../harness/command.js';
import { type Lab, oneProcessLab } from '../harness/lab-under-test.js';

const TEXT = `hour,metres\n${Array.from({ length: 60_000 }, (_, at) => `${at},${(at * 7) % 13}.5`).join('\n')}\n`;

async function hashOf(lab: Lab, datasetId: string): Promise<string> {
  await using client = await lab.connect(lab.operatorToken());
  const { link } = await client.call<{ link?: { url: string } }>('curator_fetch_dataset', { datasetId, as: 'content' });
  const answer = await fetch((link?.url ?? '').replace(/^https?:\/\/[^/]+/, lab.url), {
    headers: { authorization: `Bearer ${lab.operatorToken()}` },
  });
  return hash('sha256', Buffer.from(await answer.arrayBuffer()), 'hex');
}

it('a lab with its bytes in S3 is written into a file, and comes back in S3 and in a folder', async () => {
  await using server = await s3Server();
  await server.makeBucket('lab-bytes');
  const folder = await temporaryFolder('backup-s3');
  const bytesAt = (prefix: string) => ({
    ...server.env,
    BLOBS_URL: `s3://lab-bytes/${prefix}?endpoint=${server.endpoint}&region=us-east-1`,
  });
  await using lab = await oneProcessLab(bytesAt('first'));
  await using operator = await lab.connect(lab.operatorToken());
  const { dataset } = await operator.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
    ...{ name: 'Tides in S3', format: 'csv', content: TEXT },
  });
  const file = join(folder, 's3.labmesh');
  // Without the address its bytes are not found, and no file is left.
  expect(await labmesh(lab, ['backup', '--out', file], PASSPHRASE)).toMatchObject({
    ...{ code: 5, err: expect.stringContaining('BLOBS_URL') },
  });
  const made = await asJson<Facts>(
    labmesh(lab, ['backup', '--out', file, '--json'], { ...PASSPHRASE, ...bytesAt('first') }),
  );
  expect(made.content.count).toBeGreaterThan(0);

  for (const env of [bytesAt('second'), {}]) {
    const there = await emptyPlace();
    const dry = labmesh(there, ['restore', file, '--dry-run', '--json'], { ...PASSPHRASE, ...env });
    expect(await asJson(dry)).toMatchObject({ restored: false });
    const restored = labmesh(there, ['restore', file, '--json'], { ...PASSPHRASE, ...env });
    expect(await asJson(restored)).toMatchObject({ restored: true, into: { keys: 'written' } });
    const again = await startOn(there, env);
    expect(await hashOf({ ...again }, dataset.datasetId)).toBe(hash('sha256', TEXT, 'hex'));
    await again[Symbol.asyncDispose]();
    await rm(there.home, { recursive: true, force: true });
  }
  // A prefix with another lab's bytes is no place for this one.
  const other = await emptyPlace();
  await server.makeBucket('others');
  await using second = await oneProcessLab({
    ...server.env,
    BLOBS_URL: `s3://others/x?endpoint=${server.endpoint}&region=us-east-1`,
  });
  await using theirs = await second.connect(second.operatorToken());
  await theirs.call('curator_submit_dataset', { name: 'Another', format: 'csv', content: `${TEXT}0,0\n` });
  const env = { ...server.env, BLOBS_URL: `s3://others/x?endpoint=${server.endpoint}&region=us-east-1` };
  expect(await labmesh(other, ['restore', file], { ...PASSPHRASE, ...env })).toMatchObject({
    ...{ code: 6, err: expect.stringContaining('content of another lab') },
  });
  await rm(folder, { recursive: true, force: true });
});
