// Tokens as programs use them: renewed after they ended, listed, withdrawn.
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { isRefused, withdraw } from '../harness/revocation.js';
import { roundsUntil, SECOND } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();

verifies('tokens:revoked', async () => {
  for (const kind of ['access', 'client_key'] as const) {
    const { calls, stream } = await withdraw(lab, kind);
    expect(calls).toBeLessThanOrEqual(SECOND);
    expect(stream).toBeLessThanOrEqual(SECOND);
  }
});

const renew = async (
  form: Record<string, string>,
): Promise<{ status: number; stored: string | null; body: unknown }> => {
  const answer = await fetch(`${lab.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, stored: answer.headers.get('cache-control'), body: await answer.json() };
};

verifies('tokens:renewed', async () => {
  await using operator = await lab.connect(lab.operatorToken());
  const { refreshToken } = await operator.call<{ refreshToken: string }>('sentinel_generate_wallet_token', {
    refreshable: true,
  });
  const first = await renew({ grant_type: 'refresh_token', refresh_token: refreshToken });
  expect(first).toMatchObject({ status: 200, stored: 'no-store', body: { token_type: 'Bearer' } });
  const next = first.body as { access_token: string; refresh_token: string; expires_in: number };
  expect(next.expires_in).toBeGreaterThan(3_500);
  expect(next.expires_in).toBeLessThanOrEqual(3_600);
  await using renewed = await lab.connect(next.access_token);
  expect(await renewed.toolNames()).toContain('sentinel_generate_wallet_token');
  const again = await renewed.call<{ token: string; refreshToken: string }>('sentinel_refresh_token', {
    refreshToken: next.refresh_token,
  });
  await using third = await lab.connect(again.token);
  expect((await third.toolNames()).length).toBeGreaterThan(5);
  // The first one once more: a copy.
  expect(await renew({ grant_type: 'refresh_token', refresh_token: refreshToken })).toMatchObject({
    status: 400,
    stored: 'no-store',
    body: { error: 'invalid_grant' },
  });
  expect(await roundsUntil(() => isRefused(lab, again.token))).toBeLessThanOrEqual(SECOND);
});

verifies('tokens:renewed', async () => {
  await using operator = await lab.connect(lab.operatorToken());
  const { refreshToken } = await operator.call<{ refreshToken: string }>('sentinel_generate_wallet_token', {
    refreshable: true,
  });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const renewal = randomBytes(32).toString('base64url');
  const [lost, again] = [await renew({ ...form, renewal }), await renew({ ...form, renewal })];
  expect([lost.status, again.status]).toEqual([200, 200]);
  const next = [lost, again].map(({ body }) => (body as { refresh_token: string }).refresh_token);
  expect(next[0]).toBe(next[1]);
  // Who has the token alone, and another secret, is a thief.
  const thief = await renew({ ...form, renewal: randomBytes(32).toString('base64url') });
  expect(thief).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await renew({ ...form, refresh_token: next[0] ?? '', renewal })).status).toBe(400);
});

verifies('tokens:renewed', async () => {
  const forms: Array<[Record<string, string>, string]> = [
    [{}, 'unsupported_grant_type'],
    [{ grant_type: 'password', refresh_token: 'x' }, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'lmr_nothing' }, 'invalid_grant'],
  ];
  for (const [form, error] of forms) expect(await renew(form)).toMatchObject({ status: 400, body: { error } });
});
