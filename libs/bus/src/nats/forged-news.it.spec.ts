// Whoever may read a store can have the broker send what is in it anywhere: nobody takes that for news.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { afterAll, expect, it, vi } from 'vitest';
import { host, listenerOf, type Seen } from '../demo-agent.testing.js';
import { NatsProcess } from '../nats-process.testing.js';
import { createTransport } from '../transport.js';
import { eventPacket } from './wire.js';

afterAll(() => NatsProcess.removeAll());

const POLICY = 'labmesh.$policy';
const EVENT = 'labmesh.event.demo.happened';
const soon = { timeout: 60_000, interval: 20 };

it('a broadcast and an event that were read from a store are ignored, those that were told are heard', async () => {
  const nats = await NatsProcess.start();
  const transport = await createTransport({ natsUrl: nats.url, name: 'listener' });
  const heard: unknown[] = [];
  const seen: unknown[] = [];
  await host(transport.microservice, [
    listenerOf(POLICY, '', (news) => void heard.push(news)),
    listenerOf(EVENT, 'listener', ({ payload }: Seen) => void seen.push(payload)),
  ]);
  const stray = await connect({ servers: nats.url });
  const bucket = await new Kvm(jetstream(stray)).create('own');
  const reflect = async (key: string, text: string, subject: string): Promise<void> => {
    await bucket.put(key, text);
    stray.publish(`$JS.API.DIRECT.GET.KV_own.$KV.own.${key}`, '', { reply: subject });
    await stray.flush();
  };
  // The broker does send it: what is asked for at an inbox of one's own comes with the same words.
  const echoed = stray.subscribe('own.inbox', { max: 1 });
  await reflect('policy', eventPacket(POLICY, { forged: true }), 'own.inbox');
  for await (const message of echoed) expect(message.json()).toMatchObject({ data: { forged: true } });

  await reflect('policy', eventPacket(POLICY, { forged: true }), POLICY);
  const envelope = { id: 'e1', at: new Date(0).toISOString(), payload: { forged: true } };
  await reflect('event', eventPacket(EVENT, envelope), EVENT);
  const manager = await jetstreamManager(stray);
  await vi.waitFor(async () => {
    const { num_pending, num_ack_pending, delivered } = await manager.consumers.info(
      'LABMESH_EVENTS',
      'listener--demo-happened',
    );
    expect([num_pending, num_ack_pending, delivered.stream_seq]).toEqual([0, 0, 1]);
  }, soon);
  // Told by whoever may: heard, and behind the forged ones.
  transport.bus.broadcast(POLICY, { forged: false });
  await transport.bus.publishEnvelope(EVENT, { ...envelope, id: 'e2', payload: { forged: false } });
  await vi.waitFor(() => expect([heard.length, seen.length]).toEqual([1, 1]), soon);
  expect(JSON.stringify([heard, seen])).not.toContain('true');
  await stray.close();
  await transport.close();
});

it('an event that is sent on from the stream to another subject is ignored there', async () => {
  const nats = await NatsProcess.start();
  const transport = await createTransport({ natsUrl: nats.url, name: 'listener' });
  const heard: unknown[] = [];
  await host(transport.microservice, [
    listenerOf('labmesh.$role', '', (news) => void heard.push(news)),
    listenerOf(EVENT, 'listener', () => {
      throw new Error('not now');
    }),
  ]);
  const stray = await connect({ servers: nats.url });
  const sent: unknown[] = [];
  stray.subscribe('labmesh.$role', { callback: (_error, message) => void sent.push(message.json()) });
  // The listener asks for the events too: who gets one is the broker's choice, so there are some until it was the stray.
  let events = 0;
  await vi.waitFor(async () => {
    stray.publish('$JS.API.CONSUMER.MSG.NEXT.LABMESH_EVENTS.listener--demo-happened', '', { reply: 'labmesh.$role' });
    await stray.flush();
    events += 1;
    await transport.bus.publishEnvelope(EVENT, { id: `e${events}`, at: new Date(0).toISOString(), payload: {} });
    expect(sent).not.toEqual([]);
  }, soon);
  expect(sent[0]).toMatchObject({ pattern: EVENT });
  transport.bus.broadcast('labmesh.$role', { told: true });
  await vi.waitFor(() => expect(heard).not.toEqual([]), soon);
  expect(heard).toEqual([{ told: true }]);
  await stray.close();
  await transport.close();
});
