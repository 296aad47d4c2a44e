// What a wallet can do with the receipts of its calls, and an operator with an export: proven with files and a key alone.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, labmesh } from './command.js';
import type { Lab } from './lab-under-test.js';
import { rawCall } from './raw-calls.js';

interface Receipt {
  readonly leafHash: string;
  readonly log: string;
}

/** Nothing listens there: whoever asks the lab fails. */
const NO_LAB = { LABMESH_URL: 'http://127.0.0.1:9' };

/** Calls as a new wallet, an allowed one, a failing one and a refused one, and takes their receipts through the whole way. */
export async function provenCalls(lab: Lab): Promise<void> {
  const file = (name: string): string => join(lab.home, name);
  const run = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => labmesh(lab, args, env);
  const wallet = JSON.parse((await run(['wallet', 'create', '--role', 'citizen', '--json'])).out) as {
    walletId: string;
  };
  const made = await run(['token', 'create', '--wallet', wallet.walletId, '--kind', 'client_key']);
  const target = { url: lab.url, token: made.out.trim() };
  const calls = [
    await rawCall(target, 'chancellor_get_balance', {}),
    await rawCall(target, 'curator_fetch_dataset', { datasetId: 'ds_not-there' }),
  ];
  const receipts = calls.map(({ meta }) => meta['labmesh/receipt'] as Receipt);
  const hashes = receipts.map(({ leafHash }) => leafHash);
  expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);

  const key = await run(['audit', 'key']);
  expect(key).toMatchObject({ code: 0, out: expect.stringContaining(`${receipts[0]?.log}+`) });
  await writeFile(file('log.pub'), key.out);

  // The wallet's own proof, which needs no more rights than the call did; another wallet gets none.
  const own = { LABMESH_TOKEN: target.token };
  const proof = await run(['audit', 'proof', hashes[1] ?? ''], own);
  expect(proof.code).toBe(0);
  await writeFile(file('proof.json'), proof.out);
  const verify = (...args: string[]): Promise<Ended> =>
    run(['audit', 'verify', '--key', file('log.pub'), ...args], NO_LAB);
  // Signed by the log's key, and nobody kept a head yet that would show another history.
  expect(await verify('--receipt', hashes[1] ?? '', file('proof.json'))).toMatchObject({
    code: 8,
    err: expect.stringContaining('is none you kept'),
  });
  await writeFile(file('heads.jsonl'), (await run(['audit', 'heads'], own)).out);
  expect(await verify('--receipt', hashes[1] ?? '', file('heads.jsonl'), file('proof.json'))).toMatchObject({
    code: 0,
  });
  const other = await run(['token', 'create', '--permission', 'audit:prove']);
  expect(await run(['audit', 'proof', hashes[0] ?? ''], { LABMESH_TOKEN: other.out.trim() })).toMatchObject({
    code: 5,
  });

  const kept = file('kept-heads.jsonl');
  await copyFile(file('audit-heads.jsonl'), kept);
  expect(await run(['audit', 'export', '--to', file('audit.jsonl')])).toMatchObject({ code: 0 });
  const whole = await verify(...hashes.flatMap((hash) => ['--receipt', hash]), kept, file('audit.jsonl'));
  expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/heads, \d+ of them kept: proved/) });
  expect(await verify('--json', file('audit.jsonl'))).toMatchObject({
    code: 8,
    out: expect.stringMatching(/"proved": false/),
    err: expect.stringContaining('"code":"not_proved"'),
  });
  const text = await readFile(file('audit.jsonl'), 'utf8');
  await writeFile(file('forged.jsonl'), text.replace('"tool":"fetch_dataset"', '"tool":"get_schema"'));
  expect(await verify(file('forged.jsonl'))).toMatchObject({
    code: 6,
    err: expect.stringContaining('not what was signed'),
  });
  const lines = text.trim().split('\n');
  await writeFile(file('cut.jsonl'), lines.slice(0, -2).join('\n'));
  expect(await verify(file('cut.jsonl'))).toMatchObject({ code: 6, out: expect.stringContaining('the log was cut') });

  await using operator = await lab.connect(lab.operatorToken());
  expect(await operator.call('sentinel_audit_verify', {})).toMatchObject({ intact: true, problems: [] });
}
