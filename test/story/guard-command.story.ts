// `labmesh role`, `policy` and `anomaly` as an operator uses them on a lab of its own, whose policy and members they change.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { rawCall } from '../harness/raw-calls.js';
import { verifies } from '../requirements.js';
import { BLOCKING, guess, type Member, newMember, until } from './anomalies.story.js';

const LIST = 'curator_list_available_datasets';
const DENIAL = {
  id: 'no-lists',
  description: 'While the store is moved',
  deny: { roles: ['researcher'], tools: [LIST] },
};

interface Policy {
  readonly rules?: object[];
  readonly anomalies?: object;
}

export function guardCommandStory(start: () => Promise<LabUnderTest>): void {
  let lab: LabUnderTest;
  let operator: LabClient;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labmesh-guard-'));
    lab = await start();
    operator = await lab.connect(lab.operatorToken());
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const labmesh = (...args: string[]): Promise<Ended> => labmeshTold(lab, args, { cwd: folder, env: { HOME: folder } });
  const as = (who: Member, ...args: string[]): Promise<Ended> =>
    labmeshTold(lab, args, { cwd: folder, env: { HOME: folder, LABMESH_TOKEN: who.token } });
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await labmesh(...args, '--json');
    expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
    return JSON.parse(out) as T;
  };
  const listed = async ({ token }: Member): Promise<string> => {
    const { isError, body } = await rawCall({ url: lab.url, token }, LIST);
    return isError ? String(body.code) : 'ok';
  };
  const becomes = async (who: Member, wanted: string): Promise<void> => {
    expect(
      await until(
        () => listed(who),
        (said) => said === wanted,
      ),
    ).toBe(wanted);
  };

  const roles = async (who: Member): Promise<void> => {
    expect((await labmesh('role', 'list')).out).toMatch(/PERMISSION .*RESEARCHER[\s\S]*dataset:read .*yes/);
    expect(await labmesh('role', 'set', who.walletId, 'emperor')).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('researcher') },
    });
    expect(await as(who, 'role', 'set', who.walletId, 'developer')).toMatchObject({ code: 4 });
    expect((await labmesh('role', 'set', who.walletId, 'citizen')).out).toMatch(
      /researcher -> citizen\n( +lost [\w:]+\n)+/,
    );
    const denied = await labmesh('role', 'explain', 'curator_submit_dataset', '--wallet', who.walletId);
    expect(denied).toMatchObject({ code: 0, out: expect.stringMatching(/^denied .*dataset:write/) });
    expect((await as(who, 'role', 'explain', LIST)).out).toMatch(/^allowed /);
    expect(
      await as(who, 'role', 'explain', LIST, '--wallet', 'wal_01a22539-f984-7000-8000-1dd44052026b'),
    ).toMatchObject({
      code: 4,
    });
    expect(await labmesh('role', 'explain', 'curator_fly')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^denied .*No such tool/),
    });
    expect(await json('role', 'set', who.walletId, 'researcher')).toMatchObject({
      before: 'citizen',
      role: 'researcher',
    });
  };

  const policies = async (who: Member): Promise<void> => {
    const shown = await labmesh('policy', 'show');
    expect(shown).toMatchObject({ code: 0, err: expect.stringContaining('Version 0; in force is 0') });
    const policy = JSON.parse(shown.out) as Policy;
    const file = join(folder, 'policy.json');
    await writeFile(file, JSON.stringify({ ...policy, rules: [...(policy.rules ?? []), DENIAL] }));
    await becomes(who, 'ok');
    const set = ['policy', 'set', 'policy.json', '--note', 'A move'];
    expect(await as(who, ...set)).toMatchObject({ code: 4 });
    expect(await labmesh(...set, '--since-hours', '1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--dry-run'),
    });
    const tried = await labmesh(...set, '--dry-run', '--since-hours', '1');
    expect(tried).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing was set\.[\s\S]*no-lists/) });
    expect(tried.out).toMatch(
      new RegExp(`Of \\d+ calls since .*: [1-9]\\d* would be denied[\\s\\S]*${who.walletId} +researcher +${LIST}`),
    );
    expect(await listed(who)).toBe('ok');

    expect(await json(...set, '--base', '0')).toMatchObject({ version: 1, set: true });
    await becomes(who, 'forbidden');
    expect(await labmesh(...set, '--base', '0')).toMatchObject({ code: 6 });
    expect((await labmesh(...set)).out).toContain('says the same already');
    expect((await labmesh('policy', 'list')).out).toMatch(/1 \(in force\) .*A move .*no-lists/);
    await writeFile(file, '{"rules": [{"id": "Not An Id"}]}');
    expect(await labmesh(...set)).toMatchObject({ code: 2, err: expect.stringContaining('rules') });
    expect(JSON.parse((await labmesh('policy', 'show', '--release', '0')).out)).toEqual(policy);
    expect(await labmesh('policy', 'show', '--release', '99')).toMatchObject({ code: 5 });
    expect((await labmesh('policy', 'restore', '0', '--note', 'Moved')).out).toMatch(/^Version 2 is in force/);
    await becomes(who, 'ok');
    expect(JSON.parse((await labmesh('policy', 'show')).out)).toEqual(policy);
  };

  const anomalies = async (): Promise<void> => {
    const who = await newMember(operator);
    const policy = JSON.parse((await labmesh('policy', 'show')).out) as Policy;
    await writeFile(join(folder, 'strict.json'), JSON.stringify({ ...policy, ...BLOCKING }));
    expect(await labmesh('policy', 'set', 'strict.json', '--note', 'Strict')).toMatchObject({ code: 0 });
    const blocked = await until(
      () => guess({ url: lab.url, token: who.token }),
      ({ body }) => body.code === 'forbidden',
    );
    expect(blocked.body.code).toBe('forbidden');
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const open = ['anomaly', 'list', '--state', 'open', '--wallet', who.walletId, '--from', from];
    const { anomalies: found } = await json<{ anomalies: Array<{ id: string }> }>(...open);
    expect(found).toMatchObject([{ walletId: who.walletId, state: 'open', restricted: true }]);
    const id = found[0]?.id ?? '';
    expect(await labmesh(...open)).toMatchObject({
      code: 0,
      out: expect.stringContaining(id),
      err: expect.stringMatching(/\d+ are open/),
    });
    expect(await as(who, ...open)).toMatchObject({ code: 4 });
    const scanned = await labmesh('anomaly', 'scan', '--from', from, '--wallet', who.walletId);
    expect(scanned).toMatchObject({ code: 0, err: expect.stringMatching(/[1-9]\d* calls scored/) });
    expect(await labmesh('anomaly', 'scan', '--from', 'once')).toMatchObject({ code: 2 });
    expect(await labmesh('anomaly', 'resolve', id, 'sure')).toMatchObject({ code: 2 });
    const resolved = await labmesh('anomaly', 'resolve', id, 'false_alarm', '--note', 'A new notebook');
    expect(resolved).toMatchObject({ code: 0, out: expect.stringMatching(/^Resolved ano_[\s\S]*kept from nothing/) });
    await becomes(who, 'ok');
    expect(await labmesh('anomaly', 'resolve', id, 'real')).toMatchObject({ code: 6 });
    expect((await labmesh('anomaly', 'ls', '--state', 'resolved')).out).toMatch(new RegExp(`${id} .*false_alarm`));
  };

  verifies('command:guarded', async () => {
    const who = await newMember(operator);
    await roles(who);
    await policies(who);
    await anomalies();
  });

  verifies('command:tried', async () => {
    const who = await newMember(operator);
    const { tokens } = await json<{ tokens: Array<{ tokenId: string }> }>('token', 'list', '--wallet', who.walletId);
    const [{ tokenId } = { tokenId: '' }] = tokens;
    expect(await json('token', 'revoke', tokenId, '--dry-run')).toEqual({ wouldEnd: [tokenId] });
    const all = await labmesh('token', 'revoke', '--wallet', who.walletId, '--dry-run');
    expect(all).toMatchObject({ code: 0, out: `Would be withdrawn: ${tokenId}\n` });
    expect(await listed(who)).toBe('ok');
    expect(await json('token', 'revoke', tokenId)).toEqual({ tokenIds: [tokenId] });
    expect((await labmesh('token', 'revoke', tokenId, '--dry-run')).out).toContain('nothing, none is good any more');
  });
}
