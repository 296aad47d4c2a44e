// Credentials from their making to their end: generate_wallet_token, verify_credential and issue_pass on a real database.

import { Policy, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { parseKeySet, verifyJwt } from '@labmesh/identity';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callOf,
  newWalletId,
  openWorld,
  PUBLIC_URL,
  principalOf,
  replica,
  type World,
} from '../open-sentinel.testing.js';
import { hashOf } from './client-key.js';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(() => world.close());

async function known(role: Principal['role'], extra: Partial<Principal> = {}): Promise<Principal> {
  const principal = principalOf(role, extra);
  await lab.principals.learn(principal.walletId, role);
  return principal;
}
type Wish = Partial<Parameters<typeof lab.issuer.issueFor>[0]>;
const issue = (principal: Principal, wish: Wish = {}) =>
  lab.issuer.issueFor({ kind: 'access', refreshable: false, ...wish }, callOf(principal));
const rowOf = (id: string) => world.database.prisma.credential.findUniqueOrThrow({ where: { id } });
const unauthenticated = (message: RegExp) => ({
  code: 'unauthenticated',
  message: expect.stringMatching(message) as string,
});

describe('generate_wallet_token', () => {
  it('makes an access token for one’s own wallet, good at the gateway only', async () => {
    const me = await known('researcher');
    const answer = await issue(me);
    expect(answer).toMatchObject({
      kind: 'access',
      walletId: me.walletId,
      role: 'researcher',
      permissions: [...me.permissions],
    });
    expect(Date.parse(answer.expiresAt)).toBe(world.nowMs + 3_600_000);
    const decoded = jwt.decode(answer.token, { complete: true });
    expect(decoded?.header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decoded?.payload).toMatchObject({
      iss: PUBLIC_URL,
      aud: `${PUBLIC_URL}/mcp`,
      sub: me.walletId,
      jti: answer.tokenId,
    });
  });

  it('makes a client key, of which only a hash is kept', async () => {
    const me = await known('citizen');
    const answer = await issue(me, {
      kind: 'client_key',
      label: 'notebook',
      toolset: ['chancellor_get_balance'],
      ttlSeconds: 60,
    });
    expect(answer.token).toMatch(/^lmk_[0-9a-v]{38}$/);
    expect(Date.parse(answer.expiresAt)).toBe(world.nowMs + 60_000);
    const row = await rowOf(answer.tokenId);
    expect(row).toMatchObject({
      kind: 'client_key',
      label: 'notebook',
      toolset: ['chancellor_get_balance'],
      issuedBy: me.walletId,
      role: 'citizen',
    });
    expect(Buffer.from(row.keyHash ?? [])).toEqual(hashOf(answer.token));
    expect(JSON.stringify(row)).not.toContain(answer.token.slice(4, 30));
  });

  it('refuses another’s wallet, but not to the operator', async () => {
    const [me, other, operator] = [await known('developer'), await known('citizen'), principalOf('operator')];
    await expect(issue(me, { walletId: other.walletId })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/token:create:any/) as string,
    });
    expect(await issue(operator, { walletId: other.walletId })).toMatchObject({
      role: 'citizen',
      permissions: [...ROLE_PERMISSIONS.citizen],
    });
  });

  it('takes the role from the registry, whatever the caller says', async () => {
    const me = await known('citizen');
    const liar = { ...me, role: 'operator' as const, permissions: ROLE_PERMISSIONS.operator };
    expect(await issue(liar)).toMatchObject({ role: 'citizen', permissions: [...ROLE_PERMISSIONS.citizen] });
  });

  it('asks the Chancellor about a wallet whose event has not arrived, and remembers', async () => {
    const operator = await known('operator');
    const pass = (await lab.passes.issue({ credential: (await issue(operator)).token, agent: 'sentinel' })).pass;
    const walletId = newWalletId();
    const ask = () => lab.issuer.issueFor({ kind: 'access', refreshable: false, walletId }, callOf(operator, { pass }));
    await expect(ask()).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(walletId) as string,
    });
    world.wallets.set(walletId, 'validator');
    expect(await ask()).toMatchObject({ role: 'validator' });
    world.wallets.clear();
    expect(await ask()).toMatchObject({ role: 'validator' });
  });

  it('keeps the first role of a wallet when an event comes twice', async () => {
    const me = await known('citizen');
    await lab.principals.learn(me.walletId, 'developer');
    expect(await issue(me)).toMatchObject({ role: 'citizen' });
  });

  it('takes credentials out a month after their end', async () => {
    const me = await known('citizen');
    const { tokenId } = await issue(me);
    world.nowMs += 29 * 86_400_000;
    await issue(me);
    expect(await rowOf(tokenId)).toBeDefined();
    world.nowMs += 3 * 86_400_000;
    await issue(me);
    await expect(rowOf(tokenId)).rejects.toThrow();
  });
});

describe('verify_credential', () => {
  it.each(['access', 'client_key'] as const)('tells whose %s it is, until its end', async (kind) => {
    const me = await known('researcher');
    const { token, tokenId, expiresAt } = await issue(me, {
      kind,
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
    });
    const verified = await lab.check.verify(token);
    expect(verified.principal).toEqual({
      walletId: me.walletId,
      role: 'researcher',
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
      credentialId: tokenId,
    });
    expect(verified.expiresAt.toISOString()).toBe(expiresAt);
    const now = world.nowMs;
    world.nowMs = Date.parse(expiresAt);
    await expect(lab.check.verify(token)).rejects.toMatchObject(unauthenticated(/expired/));
    world.nowMs = now;
  });

  it.each(['access', 'client_key'] as const)('refuses a withdrawn %s at once, also to make passes', async (kind) => {
    const { token, tokenId } = await issue(await known('citizen'), { kind });
    const { pass } = await lab.passes.issue({ credential: token, agent: 'curator' });
    await world.database.prisma.credential.update({
      where: { id: tokenId },
      data: { revokedAt: new Date(world.nowMs) },
    });
    await expect(lab.check.verify(token)).rejects.toMatchObject(unauthenticated(/withdrawn/));
    await expect(lab.passes.issue({ credential: token, agent: 'curator' })).rejects.toMatchObject(
      unauthenticated(/withdrawn/),
    );
    await expect(lab.passes.issue({ credential: pass, agent: 'librarian', actor: 'curator' })).rejects.toMatchObject(
      unauthenticated(/withdrawn/),
    );
  });

  it('refuses what it did not make', async () => {
    const { token, tokenId } = await issue(await known('citizen'));
    await world.database.prisma.credential.delete({ where: { id: tokenId } });
    await expect(lab.check.verify(token)).rejects.toMatchObject(unauthenticated(/not known/));
    const key = (await issue(await known('citizen'), { kind: 'client_key' })).token;
    await expect(lab.check.verify(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).rejects.toMatchObject(
      unauthenticated(/checksum/),
    );
    await world.database.prisma.credential.deleteMany({ where: { kind: 'client_key' } });
    await expect(lab.check.verify(key)).rejects.toMatchObject(unauthenticated(/not known/));
    for (const text of ['', 'lmk_', 'x', 'a.b.c'])
      await expect(lab.check.verify(text)).rejects.toMatchObject(unauthenticated(/./));
  });

  it('refuses a pass where a credential is due', async () => {
    const { token } = await issue(await known('citizen'));
    const { pass } = await lab.passes.issue({ credential: token, agent: `${PUBLIC_URL}/mcp` });
    await expect(lab.check.verify(pass)).rejects.toMatchObject(unauthenticated(/type at\+jwt/));
  });

  it('bounds an old credential by what its role may do today', async () => {
    const { token, tokenId } = await issue(await known('citizen'), { kind: 'client_key' });
    await world.database.prisma.credential.update({
      where: { id: tokenId },
      data: { permissions: ['audit:read', 'dataset:read'] },
    });
    expect((await lab.check.verify(token)).principal.permissions).toEqual(['dataset:read']);
  });

  it('bounds it by the policy in force, and passes say which that was', async () => {
    const { token } = await issue(await known('researcher'), { kind: 'client_key' });
    const policied = replica(world);
    await policied.keys.onModuleInit();
    policied.policies.learn({ version: 4, policy: Policy.parse({ roles: { researcher: ['dataset:read'] } }) });
    const verified = await policied.check.verify(token);
    expect(verified).toMatchObject({ policyVersion: 4, principal: { permissions: ['dataset:read'] } });
    expect(verified.bearer.permissions).toContain('dataset:write');
    const { pass, policyVersion } = await policied.passes.issue({ credential: token, agent: 'curator' });
    expect(policyVersion).toBe(4);
    const claims = JSON.parse(Buffer.from(pass.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ pol: 4, permissions: verified.bearer.permissions });
  });

  it('notes the last use, at most once a minute', async () => {
    const { token, tokenId } = await issue(await known('citizen'), { kind: 'client_key' });
    const start = world.nowMs;
    const used = async (at: number): Promise<number | undefined> => {
      world.nowMs = at;
      await lab.check.verify(token);
      await lab.lastUses.flush();
      return (await rowOf(tokenId)).lastUsedAt?.getTime();
    };
    expect(await used(start)).toBe(start);
    expect(await used(start + 59_999)).toBe(start);
    expect(await used(start + 60_000)).toBe(start + 60_000);
  });
});

describe('issue_pass', () => {
  const claimsOf = (pass: string, audience: string) =>
    verifyJwt(pass, {
      keys: parseKeySet(lab.keys.publish()),
      typ: 'pass+jwt',
      issuer: PUBLIC_URL,
      audience,
      now: world.nowMs,
    });

  it.each(['access', 'client_key'] as const)('makes a pass of 60 s for one agent from a %s', async (kind) => {
    const me = await known('researcher');
    const { token, tokenId } = await issue(me, {
      kind,
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
    });
    const { pass, expiresAt } = await lab.passes.issue({ credential: token, agent: 'curator' });
    expect(Date.parse(expiresAt) - world.nowMs).toBeLessThanOrEqual(60_000);
    expect(claimsOf(pass, 'curator')).toMatchObject({
      aud: 'curator',
      sub: me.walletId,
      role: 'researcher',
      permissions: ['dataset:read'],
      toolset: ['curator_fetch_dataset'],
      cred: tokenId,
      act: [],
    });
    expect(() => claimsOf(pass, 'librarian')).toThrow(/audience/);
  });

  it('makes passes of a token for one agent’s endpoint to that agent alone', async () => {
    const { token } = await issue(await known('citizen'), { audience: 'curator' });
    expect(claimsOf((await lab.passes.issue({ credential: token, agent: 'curator' })).pass, 'curator').act).toEqual([]);
    await expect(lab.passes.issue({ credential: token, agent: 'librarian' })).rejects.toMatchObject(
      unauthenticated(/curator alone/),
    );
  });

  it('binds an agent’s pass to the tools that its contract says it needs', async () => {
    const { token } = await issue(await known('citizen'));
    const { pass } = await lab.passes.issue({ credential: token, agent: 'sentinel' });
    const onward = await lab.passes.issue({ credential: pass, agent: 'chancellor', actor: 'sentinel' });
    expect(claimsOf(onward.pass, 'chancellor')).toMatchObject({ act: ['sentinel'], tools: ['get_wallet'] });
    await expect(lab.passes.issue({ credential: pass, agent: 'curator', actor: 'sentinel' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('does not declare') as string,
    });
  });

  it('adds the actor to the chain when an agent shows the pass it was called with', async () => {
    const { token } = await issue(await known('citizen'), { permissions: ['dataset:read'] });
    const first = await lab.passes.issue({ credential: token, agent: 'curator' });
    const second = await lab.passes.issue({ credential: first.pass, agent: 'librarian', actor: 'curator' });
    const third = await lab.passes.issue({ credential: second.pass, agent: 'mechanic', actor: 'librarian' });
    expect(claimsOf(third.pass, 'mechanic')).toMatchObject({
      act: ['curator', 'librarian'],
      permissions: ['dataset:read'],
    });
  });

  it('refuses a pass that another agent shows, and a credential shown as a pass', async () => {
    const { token } = await issue(await known('citizen'));
    const { pass } = await lab.passes.issue({ credential: token, agent: 'curator' });
    await expect(lab.passes.issue({ credential: pass, agent: 'chancellor', actor: 'librarian' })).rejects.toMatchObject(
      unauthenticated(/audience/),
    );
    await expect(lab.passes.issue({ credential: pass, agent: 'chancellor' })).rejects.toMatchObject(
      unauthenticated(/type at\+jwt/),
    );
    await expect(lab.passes.issue({ credential: token, agent: 'chancellor', actor: 'curator' })).rejects.toMatchObject(
      unauthenticated(/type pass\+jwt/),
    );
    const key = (await issue(await known('citizen'), { kind: 'client_key' })).token;
    await expect(lab.passes.issue({ credential: key, agent: 'chancellor', actor: 'curator' })).rejects.toMatchObject(
      unauthenticated(/three parts/),
    );
  });

  it('never makes a pass that outlives its credential', async () => {
    const { token, expiresAt } = await issue(await known('citizen'), { kind: 'client_key', ttlSeconds: 60 });
    const start = world.nowMs;
    world.nowMs += 20_000;
    expect((await lab.passes.issue({ credential: token, agent: 'curator' })).expiresAt).toBe(expiresAt);
    world.nowMs = start;
  });

  it('ends calls that go round in circles', async () => {
    let pass = (await lab.passes.issue({ credential: (await issue(await known('citizen'))).token, agent: 'curator' }))
      .pass;
    for (let hop = 0; hop < 8; hop += 1)
      pass = (await lab.passes.issue({ credential: pass, agent: 'curator', actor: 'curator' })).pass;
    await expect(lab.passes.issue({ credential: pass, agent: 'curator', actor: 'curator' })).rejects.toMatchObject(
      unauthenticated(/circles/),
    );
  });
});
