// How the lab's page stays signed in, as its requests do it: by a cookie that no script reads.
import { expect } from 'vitest';
import { isRefused } from '../harness/revocation.js';
import { roundsUntil, SECOND } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();

interface Given {
  readonly status: number;
  readonly token: string;
  /** As a browser sends it back. */
  readonly cookie: string;
  readonly attributes: readonly string[];
  readonly body: Record<string, unknown>;
}

async function ask(
  path: 'begin' | 'renew' | 'end',
  { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {},
): Promise<Given> {
  const answer = await fetch(`${lab.url}/session/${path}`, {
    method: 'POST',
    ...(body === undefined
      ? { headers }
      : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const [cookie = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
  const said = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, token: String(said.token ?? ''), cookie, attributes, body: said };
}

const withCookie = (cookie: string) => ({ headers: { cookie } });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
verifies('auth:page-session', async () => {
  await using operator = await lab.connect(lab.operatorToken());
  const { code } = await operator.call<{ code: string }>('sentinel_create_sign_in_link');
  const first = await ask('begin', { body: { code } });
  expect(first).toMatchObject({ status: 200, attributes: ['HttpOnly', 'SameSite=Strict'], body: { role: 'operator' } });
  expect(Object.keys(first.body).sort()).toEqual(['expiresAt', 'expiresInSeconds', 'role', 'token', 'walletId']);
  expect(JSON.stringify(first.body)).not.toContain('lmr_');
  expect((await ask('begin', { body: { code } })).status).toBe(401);
  // An answer that was lost is asked for again, by any tab.
  const [second, again] = [await ask('renew', withCookie(first.cookie)), await ask('renew', withCookie(first.cookie))];
  expect([second.status, again.status]).toEqual([200, 200]);
  await using client = await lab.connect(again.token);
  expect(await client.toolNames()).toContain('sentinel_generate_wallet_token');
  const third = await ask('renew', withCookie(again.cookie));
  expect(third.status).toBe(200);
  // One that was used, and whose answer was used too, is a copy: all of the sign-in is over.
  expect(await ask('renew', withCookie(first.cookie))).toMatchObject({
    status: 204,
    attributes: ['HttpOnly', 'SameSite=Strict', 'Max-Age=0'],
  });
  expect((await ask('renew', withCookie(third.cookie))).status).toBe(204);
  expect(await roundsUntil(() => isRefused(lab, third.token))).toBeLessThanOrEqual(SECOND);
});

verifies('auth:page-session', async () => {
  const pasted = await ask('begin', bearer(lab.operatorToken()));
  expect(pasted.status).toBe(200);
  expect(pasted.token).not.toBe(lab.operatorToken());
  expect((await ask('renew')).status).toBe(204);
  expect(await ask('end', withCookie(pasted.cookie))).toMatchObject({
    status: 204,
    attributes: expect.arrayContaining(['Max-Age=0']),
  });
  expect(await roundsUntil(() => isRefused(lab, pasted.token))).toBeLessThanOrEqual(SECOND);
  expect((await ask('renew', withCookie(pasted.cookie))).status).toBe(204);
  // Of a page of another site nothing is taken, whatever it brings.
  const other = await ask('renew', { headers: { cookie: pasted.cookie, origin: 'https://other.example' } });
  expect(other).toMatchObject({ status: 403, cookie: '' });
  expect((await ask('begin', bearer('lmk_wrong'))).status).toBe(401);
  expect((await ask('begin', { body: { code: 1 } })).status).toBe(400);
  // A credential that may make no other is kept by nobody.
  await using operator = await lab.connect(lab.operatorToken());
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    kind: 'client_key',
    toolset: ['chancellor_get_balance'],
  });
  expect(await ask('begin', bearer(token))).toMatchObject({ status: 204, cookie: '' });
});
