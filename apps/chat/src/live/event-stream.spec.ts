// A stream of events over the cuts of its line and the ends of its tokens.
import { expect, it, vi } from 'vitest';
import { SIGNED_OUT } from '../failure.js';
import { followStream } from './event-stream.js';

async function followed(answers: ReadonlyArray<() => Response>) {
  vi.useFakeTimers();
  vi.stubGlobal('document', { baseURI: 'http://lab/' });
  const asked: string[] = [];
  const told: string[] = [];
  const ended: unknown[] = [];
  const fetch = async (url: string | URL, init?: RequestInit) => {
    asked.push(`${new URL(url).pathname} ${new Headers(init?.headers).get('last-event-id') ?? ''}`.trim());
    return (answers[asked.length - 1] ?? (() => new Response(null, { status: 500 })))();
  };
  const over = new AbortController();
  const following = followStream(
    { path: 'events', fetch, after: '', signal: over.signal },
    {
      onLive: () => undefined,
      onEvents: (events) => told.push(...events.filter(({ event }) => event === 'told').map(({ data }) => data)),
      onEnd: (failure) => ended.push(failure),
    },
  );
  await vi.advanceTimersByTimeAsync(60_000);
  over.abort();
  await following;
  vi.useRealTimers();
  vi.unstubAllGlobals();
  return { asked, told, ended };
}

const events =
  (...texts: readonly string[]) =>
  () =>
    new Response(texts.map((text) => `${text}\n\n`).join(''));
const end = (code: string) => `event: end\ndata: {"code":"${code}","message":"m"}`;
const COMPLETE = 'event: complete\ndata: {}';

it('goes on with the next token, after the last event', async () => {
  const { asked, told, ended } = await followed([
    events('id: 7\nevent: told\ndata: one', end('unauthenticated')),
    events('id: 8\nevent: told\ndata: two', COMPLETE),
  ]);
  expect({ asked, told, ended }).toEqual({ asked: ['/events', '/events 7'], told: ['one', 'two'], ended: [undefined] });
});

it('is over when the lab no longer knows who asks, or says that it will not come', async () => {
  expect((await followed([() => new Response('{}', { status: 401 })])).ended).toEqual([SIGNED_OUT]);
  const { asked, ended } = await followed([events(end('not_found'))]);
  expect([asked, ended]).toEqual([['/events'], [{ code: 'not_found', message: 'm' }]]);
});
