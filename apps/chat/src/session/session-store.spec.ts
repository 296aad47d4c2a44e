// The sign-in of a page, from its first request on: what it asks the lab for, and what becomes of it.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const ACCESS = { token: 'first', walletId: 'wal_1', role: 'citizen', expiresAt: 'then', expiresInSeconds: 3_600 };
const SOON = 3_480_000;

/** What the lab answers, by the last part of the address, and what it was asked. */
let answers: Record<string, () => Response | Promise<Response>>;
let asked: string[];
let tabs: Tab[];

class Tab {
  readonly told: unknown[] = [];
  onmessage = (): void => undefined;
  constructor() {
    tabs.push(this);
  }
  postMessage(message: unknown): void {
    this.told.push(message);
  }
}

const json = (body: object, status = 200) => Response.json(body, { status });
const none = () => new Response(null, { status: 204 });

async function page(hash = '') {
  vi.stubGlobal('location', { hash, pathname: '/', search: '' });
  vi.resetModules();
  const store = await import('./session-store.js');
  store.startSession();
  await vi.advanceTimersByTimeAsync(0);
  const token = () => {
    const state = store.sessionState();
    return state.status === 'signed-in' ? state.session.token : state.status;
  };
  return { ...store, token };
}

beforeEach(() => {
  vi.useFakeTimers();
  [answers, asked, tabs] = [{ renew: none, end: none }, [], []];
  vi.stubGlobal('BroadcastChannel', Tab);
  vi.stubGlobal('document', { baseURI: 'http://lab/' });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('history', { replaceState: () => undefined });
  vi.stubGlobal('HashChangeEvent', Event);
  vi.stubGlobal('dispatchEvent', () => true);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('fetch', async (url: URL | string, init: RequestInit) => {
    const name = new URL(url).pathname.split('/').at(-1) ?? '';
    asked.push([name, new Headers(init.headers).get('authorization'), init.body].filter(Boolean).join(' '));
    return await (answers[name] ?? none)();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('goes on with what the browser keeps, and renews it ahead of its end', async () => {
  answers.renew = () => json(ACCESS);
  const { token, sessionState } = await page();
  expect([token(), asked]).toEqual(['first', ['renew']]);
  answers.renew = () => json({ ...ACCESS, token: 'second' });
  await vi.advanceTimersByTimeAsync(SOON - 1);
  expect(token()).toBe('first');
  await vi.advanceTimersByTimeAsync(1);
  // The same sign-in, whose pages stand open.
  expect([token(), sessionState()]).toEqual([
    'second',
    expect.objectContaining({ session: expect.objectContaining({ id: 1 }) }),
  ]);
});

it('asks whoever has no sign-in for one', async () => {
  const { sessionState } = await page();
  expect(sessionState()).toEqual({ status: 'signed-out' });
});

it('takes a code out of the address, exchanges it once, and says what is wrong with it', async () => {
  answers.begin = () => json(ACCESS);
  expect((await page('#code=abc')).token()).toBe('first');
  expect(asked).toEqual(['begin {"code":"abc"}']);
  answers.begin = () => json({ code: 'unauthenticated', message: 'It was used.' }, 401);
  expect((await page('#code=abc')).sessionState()).toMatchObject({
    status: 'signed-out',
    failure: { message: 'It was used.', hint: expect.stringContaining('works once') },
  });
});

it('keeps a pasted credential only where no other can be made with it', async () => {
  const { token, signInWithToken, sessionState } = await page();
  answers.begin = () => json(ACCESS);
  await signInWithToken('lmk_pasted');
  expect([token(), asked.at(-1)]).toEqual(['first', 'begin Bearer lmk_pasted']);
  answers.begin = none;
  await signInWithToken('lmk_some_tools');
  expect(sessionState()).toMatchObject({ session: { token: 'lmk_some_tools', kept: false } });
  answers.begin = () => json({ code: 'unauthenticated', message: 'no' }, 401);
  await signInWithToken('lmk_wrong');
  expect(sessionState()).toMatchObject({ status: 'signed-out', failure: { code: 'unauthenticated' } });
});

it('renews once for all that were refused, and is over when the lab says so', async () => {
  answers.renew = () => json(ACCESS);
  const { token, renewed, sessionState } = await page();
  answers.renew = () => json({ ...ACCESS, token: 'second' });
  expect(await Promise.all([renewed('first'), renewed('first'), renewed('older')])).toEqual([
    'second',
    'second',
    'first',
  ]);
  expect(asked).toEqual(['renew', 'renew']);
  // What was sent with the token before is sent again with this one.
  expect(await renewed('first')).toBe('second');
  answers.renew = () => json({ code: 'unavailable', message: 'later' }, 503);
  expect([await renewed('second'), token()]).toEqual([undefined, 'second']);
  answers.renew = none;
  expect(await renewed('second')).toBeUndefined();
  expect(sessionState()).toMatchObject({ status: 'signed-out', failure: { code: 'unauthenticated' } });
});

it('sends again with the next token what was refused with the last, for this sign-in alone', async () => {
  answers.renew = () => json(ACCESS);
  const { signOut } = await page();
  const { labFetch } = await import('./lab-fetch.js');
  const fetch = labFetch(1);
  answers.renew = () => json({ ...ACCESS, token: 'second' });
  answers.mcp = () => (asked.at(-1) === 'mcp Bearer second {}' ? json({ ok: true }) : json({}, 401));
  const answer = await fetch('http://lab/mcp', { method: 'POST', body: '{}' });
  expect([answer.status, asked.slice(1)]).toEqual([200, ['mcp Bearer first {}', 'renew', 'mcp Bearer second {}']]);
  await signOut();
  answers.begin = () => json({ ...ACCESS, token: 'of another' });
  expect((await fetch('http://lab/mcp')).status).toBe(401);
  expect(asked.at(-1)).toBe('end');
});

it('is over when another tab signed in as somebody else', async () => {
  answers.renew = () => json(ACCESS);
  const { renewed, sessionState } = await page();
  answers.renew = () => json({ ...ACCESS, token: 'theirs', walletId: 'wal_2' });
  expect(await renewed('first')).toBeUndefined();
  expect(sessionState()).toMatchObject({ status: 'signed-out' });
});

it('ends at the lab what the browser keeps', async () => {
  answers.renew = () => json(ACCESS);
  const { signOut, sessionState } = await page();
  const over = signOut();
  expect(sessionState().status).toBe('leaving');
  await over;
  await vi.advanceTimersByTimeAsync(2 * SOON);
  expect([sessionState().status, asked]).toEqual(['signed-out', ['renew', 'end']]);
  expect(tabs[0]?.told).toHaveLength(1);
});

it('sees whether it is over when another tab signs out', async () => {
  answers.renew = () => json(ACCESS);
  const { sessionState } = await page();
  answers.renew = none;
  tabs[0]?.onmessage();
  await vi.advanceTimersByTimeAsync(0);
  expect([sessionState().status, asked]).toEqual(['signed-out', ['renew', 'renew']]);
});
