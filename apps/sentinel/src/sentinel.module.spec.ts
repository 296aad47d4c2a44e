// The Sentinel as the lab runs it: the module in a process, with the embedded database and the in-process bus.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '@labmesh/agent';
import { chancellor, sentinel, toolSubject } from '@labmesh/contracts';
import { Authenticator } from '@labmesh/endpoint';
import { parseKeySet } from '@labmesh/identity';
import { BUS, readLabConfig } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperatorAccount } from './operator/operator-account.js';
import { SentinelModule } from './sentinel.module.js';
import { SignIn } from './sign-in/sign-in.js';

interface BusUnderTest {
  request(
    subject: string,
    body: unknown,
    options: {
      headers: Record<string, string>;
      timeoutMs: number;
      streaming?: boolean;
      onProgress?: (chunk: unknown) => void;
    },
  ): Promise<unknown>;
  publish(event: typeof chancellor.events.wallet_created, payload: { walletId: string; role: string }): Promise<void>;
}

let home: string;
let lab: RunningProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const config = readLabConfig({ port: 0, home, publicUrl: 'http://127.0.0.1:3000', logLevel: 'error' }, {});
  lab = await startProcess({ name: 'sentinel', module: SentinelModule, config, database: true });
});
afterAll(async () => {
  await lab?.stop();
  await rm(home, { recursive: true, force: true });
});

const bus = (): BusUnderTest => lab.get(BUS);
const ask = (tool: keyof typeof sentinel.tools, body: object, headers: Record<string, string> = {}): Promise<unknown> =>
  bus().request(toolSubject('sentinel', tool), body, {
    headers: { 'call-id': uuidv7(), ...headers },
    timeoutMs: 60_000,
    ...(tool === 'audit_log_stream' ? { streaming: true, onProgress: () => undefined } : {}),
  });

describe('SentinelModule', () => {
  it('lets the operator in with the key of the file, all the way to a token for another wallet', async () => {
    const key = (await readFile(lab.get(OperatorAccount).tokenPath, 'utf8')).trim();
    const gateway = lab.get(Authenticator);
    expect((await gateway.principalOf(key)).walletId).toBe(lab.get(OperatorAccount).walletId());
    const pass = await gateway.passFor(key, 'sentinel');

    const walletId = `wal_${uuidv7()}`;
    await bus().publish(chancellor.events.wallet_created, { walletId, role: 'researcher' });
    await bus().publish(chancellor.events.wallet_created, { walletId, role: 'researcher' });
    const made = (await ask('generate_wallet_token', { walletId }, { pass })) as { token: string };
    expect(made).toMatchObject({ walletId, role: 'researcher', kind: 'access' });
    expect(await gateway.principalOf(made.token)).toMatchObject({ walletId, role: 'researcher' });
    const link = (await ask('create_sign_in_link', {}, { pass: await gateway.passFor(made.token, 'sentinel') })) as {
      code: string;
    };
    expect(await ask('redeem_sign_in_code', { code: link.code })).toMatchObject({ walletId });
  });

  it('records these calls and shows them to the operator only', async () => {
    const key = (await readFile(lab.get(OperatorAccount).tokenPath, 'utf8')).trim();
    const pass = await lab.get(Authenticator).passFor(key, 'sentinel');
    const log = (await ask('audit_log_stream', { tool: 'generate_wallet_token' }, { pass })) as { records: unknown[] };
    expect(log.records).toMatchObject([
      { agent: 'sentinel', decision: 'allow', outcome: 'ok', walletId: lab.get(OperatorAccount).walletId() },
    ]);
    const link = await lab.get(SignIn).createFor({
      walletId: `wal_${uuidv7()}`,
      role: 'citizen',
      permissions: ['token:create'],
      credentialId: 'cred_x',
    });
    const { token } = (await ask('redeem_sign_in_code', { code: link.code })) as { token: string };
    const citizen = await lab.get(Authenticator).passFor(token, 'sentinel');
    await expect(ask('audit_log_stream', {}, { pass: citizen })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('generate_wallet_token', {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('publishes its keys and decides, without a pass', async () => {
    expect(parseKeySet(await ask('get_signing_keys', {}))).toHaveLength(1);
    const decision = await ask('validate_request', {
      subject: { type: 'wallet', id: 'x', properties: { role: 'citizen', permissions: [], credentialId: 'c' } },
      action: { name: 'curator_fetch_dataset' },
      resource: { type: 'tool', id: 'curator_fetch_dataset' },
    });
    expect(decision).toMatchObject({ decision: false });
  });
});
