// On a PostgreSQL server, where writers really overlap: each message once, one root, and a reader that follows versions misses nothing.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type Database, openDatabase } from '@labmesh/db';
import { postgresDatabase, type TestDatabase } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, conversationsOver, question, someone, treeOf } from './conversations.testing.js';

let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await postgresDatabase();
  database = await openDatabase({ url: server.url, folder: tmpdir() });
});
afterAll(async () => {
  await database?.close();
  await server?.[Symbol.asyncDispose]();
});

it('the same first message of 20 calls at once is one root of one conversation', async () => {
  const [{ conversations }, who, conversationId] = [conversationsOver(database), someone(), randomUUID()];
  const [first, next] = [question('One'), question('Two')];
  const child = { ...next, parentId: first.messageId };
  const added = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      conversations.add({ conversationId, messages: at % 2 === 0 ? [first] : [first, child] }, callOf(who)),
    ),
  );
  expect(added.reduce((sum, one) => sum + one.added, 0)).toBe(2);
  const tree = [...(await treeOf(conversations, who, conversationId)).values()];
  expect(tree.map(({ parentId }) => parentId)).toEqual([null, first.messageId]);
});

it('a reader that follows versions sees the last state of everything, while many write and an answer grows', async () => {
  const { conversations, messages, answers } = conversationsOver(database);
  const [who, conversationId, answerId, writer] = [someone(), randomUUID(), randomUUID(), randomUUID()];
  const place = { walletId: who.walletId, conversationId };
  const first = question('One');
  const answer = { answerId, parentId: first.messageId, model: 'm', writer, leaseMs: 60_000 };
  await messages.add({ place, messages: [first], answer });
  const writing = { place, answerId, writer, leaseMs: 60_000 };
  const grow = async (): Promise<void> => {
    for (let at = 1; at <= 30; at += 1) await answers.keep(writing, [{ type: 'text', text: 'x'.repeat(at) }]);
    const used = { inputTokens: 1, outputTokens: 2, leftOut: 0, cutShort: false };
    await answers.end(writing, [{ type: 'text', text: 'whole' }], { state: 'complete', ...used });
  };
  const write = (at: number) =>
    conversations.add({ conversationId, messages: [question(String(at), first.messageId)] }, callOf(who));
  const seen = new Map<string, string>();
  let [since, wrote] = [0, false];
  const follow = async (): Promise<void> => {
    for (let last = false; !last; ) {
      last = wrote;
      const page = await conversations.get({ conversationId, since, waitSeconds: 0 }, callOf(who));
      for (const message of page.messages) seen.set(message.messageId, JSON.stringify(message));
      since = page.version;
    }
  };
  const writers = Promise.all([grow(), ...Array.from({ length: 30 }, (_, at) => write(at))]).then(() => {
    wrote = true;
  });
  await Promise.all([follow(), writers]);
  const tree = await treeOf(conversations, who, conversationId);
  expect(seen.size).toBe(32);
  for (const [id, message] of tree) expect(seen.get(id)).toBe(JSON.stringify(message));
  expect(tree.get(answerId)).toMatchObject({ state: 'complete', parts: [{ text: 'whole' }] });
});

it('an answer that nobody writes any more is settled once by readers at once, and its late writer changes nothing', async () => {
  const { conversations, messages, answers } = conversationsOver(database);
  const [who, conversationId, answerId, writer] = [someone(), randomUUID(), randomUUID(), randomUUID()];
  const place = { walletId: who.walletId, conversationId };
  const first = question('One');
  await messages.add({
    place,
    messages: [first],
    answer: { answerId, parentId: first.messageId, model: 'm', writer, leaseMs: -1 },
  });
  await Promise.all(Array.from({ length: 10 }, () => answers.settle(place)));
  const writing = { place, answerId, writer, leaseMs: 60_000 };
  expect(await answers.keep(writing, [{ type: 'text', text: 'late' }])).toBeUndefined();
  const used = { inputTokens: null, outputTokens: null, leftOut: 0, cutShort: false };
  expect(await answers.end(writing, [], { state: 'complete', ...used })).toBe(false);
  const { messages: told } = await conversations.get({ conversationId, since: 0, waitSeconds: 0 }, callOf(who));
  expect(told).toMatchObject([{}, { state: 'failed', failure: { code: 'unavailable' }, parts: [] }]);
});
