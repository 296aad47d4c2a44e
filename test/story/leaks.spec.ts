// Keys that leaked into files: found without the lab, known to it by their hashes, withdrawn, and other people's kept quiet about.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@labmesh/testing';
import { expect } from 'vitest';
import { labmesh } from '../harness/command.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

interface Made {
  readonly token: string;
  readonly tokenId: string;
}
interface Report {
  readonly asked: boolean;
  readonly found: ReadonlyArray<{ file: string; line: number; hash: string; tokenId?: string; state?: string }>;
}

verifies('tokens:leaked', async () => {
  const lab = sharedLab();
  await using operator = await lab.connect(lab.operatorToken());
  const make = (wish: object): Promise<Made> =>
    operator.call<Made & object>('sentinel_generate_wallet_token', { ...wish });
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
  });
  const mine = await make({ kind: 'client_key', label: 'in a notebook' });
  const theirs = await make({ kind: 'client_key', walletId });
  const access = await make({ walletId });
  const folder = await temporaryFolder('leaks');
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src/config.py'), `# x\nTOKEN = "${mine.token}"\n`);
  await writeFile(join(folder, 'notes.md'), `${theirs.token} and ${access.token}`);

  // Without a lab.
  const nowhere = { LABMESH_URL: 'http://127.0.0.1:9' };
  const offline = await labmesh(lab, ['token', 'scan', folder], nowhere);
  expect(offline.code).toBe(6);
  expect(offline.out).toContain(`${join(folder, 'src/config.py')}:2:10  client_key  ${mine.token.slice(0, 8)}…`);
  expect(await labmesh(lab, ['token', 'scan', join(folder, '../nothing-of-it')], nowhere)).toMatchObject({ code: 5 });
  const unasked = await labmesh(lab, ['token', 'scan', '--check', '--json', folder], nowhere);
  expect(unasked.code).toBe(7);
  expect((JSON.parse(unasked.out) as Report).found).toHaveLength(3);
  await writeFile(join(folder, 'clean.txt'), 'lmk_ is how a key begins');
  expect(await labmesh(lab, ['token', 'scan', join(folder, 'clean.txt')], nowhere)).toMatchObject({ code: 0 });

  const report = async (flags: string[], token?: string): Promise<Report['found']> => {
    const env = token === undefined ? undefined : { LABMESH_TOKEN: token };
    const { code, out } = await labmesh(lab, ['token', 'scan', '--json', ...flags, folder], env);
    expect(code).toBe(6);
    for (const secret of [mine, theirs, access]) expect(out).not.toContain(secret.token);
    const { asked, found } = JSON.parse(out) as Report;
    expect(asked).toBe(flags.length > 0);
    return found;
  };
  const states = async (flags: string[], token?: string) =>
    Object.fromEntries((await report(flags, token)).map(({ tokenId = '', state }) => [tokenId, state]));
  const all = [mine.tokenId, theirs.tokenId, access.tokenId];
  expect(await states(['--check'])).toEqual(Object.fromEntries(all.map((id) => [id, 'good'])));
  // Another wallet's key is to the researcher as one that never was.
  const seen = await report(['--check'], theirs.token);
  expect(seen.filter(({ state }) => state !== undefined).map(({ tokenId }) => tokenId)).toEqual(
    expect.arrayContaining([theirs.tokenId, access.tokenId]),
  );
  expect(JSON.stringify(seen)).not.toContain(mine.tokenId);

  // list_tokens tells which of them a found key is.
  const { tokens } = await operator.call<{ tokens: Array<{ tokenId: string; fingerprint?: string }> }>(
    'sentinel_list_tokens',
  );
  const hash = (await report([])).find(({ file }) => file.endsWith('config.py'))?.hash ?? '';
  expect(tokens.find(({ fingerprint }) => fingerprint === hash.slice(0, 16))?.tokenId).toBe(mine.tokenId);

  expect(await states(['--revoke'])).toEqual(Object.fromEntries(all.map((id) => [id, 'revoked'])));
  for (const { token } of [mine, theirs, access]) await expect(lab.connect(token)).rejects.toThrow();
});
