// What replicas tell and ask each other about sessions, over a real broker: news reach all but the teller, a question the one it names.

import { createTransport } from '@labmesh/bus';
import { natsServer } from '@labmesh/testing';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { newReplica, type PeerNews, type PeerQuestion, peersController, SessionPeers } from './session-peers.js';

async function replica(natsUrl: string) {
  const transport = await createTransport({ name: 'test', natsUrl });
  const name = newReplica();
  const peers = new SessionPeers(transport.bus, 'gateway', name);
  const heard: PeerNews[] = [];
  const asked: PeerQuestion[] = [];
  peers.join({
    hear: (news) => void heard.push(news),
    answer: (question) => asked.push(question) > 0 && question.session === 'mine',
  });
  @Module({})
  class Replica {}
  const module: DynamicModule = {
    module: Replica,
    controllers: [peersController('gateway', name)],
    providers: [{ provide: SessionPeers, useValue: peers }],
  };
  const app = await NestFactory.createMicroservice(module, { ...transport.microservice, logger: false } as object);
  await app.listen();
  const stop = async (): Promise<void> => {
    await app.close();
    await transport.close();
  };
  return { peers, heard, asked, stop };
}

it('replicas hear each other, and know who is gone', async () => {
  await using nats = await natsServer();
  const [one, other] = [await replica(nats.url), await replica(nats.url)];
  one.peers.tell({ kind: 'ended', session: 's' });
  await expect.poll(() => other.heard).toEqual([{ kind: 'ended', session: 's' }]);
  expect(one.heard).toEqual([]);
  const answer = { kind: 'deliver', session: 'mine', message: { jsonrpc: '2.0', id: 'x~1', result: {} } } as const;
  expect(await one.peers.ask(other.peers.replica, answer)).toBe(true);
  expect(other.asked).toEqual([answer]);
  expect(await one.peers.ask(other.peers.replica, { kind: 'running', session: 'theirs', request: 1 })).toBe(false);
  expect(one.asked).toEqual([]);
  await other.stop();
  expect(await one.peers.ask(other.peers.replica, answer)).toBe(false);
  for (const wrong of ['nobody', 'a.b', '>']) expect(await one.peers.ask(wrong, answer)).toBe(false);
  await one.stop();
});
