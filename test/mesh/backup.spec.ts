// Backups of a mesh: rows as the database's owner, while its processes write; and back into a database with a role for each agent.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@labmesh/testing';
import pg from 'pg';
import { expect, it } from 'vitest';
import { asJson, backup, emptyPlace, restore } from '../harness/backups.js';
import { meshServers } from '../harness/mesh-credentials.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { backupStory } from '../story/backup.story.js';

const mesh = sharedMesh();

/** Where `labmesh mesh init` wrote the credentials that the processes run with. */
const credentials = (): string => dirname(dirname(mesh.lab.place.apps.sentinel?.NATS_NKEY_FILE ?? ''));

backupStory(() => ({ lab: mesh.lab, operator: mesh.operator, where: ['--mesh', credentials()] }));

it('what comes back into a database with roles is each agent’s own', async () => {
  const folder = await temporaryFolder('roles');
  const file = join(folder, 'mesh.labmesh');
  await asJson(backup(mesh.lab, file, '--mesh', credentials()));
  await using servers = await meshServers('http://127.0.0.1:3000');
  await using there = await emptyPlace();
  expect(await asJson(restore(there, file, '--mesh', servers.folder))).toMatchObject({
    restored: true,
    into: { database: 'postgres', keys: 'written' },
  });
  const client = new pg.Client(servers.settings('chancellor').DATABASE_URL ?? '');
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*)::int AS wallets FROM chancellor.wallets');
    expect(rows[0]).toMatchObject({ wallets: expect.any(Number) });
    expect((rows[0] as { wallets: number }).wallets).toBeGreaterThan(0);
    await expect(client.query('SELECT 1 FROM sentinel.credentials')).rejects.toThrow('permission denied');
  } finally {
    await client.end();
  }
  await rm(folder, { recursive: true, force: true });
});
