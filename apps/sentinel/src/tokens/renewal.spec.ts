// Renewing, listing and withdrawing credentials on a real database: refresh tokens are good once, a copy ends them all.
import { ACCESS_TOKEN_MAX_S, type Principal, REFRESH_TOKEN_MAX_S } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, openWorld, principalOf, replica, type World } from '../open-sentinel.testing.js';
import { hashOf, newRefreshToken, nextRefreshToken } from './client-key.js';

/** 32 random bytes of a caller, in base64url. */
const RENEWAL = 'Zm9yLXRlc3RzLW9ubHktMzItcmFuZG9tLWJ5dGVzISE';

let world: World;
let lab: ReturnType<typeof replica>;
beforeAll(async () => {
  world = await openWorld();
  lab = replica(world);
  await lab.keys.onModuleInit();
});
afterAll(async () => {
  lab.broadcast.onModuleDestroy();
  await world.close();
});

async function known(role: Principal['role'] = 'researcher', extra: Partial<Principal> = {}): Promise<Principal> {
  const principal = principalOf(role, extra);
  await lab.principals.learn(principal.walletId, role);
  return principal;
}
type Wish = Partial<Parameters<typeof lab.issuer.issueFor>[0]>;
const issue = (principal: Principal, wish: Wish = {}) =>
  lab.issuer.issueFor({ kind: 'access', refreshable: false, ...wish }, callOf(principal));
const signIn = async (principal: Principal, wish: Wish = {}) => {
  const made = await issue(principal, { refreshable: true, ...wish });
  if (made.refreshToken === undefined) throw new Error('no refresh token came');
  return { ...made, refreshToken: made.refreshToken };
};
const good = (token: string): Promise<boolean> =>
  lab.check.verify(token).then(
    () => true,
    () => false,
  );
const list = (principal: Principal, input: Partial<Parameters<typeof lab.tokens.list>[0]> = {}) =>
  lab.tokens.list({ all: true, limit: 50, ...input }, callOf(principal));
const unauthenticated = (message: RegExp) => ({
  code: 'unauthenticated',
  message: expect.stringMatching(message) as string,
});

describe('a wallet that must sign in anew', () => {
  it('cannot renew what began before, nor use a sign-in code from before; both work again after the way back', async () => {
    const me = await known('researcher');
    const before = await signIn(me);
    const { code } = await lab.signIn.createFor(me);
    const restriction = {
      anomalyId: 'ano_01920000-0000-7000-8000-00000000000a',
      revision: 1,
      walletId: me.walletId,
      kind: 'fresh_token',
      model: 'content',
      since: new Date(world.nowMs + 1_000).toISOString(),
      until: new Date(world.nowMs + 86_400_000).toISOString(),
      lifted: false,
    } as const;
    lab.restrictions.hear([restriction]);
    world.nowMs += 2_000;
    await expect(lab.refresh.renew(before.refreshToken)).rejects.toMatchObject(unauthenticated(/new sign-in/));
    await expect(lab.signIn.redeem(code)).rejects.toMatchObject(unauthenticated(/new sign-in/));
    const after = await signIn(me);
    const renewed = await lab.refresh.renew(after.refreshToken);
    await lab.refresh.renew(renewed.refreshToken);
    expect((await lab.signIn.redeem((await lab.signIn.createFor(me)).code)).walletId).toBe(me.walletId);
    lab.restrictions.hear([{ ...restriction, revision: 2, lifted: true }]);
    expect((await lab.refresh.renew(before.refreshToken)).walletId).toBe(me.walletId);
  });
});

describe('refresh tokens', () => {
  it('make the next access token with the same rights, again and again', async () => {
    const me = await known('researcher');
    const first = await signIn(me, {
      permissions: ['dataset:read', 'token:create'],
      toolset: ['curator_fetch_dataset'],
    });
    expect(Date.parse(first.refreshExpiresAt ?? '')).toBe(world.nowMs + REFRESH_TOKEN_MAX_S * 1_000);
    world.nowMs += 2 * ACCESS_TOKEN_MAX_S * 1_000;
    expect(await good(first.token)).toBe(false);
    const second = await lab.refresh.renew(first.refreshToken);
    expect((await lab.check.verify(second.token)).principal).toMatchObject({
      walletId: me.walletId,
      permissions: ['dataset:read', 'token:create'],
      toolset: ['curator_fetch_dataset'],
    });
    const third = await lab.refresh.renew(second.refreshToken);
    expect(await good(third.token)).toBe(true);
    expect(third.refreshExpiresAt).toBe(first.refreshExpiresAt);
  });

  it('that come a second time end all that came from their sign-in, and nothing else', async () => {
    const me = await known();
    const [mine, other] = [await signIn(me), await signIn(me)];
    const next = await lab.refresh.renew(mine.refreshToken);
    await expect(lab.refresh.renew(mine.refreshToken)).rejects.toMatchObject(unauthenticated(/copy/));
    for (const token of [mine.token, next.token]) expect(await good(token)).toBe(false);
    await expect(lab.refresh.renew(next.refreshToken)).rejects.toMatchObject(unauthenticated(/withdrawn/));
    expect(await good(other.token)).toBe(true);
  });

  it('are exchanged once, however many come at once', async () => {
    const { refreshToken } = await signIn(await known());
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lab.refresh.renew(refreshToken)));
    expect(tries.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('are exchanged once more for who repeats with the same secret, and give the same next one', async () => {
    const me = await known('researcher');
    const { refreshToken } = await signIn(me);
    const tries = await Promise.all(Array.from({ length: 8 }, () => lab.refresh.renew(refreshToken, RENEWAL)));
    expect(new Set(tries.map((made) => made.refreshToken)).size).toBe(1);
    for (const { token } of tries) expect(await good(token)).toBe(true);
    const { tokens } = await list(me);
    expect(tokens.filter(({ kind }) => kind === 'refresh').map(({ state }) => state)).toEqual(['good', 'used']);
    const next = tries[0]?.refreshToken ?? '';
    expect(await good((await lab.refresh.renew(next)).token)).toBe(true);
  });

  it('end with their sign-in when they come with another secret, with none, or after their next one was used', async () => {
    const other = newRefreshToken().repeat(2);
    for (const thief of [other, undefined]) {
      const { refreshToken, token } = await signIn(await known());
      const mine = await lab.refresh.renew(refreshToken, RENEWAL);
      await expect(lab.refresh.renew(refreshToken, thief)).rejects.toMatchObject(unauthenticated(/copy/));
      for (const one of [token, mine.token]) expect(await good(one)).toBe(false);
      await expect(lab.refresh.renew(refreshToken, RENEWAL)).rejects.toMatchObject({ code: 'unauthenticated' });
      await expect(lab.refresh.renew(mine.refreshToken)).rejects.toMatchObject(unauthenticated(/withdrawn/));
    }
    const { refreshToken } = await signIn(await known());
    const next = await lab.refresh.renew(refreshToken, RENEWAL);
    const last = await lab.refresh.renew(next.refreshToken, RENEWAL);
    await expect(lab.refresh.renew(refreshToken, RENEWAL)).rejects.toMatchObject(unauthenticated(/copy/));
    expect(await good(last.token)).toBe(false);
  });

  it('that were exchanged without a secret are not exchanged again with one', async () => {
    const { refreshToken } = await signIn(await known());
    await lab.refresh.renew(refreshToken);
    await expect(lab.refresh.renew(refreshToken, RENEWAL)).rejects.toMatchObject(unauthenticated(/copy/));
  });

  it('go on when the Sentinel ended between the exchange and the next token', async () => {
    const { refreshToken } = await signIn(await known());
    const next = nextRefreshToken(refreshToken, RENEWAL);
    const exchanged = { exchangedAt: new Date(world.nowMs), nextHash: new Uint8Array(hashOf(next)) };
    const where = { keyHash: new Uint8Array(hashOf(refreshToken)) };
    await world.database.prisma.credential.update({ where, data: exchanged });
    expect((await lab.refresh.renew(refreshToken, RENEWAL)).refreshToken).toBe(next);
    expect(await good((await lab.refresh.renew(next, RENEWAL)).token)).toBe(true);
  });

  it('never live longer than their sign-in', async () => {
    const { refreshToken } = await signIn(await known());
    world.nowMs += (REFRESH_TOKEN_MAX_S - 60) * 1_000;
    const late = await lab.refresh.renew(refreshToken);
    expect(Date.parse(late.expiresAt)).toBeLessThanOrEqual(world.nowMs + 60_000);
    world.nowMs += 60_000;
    await expect(lab.refresh.renew(late.refreshToken)).rejects.toMatchObject(unauthenticated(/expired/));
  });

  it('are no credentials, and nothing else is a refresh token', async () => {
    const me = await known();
    const { refreshToken, token } = await signIn(me);
    const { token: key } = await issue(me, { kind: 'client_key' });
    expect(await good(refreshToken)).toBe(false);
    for (const wrong of [token, key, newRefreshToken(), `${refreshToken}0`, refreshToken.slice(0, -1), ''])
      await expect(lab.refresh.renew(wrong)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(issue(me, { kind: 'client_key', refreshable: true })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('are kept as hashes', async () => {
    const { refreshToken } = await signIn(await known());
    const row = await world.database.prisma.credential.findUniqueOrThrow({
      where: { keyHash: new Uint8Array(hashOf(refreshToken)) },
    });
    expect(JSON.stringify(row)).not.toContain(refreshToken.slice(4));
  });
});

describe('revoke_token', () => {
  it('withdraws one token, and tells of it with the same transaction', async () => {
    const me = await known();
    const [one, two] = [await issue(me), await issue(me, { kind: 'client_key' })];
    const answer = await lab.revocations.revoke({ tokenId: one.tokenId }, callOf(me));
    expect(answer).toEqual({ tokenIds: [one.tokenId] });
    expect([await good(one.token), await good(two.token)]).toEqual([false, true]);
    const events = await world.database.prisma.sentinelOutbox.findMany();
    expect(JSON.stringify(events)).toContain(one.tokenId);
    expect(await lab.revocations.revoke({ tokenId: one.tokenId }, callOf(me))).toEqual({ tokenIds: [] });
  });

  it('withdraws all of a wallet, and a refresh token with what it made', async () => {
    const me = await known();
    const signedIn = await signIn(me);
    const renewed = await lab.refresh.renew(signedIn.refreshToken);
    const key = await issue(me, { kind: 'client_key' });
    const { tokens } = await list(me);
    const refreshId = tokens.find(({ kind, state }) => kind === 'refresh' && state === 'good')?.tokenId ?? '';
    await lab.revocations.revoke({ tokenId: refreshId }, callOf(me));
    expect([await good(renewed.token), await good(signedIn.token), await good(key.token)]).toEqual([
      false,
      false,
      true,
    ]);
    await lab.revocations.revoke({ walletId: me.walletId }, callOf(me));
    expect(await good(key.token)).toBe(false);
  });

  it('of a dry run says what would end, and ends nothing', async () => {
    const me = await known();
    const signedIn = await signIn(me);
    const key = await issue(me, { kind: 'client_key' });
    const { tokens } = await list(me);
    const idsOf = (kept: (kind: string) => boolean) =>
      tokens.filter(({ kind }) => kept(kind)).map(({ tokenId }) => tokenId);
    const [refreshId = ''] = idsOf((kind) => kind === 'refresh');
    const family = await lab.revocations.revoke({ tokenId: refreshId, dryRun: true }, callOf(me));
    expect(family.tokenIds.toSorted()).toEqual(idsOf((kind) => kind !== 'client_key').toSorted());
    const all = await lab.revocations.revoke({ walletId: me.walletId, dryRun: true }, callOf(me));
    expect(all.tokenIds.toSorted()).toEqual(idsOf(() => true).toSorted());
    expect([await good(signedIn.token), await good(key.token)]).toEqual([true, true]);
    await expect(
      lab.revocations.revoke({ tokenId: key.tokenId, dryRun: true }, callOf(await known())),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is for one’s own wallet; any is the operator’s', async () => {
    const [me, stranger, operator] = [await known(), await known(), await known('operator')];
    const mine = await issue(me);
    for (const which of [{ tokenId: mine.tokenId }, { walletId: me.walletId }])
      await expect(lab.revocations.revoke(which, callOf(stranger))).rejects.toMatchObject({ code: 'not_found' });
    expect(await good(mine.token)).toBe(true);
    await lab.revocations.revoke({ walletId: me.walletId }, callOf(operator));
    expect(await good(mine.token)).toBe(false);
  });

  it('is told more than once, since a broadcast may be missed', async () => {
    const before = lab.told.length;
    lab.revocations.announce(['cred_x']);
    await expect.poll(() => lab.told.length - before).toBeGreaterThan(2);
    expect(lab.told.at(-1)).toEqual(['cred_x']);
  });
});

describe('list_tokens', () => {
  it('tells what each is and whether it is good, newest first, in pages, and never the token', async () => {
    const me = await known();
    const made = [
      await issue(me, { label: 'a' }),
      await issue(me, { kind: 'client_key', label: 'b' }),
      await signIn(me),
    ];
    await lab.revocations.revoke({ tokenId: made[0]?.tokenId ?? '' }, callOf(me));
    const { tokens } = await list({ ...me, credentialId: made[1]?.tokenId ?? '' });
    expect(tokens.map(({ kind, state, label, current }) => [kind, state, label, current])).toEqual([
      ['access', 'good', undefined, false],
      ['refresh', 'good', undefined, false],
      ['client_key', 'good', 'b', true],
      ['access', 'revoked', 'a', false],
    ]);
    for (const { token } of made) expect(JSON.stringify(tokens)).not.toContain(token);
    expect((await list(me, { all: false })).tokens).toHaveLength(3);
    const first = await list(me, { limit: 3 });
    const second = await list(me, { limit: 3, cursor: first.nextCursor });
    expect([...first.tokens, ...second.tokens].map(({ tokenId }) => tokenId)).toEqual(
      tokens.map(({ tokenId }) => tokenId),
    );
    expect(second.nextCursor).toBeUndefined();
  });

  it('shows another wallet’s to the operator alone', async () => {
    const [me, stranger, operator] = [await known(), await known(), await known('operator')];
    await issue(me);
    await expect(list(stranger, { walletId: me.walletId })).rejects.toMatchObject({ code: 'forbidden' });
    expect((await list(operator, { walletId: me.walletId })).tokens).toHaveLength(1);
  });
});
