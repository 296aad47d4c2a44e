// What a browser is given to stay signed in, and what is read of what it brings.
import { expect, it } from 'vitest';
import { forgetting, heldSession, keeping } from './session-cookie.js';

const TOKEN = 'lmr_0123456789abcdefghijklmnopqrstuv012345';
const host = '127.0.0.1:3000';

const pairOf = (setCookie: string): string => setCookie.split(';')[0] ?? '';

it('is read back, for each port by itself', () => {
  const value = pairOf(keeping({ host }, TOKEN));
  const cookie = `theme=dark; ${value};x=y`;
  expect(heldSession({ host, cookie })).toEqual({ refreshToken: TOKEN, renewal: expect.stringMatching(/^[\w-]{43}$/) });
  expect(heldSession({ host: '127.0.0.1:3001', cookie })).toBeUndefined();
  expect(heldSession({ host: 'lab.example', cookie })).toBeUndefined();
  const atWeb = pairOf(keeping({ host: 'lab.example' }, TOKEN));
  expect(heldSession({ host: 'lab.example', cookie: atWeb })?.refreshToken).toBe(TOKEN);
});

it('is another secret each time, which no script reads and no other site sends', () => {
  const [one, other] = [keeping({ host }, TOKEN), keeping({ host }, TOKEN)];
  expect(one).toMatch(/^labmesh_session_3000=lmr_\w+\.[\w-]{43}; HttpOnly; SameSite=Strict$/);
  expect(pairOf(one)).not.toBe(pairOf(other));
  expect(keeping({ host, origin: 'https://lab.example' }, TOKEN)).toMatch(/; Secure$/);
  expect(forgetting({ host })).toBe('labmesh_session_3000=; HttpOnly; SameSite=Strict; Max-Age=0');
});

it.each([undefined, '', 'labmesh_session_3000=', 'labmesh_session_3000=lmr_a.b', `labmesh_session_3000=${TOKEN}`])(
  'is none: %s',
  (cookie) => expect(heldSession({ host, ...(cookie === undefined ? {} : { cookie }) })).toBeUndefined(),
);
