// What has changed, from the handler that changed it to those who listen: told after success only, gathered for a moment.

import { CHANGED_SUBJECT } from '@labmesh/bus';
import type { Call } from '@labmesh/contracts';
import { ChangeFeed, type Changes } from '@labmesh/endpoint';
import { ResourceChanges } from '@labmesh/runtime';
import { expect, it } from 'vitest';
import { announcing } from './announcing.js';

const call = { principal: { walletId: 'wal_1' } } as Call;

it('a handler that succeeded tells what its declaration says, one that failed tells nothing', async () => {
  const told: unknown[] = [];
  const changes = new ResourceChanges({ broadcast: (subject, body) => void told.push([subject, body]) });
  const handlers = {
    store: async (id: string) => {
      if (id === 'bad') throw new Error('no');
      return { id };
    },
    look: async () => 'seen',
  };
  const announced = announcing(
    handlers,
    {
      store: ({ id }: { id: string }, { principal }) =>
        id === 'same' ? undefined : { uris: [id], listOf: principal.walletId },
    },
    changes,
  ) as typeof handlers & { store: (id: string, call: Call) => Promise<unknown> };
  expect(await announced.store('a', call)).toEqual({ id: 'a' });
  expect(await announced.store('same', call)).toEqual({ id: 'same' });
  await expect(announced.store('bad', call)).rejects.toThrow('no');
  expect(await announced.look()).toBe('seen');
  expect(told).toEqual([[CHANGED_SUBJECT, { uris: ['a'], listOf: 'wal_1' }]]);
});

it('a streaming handler yields as before, and tells when it has answered', async () => {
  const told: unknown[] = [];
  const changes = new ResourceChanges({ broadcast: (_subject, body) => void told.push(body) });
  const handlers = {
    async *fetch(id: string) {
      yield 1;
      if (id === 'bad') throw new Error('no');
      yield 2;
      return { id };
    },
  };
  const declared = { fetch: ({ id }: { id: string }) => ({ uris: [id] }) };
  const announced = announcing(handlers, declared, changes) as typeof handlers;
  const running = announced.fetch('a');
  expect([await running.next(), told.length, await running.next()]).toEqual([
    { done: false, value: 1 },
    0,
    { done: false, value: 2 },
  ]);
  expect(await running.next()).toEqual({ done: true, value: { id: 'a' } });
  const failing = announced.fetch('bad');
  await failing.next();
  await expect(failing.next()).rejects.toThrow('no');
  // Who goes away ends it.
  const left = announced.fetch('c');
  await left.next();
  expect(await left.return({ id: 'c' })).toEqual({ done: true, value: { id: 'c' } });
  expect(told).toEqual([{ uris: ['a'] }]);
});

it('without a broker the handler answers all the same', () => {
  const changes = new ResourceChanges({
    broadcast: () => {
      throw new Error('away');
    },
  });
  expect(changes.tell({ uris: ['a'] })).toBeUndefined();
});

it('what comes in one moment is heard together, and what is no change is not heard', async () => {
  const feed = new ChangeFeed();
  const heard: Changes[] = [];
  const forget = feed.onChange((changes) => heard.push(changes));
  for (const uri of ['a', 'b', 'a']) feed.hear({ uris: [uri] });
  feed.hear({ uris: [], listOf: 'wal_1' });
  feed.hear({ uris: [], listOf: null });
  for (const wrong of [{}, 'a', { uris: [1] }, null]) feed.hear(wrong);
  await expect.poll(() => heard).toEqual([{ uris: new Set(['a', 'b']), lists: new Set(['wal_1', null]) }]);
  forget();
  feed.hear({ uris: ['c'] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard).toHaveLength(1);
});
