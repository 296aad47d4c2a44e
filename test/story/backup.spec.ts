// Backups of a lab in one process; and what becomes of files that are not whole, places that are not empty, and restores that are
// killed.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child, type LabClient, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { asJson, backup, booksOf, emptyPlace, type Facts, PASSPHRASE, restore, startOn } from '../harness/backups.js';
import { newcomer } from '../harness/belongings.js';
import { labmesh } from '../harness/command.js';
import { ROOT } from '../harness/lab-under-test.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { backupStory } from './backup.story.js';

const lab = sharedLab();
let operator: LabClient;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('damaged');
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

backupStory(() => ({ lab, operator, where: [] }));

const file = (name: string): string => join(folder, name);
const tar = (...args: string[]) => promisify(execFile)('tar', args, { cwd: folder });
const verify = (path: string, env: Record<string, string> = PASSPHRASE) =>
  labmesh(lab, ['backup', 'verify', path, '--json'], env);

describe('a backup', () => {
  verifies('backup:damage', async () => {
    await asJson(backup(lab, file('good')));
    const { size } = await stat(file('good'));
    const good = await readFile(file('good'));
    await using there = await emptyPlace();
    const refused = async (path: string, code: number, words: RegExp, env?: Record<string, string>): Promise<void> => {
      const ended = [await verify(path, env), await labmesh(there, ['restore', path, '--json'], env ?? PASSPHRASE)];
      for (const { code: exit, err } of ended) {
        expect(exit).toBe(code);
        expect(err).toMatch(words);
        expect(err).not.toMatch(/\n\s+at /);
      }
      expect(await readdir(there.home)).toEqual([]);
    };
    for (const cut of [size - 1_500, Math.floor(size / 2), 700]) {
      await writeFile(file('cut'), good);
      await truncate(file('cut'), cut);
      await refused(file('cut'), 6, /damaged|changed/);
    }
    for (const share of [0.2, 0.5, 0.8]) {
      const edited = Buffer.from(good);
      // Not in the zeros that fill up an archive: they are nobody's.
      const at = edited.findIndex((byte, place) => place > size * share && byte !== 0);
      edited[at] = (edited[at] ?? 0) ^ 1;
      await writeFile(file('edited'), edited);
      await refused(file('edited'), 6, /damaged|changed/);
    }
    await writeFile(file('other'), 'hour,metres\n0,1\n');
    await refused(file('other'), 2, /no backup/);
    await refused(file('nowhere'), 5, /Cannot find/);
    await refused(file('good'), 2, /not the passphrase/, { LABMESH_BACKUP_PASSPHRASE: 'another passphrase' });

    await rm(file('x'), { recursive: true, force: true });
    await promisify(execFile)('mkdir', [file('x')]);
    await tar('xf', 'good', '-C', 'x');
    const names = (await tar('tf', 'good')).stdout.trim().split('\n');
    const content = names.find((name) => name.startsWith('blobs/'));
    await tar('cf', 'without', '-C', 'x', ...names.filter((name) => name !== content));
    await refused(file('without'), 6, /content/);
    const manifest = JSON.parse(await readFile(file('x/manifest.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(file('x/backup.json'), JSON.stringify({ ...manifest, version: 2 }));
    await tar('cf', 'newer', '-C', 'x', ...names);
    await refused(file('newer'), 6, /version 2/);
  });

  verifies('backup:refusals', async () => {
    const { client } = await newcomer(lab, operator, 'may not carry');
    const { token } = await client.call<{ token: string }>('sentinel_generate_wallet_token');
    await client[Symbol.asyncDispose]();
    const theirs = await labmesh(lab, ['backup', '--out', file('theirs')], { ...PASSPHRASE, LABMESH_TOKEN: token });
    expect([theirs.code, theirs.err]).toEqual([4, expect.stringContaining('key:rotate')]);
    const unsealed = await labmesh(lab, ['backup', '--out', file('unsealed')]);
    expect([unsealed.code, unsealed.err]).toEqual([2, expect.stringContaining('--passphrase-file')]);
    const short = await labmesh(lab, ['backup', '--out', file('short')], { LABMESH_BACKUP_PASSPHRASE: 'short' });
    expect([short.code, short.err]).toEqual([2, expect.stringContaining('12 characters')]);
    await asJson(backup(lab, file('there')));
    expect(await backup(lab, file('there'))).toMatchObject({ code: 6, err: expect.stringContaining('--force') });
    await asJson(backup(lab, file('there'), '--force'));
    const used = await labmesh(lab, ['restore', file('there'), '--json'], PASSPHRASE);
    expect(used).toMatchObject({ code: 6, err: expect.stringContaining('uses it') });
    expect((await readdir(folder)).filter((name) => /unsealed|short|theirs|part|rows/.test(name))).toEqual([]);

    // The folder says which lab is meant, and whose token is shown to it.
    const byHome = ['backup', '--out', file('by-home'), '--home', lab.home, '--json'];
    await asJson(labmesh(lab, byHome, { ...PASSPHRASE, LABMESH_HOME: '', HOME: folder }));

    const keyless = await asJson<Facts>(labmesh(lab, ['backup', '--out', file('keyless'), '--without-keys', '--json']));
    expect(keyless.keys).toBe('left out');
    await using there = await emptyPlace();
    const ended = await labmesh(there, ['restore', file('keyless')]);
    expect(ended).toMatchObject({ code: 0, err: expect.stringContaining('needs its master key') });
    await expect(startOn(there)).rejects.toThrow(/master.key is not there/);
    // A key that is not the lab's is found before anything is written, here and when the backup is made.
    const foreign = { LABMESH_MASTER_KEY: randomBytes(32).toString('base64url') };
    await using other = await emptyPlace();
    expect(await labmesh(other, ['restore', file('keyless')], foreign)).toMatchObject({
      ...{ code: 6, err: expect.stringMatching(/not this lab’s.*Nothing was written/) },
    });
    expect(await readdir(other.home)).toEqual([]);
    const wrong = await labmesh(lab, ['backup', '--out', file('wrong-key')], { ...PASSPHRASE, ...foreign });
    expect(wrong).toMatchObject({ code: 6, err: expect.stringContaining('not this lab’s') });
    expect((await readdir(folder)).filter((name) => name.includes('wrong-key'))).toEqual([]);
    await writeFile(join(there.home, 'master.key'), await readFile(join(lab.home, 'master.key')), { mode: 0o600 });
    await (await startOn(there))[Symbol.asyncDispose]();
  });

  verifies('backup:killed', async () => {
    await asJson(backup(lab, file('whole')));
    await using there = await emptyPlace();
    const restoring = new Child({
      command: process.execPath,
      args: ['apps/cli/bin/labmesh.js', 'restore', file('whole')],
      cwd: ROOT,
      env: { LABMESH_HOME: there.home, ...PASSPHRASE },
    });
    // Content comes once the database is marked, and before any row.
    await restoring.until(() => existsSync(join(there.home, 'blobs/curator')));
    await restoring.crash();
    await expect(startOn(there)).rejects.toThrow(/a restore into it was begun and not finished.*restore/);
    expect(await asJson(restore(there, file('whole')))).toMatchObject({ restored: true, into: { again: true } });
    await using restored = await startOn(there);
    expect(await booksOf(restored)).toMatchObject({ clean: true });
  });
});
