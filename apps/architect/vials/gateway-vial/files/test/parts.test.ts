// The parts, without a lab: flux, routes, settings, and which tokens are believed; keys come from a server of the test's own.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { fluxOf } from '../src/agent/flares.agent.js';
import { Callers } from '../src/callers/callers.js';
import { readConfig } from '../src/config.js';
import { readRoutes } from '../src/routing/routes.js';

const folder = mkdtempSync(join(tmpdir(), 'flares-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const WALLET = 'wal_01990000-0000-7000-8000-000000000001';

describe('flux', () => {
  it('is exact to the digits of a class', () => {
    assert.deepEqual(['A1.0', 'C1.5', 'M2.3', 'X9.3'].map(fluxOf), [1e-8, 1.5e-6, 2.3e-5, 9.3e-4]);
  });
});

describe('routes', () => {
  const shipped = join(import.meta.dirname, '../../config/routes.json');

  it('are those of the file', () => {
    assert.equal(readRoutes(shipped).get('curator_query_dataset')?.to, 'lab');
  });

  for (const [what, rules, says] of [
    [
      'a tool twice',
      [1, 2].map(() => ({ tool: 'flux_of_class', to: 'agent', permission: 'a:b' })),
      /names a tool twice/,
    ],
    ['what the agent does not have', [{ tool: 'fly', to: 'agent', permission: 'a:b' }], /its contract does not have/],
    ['no permission', [{ tool: 'flux_of_class', to: 'agent' }], /permission/],
  ] as const)
    it(`with ${what} are refused`, () => {
      assert.throws(() => readRoutes(file('routes.json', JSON.stringify(rules))), says);
    });
});

describe('settings', () => {
  const LABMESH_URL = 'http://lab.invalid:3000/';

  it('come from .env, and from the environment before it', () => {
    file('.env', 'LABMESH_URL=http://other.invalid\nLABMESH_TOKEN=abc\nPORT=9\n');
    const { labUrl, token, port } = readConfig({ LABMESH_URL, PORT: '' }, folder);
    assert.deepEqual({ labUrl, token, port }, { labUrl: 'http://lab.invalid:3000', token: 'abc', port: 9 });
  });

  it('want a token file that nobody else reads', () => {
    const LABMESH_TOKEN_FILE = file('key', 'abc\n');
    assert.equal(readConfig({ LABMESH_URL, LABMESH_TOKEN_FILE }, '/').token, 'abc');
    chmodSync(LABMESH_TOKEN_FILE, 0o644);
    assert.throws(() => readConfig({ LABMESH_URL, LABMESH_TOKEN_FILE }, '/'), /chmod 600/);
    assert.throws(() => readConfig({ LABMESH_URL }, '/'), /LABMESH_TOKEN_FILE/);
    assert.throws(() => readConfig({}, '/'), /LABMESH_URL/);
  });
});

describe('callers', () => {
  let server: Server;
  let callers: Callers;
  let url: string;
  let sign: (change?: JWTPayload, header?: Record<string, string>, seconds?: number) => Promise<string>;
  let foreign: string;
  before(async () => {
    const ours = await generateKeyPair('ES256');
    const theirs = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }];
    server = createServer((_req, res) => res.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signed = (key: CryptoKey, change: JWTPayload, header: Record<string, string>, seconds: number) =>
      new SignJWT({
        iss: url,
        aud: `${url}/mcp`,
        sub: WALLET,
        jti: 'cred_1',
        role: 'researcher',
        permissions: ['dataset:read'],
        ...change,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
        .setIssuedAt()
        .setExpirationTime(new Date(Date.now() + seconds * 1_000))
        .sign(key);
    sign = (change = {}, header = {}, seconds = 60) => signed(ours.privateKey, change, header, seconds);
    foreign = await signed(theirs.privateKey, {}, {}, 60);
    callers = new Callers(readConfig({ LABMESH_URL: url, LABMESH_TOKEN: 'x' }, '/'));
  });
  after(() => server.close());

  it('are who an honest token says', async () => {
    const caller = await callers.identify(`Bearer ${await sign({ toolset: ['curator_fetch_dataset'] })}`);
    assert.deepEqual(caller, {
      walletId: WALLET,
      role: 'researcher',
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
    });
  });

  it('are nobody otherwise', async () => {
    const claims = { iss: url, aud: `${url}/mcp`, sub: WALLET, role: 'operator', permissions: [] };
    const bad = [
      undefined,
      'Bearer ',
      'Basic abc',
      `Bearer lmk_${'0'.repeat(38)}`,
      `Bearer ${foreign}`,
      `Bearer ${new UnsecuredJWT(claims).setExpirationTime('1h').encode()}`,
      `Bearer ${await sign({}, {}, -60)}`,
      `Bearer ${await sign({ aud: `${url}/agents/curator/mcp` })}`,
      `Bearer ${await sign({ iss: 'http://other.invalid' })}`,
      `Bearer ${await sign({}, { typ: 'pass+jwt' })}`,
      `Bearer ${await sign({ sub: 'somebody' })}`,
      `Bearer ${(await sign()).slice(0, -4)}AAAA`,
      `Bearer ${'a'.repeat(20_000)}`,
    ];
    for (const authorization of bad)
      await assert.rejects(callers.identify(authorization), { code: 'unauthenticated' }, authorization?.slice(0, 40));
  });

  it('are waited for no longer when the keys are not to be had', async () => {
    const away = new Callers(readConfig({ LABMESH_URL: 'http://127.0.0.1:9', LABMESH_TOKEN: 'x' }, '/'));
    await assert.rejects(away.identify(`Bearer ${await sign()}`), { code: 'unavailable' });
  });
});
