// The bus over a real nats-server: the promises common to all transports, and what the network adds to them.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { ClientNats, NatsRecordBuilder } from '@nestjs/microservices';
import { firstValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { behavesAsBus } from '../behaviour.testing.js';
import type { Transport } from '../bus.js';
import { demo, demoAgent, host, listenerOf, Replica, type Seen } from '../demo-agent.testing.js';
import { NatsProcess } from '../nats-process.testing.js';
import { createTransport } from '../transport.js';
import { STREAM } from './names.js';

let nats: NatsProcess;
beforeAll(async () => {
  nats = await NatsProcess.start();
});
afterAll(() => NatsProcess.removeAll());

const soon = { interval: 20 };
const ask = { headers: {}, timeoutMs: 60_000 };

/** Forgets all events and consumers, so that a test meets only its own. */
async function emptyStream(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  await manager.streams.delete(STREAM).catch(() => {});
  await connection.close();
}

const open = (name = 'test'): Promise<Transport> => createTransport({ natsUrl: nats.url, name });

describe('the bus over NATS', () => {
  behavesAsBus(async () => {
    await emptyStream();
    const caller = await open('caller');
    const running: Array<() => Promise<void>> = [];
    return {
      bus: caller.bus,
      host: async (controllers) => {
        const transport = await open('replica');
        const stop = await host(transport.microservice, controllers);
        running.push(() => transport.close());
        return stop;
      },
      close: async () => {
        await Promise.all(running.map((stop) => stop()));
        await caller.close();
      },
    };
  });
});

describe('on the wire', () => {
  it('any Nest client can call, stream and tell', async () => {
    const agent = await open('agent');
    const replica = new Replica();
    const stop = await host(agent.microservice, [demoAgent(replica)]);
    const client = new ClientNats({ servers: [nats.url] });
    await client.connect();
    const pairs = headers();
    pairs.set('call-id', 'c1');
    const record = new NatsRecordBuilder({ a: 1 }).setHeaders(pairs).build();
    expect(await firstValueFrom(client.send(demo('echo'), { a: [1] }))).toEqual({ a: [1] });
    expect(await firstValueFrom(client.send(demo('headers'), record))).toEqual({ 'call-id': 'c1' });
    expect(await firstValueFrom(client.send(demo('count'), 2).pipe(toArray()))).toEqual([
      { progress: { at: 1 } },
      { progress: { at: 2 } },
      { result: { done: 2 } },
    ]);
    await firstValueFrom(client.emit(demo('$cancel'), record), { defaultValue: null });
    await expect.poll(() => replica.cancels, soon).toHaveLength(1);
    await client.close();
    await stop();
    await agent.close();
  });
});

describe('a replica that leaves', () => {
  it('gets no new request, and finishes what it has', async () => {
    const [caller, leaving, staying] = [await open(), await open(), await open()];
    const [one, two] = [new Replica('one'), new Replica('two')];
    const stopOne = await host(leaving.microservice, [demoAgent(one)]);
    const waiting = caller.bus.request(demo('wait'), {}, ask);
    await expect.poll(() => one.calls, soon).toEqual(['wait']);
    const stopTwo = await host(staying.microservice, [demoAgent(two)]);
    await leaving.leave();
    for (let n = 0; n < 50; n++) expect(await caller.bus.request(demo('who'), n, ask)).toBe('two');
    expect(one.calls).toEqual(['wait']);
    one.openGate();
    expect(await waiting).toBe('done');
    await Promise.all([stopOne(), stopTwo()]);
    await Promise.all([leaving.close(), staying.close(), caller.close()]);
  });
});

describe('durable events', () => {
  const event = { agent: 'demo', name: 'stored', payload: z.object({ n: z.number() }) };
  const subject = 'labmesh.event.demo.stored';

  it('wait for a listener that is down or not there yet, and a copy with the same id counts once', async () => {
    await emptyStream();
    const publisher = await open('publisher');
    const listener = await open('listener');
    const seen: number[] = [];
    const controller = listenerOf(subject, 'agent-a', ({ payload }: Seen) => {
      seen.push((payload as { n: number }).n);
    });
    await publisher.bus.publish(event, { n: 1 }, { id: 'same' });
    await publisher.bus.publish(event, { n: 1 }, { id: 'same' });
    const stop = await host(listener.microservice, [controller]);
    await expect.poll(() => seen, soon).toEqual([1]);
    await stop();
    await publisher.bus.publish(event, { n: 2 });
    await publisher.bus.publish(event, { n: 3 });
    await host(listener.microservice, [controller]);
    await expect.poll(() => seen, soon).toEqual([1, 2, 3]);
    await listener.close();
    await publisher.close();
  });

  it('are kept in a file for seven days', async () => {
    const { bus, close } = await open();
    await bus.publish(event, { n: 1 });
    const connection = await connect({ servers: nats.url });
    const { config } = await (await jetstreamManager(connection)).streams.info(STREAM);
    expect(config).toMatchObject({ subjects: ['labmesh.event.>'], storage: 'file', retention: 'limits' });
    expect(config.max_age / 1e9).toBe(7 * 86_400);
    await connection.close();
    await close();
  });

  it('find their stream again when the broker lost it', async () => {
    const publisher = await open('publisher');
    const listener = await open('listener');
    const seen: Seen[] = [];
    await host(listener.microservice, [listenerOf(subject, 'agent-c', (one) => void seen.push(one))]);
    await emptyStream();
    await publisher.bus.publish(event, { n: 7 }, { id: 'after-loss' });
    await expect.poll(() => seen.map(({ id }) => id), soon).toContain('after-loss');
    await listener.close();
    await publisher.close();
  });
});

describe('a broker that goes away', () => {
  it('is told at once, and after its return everything works and no event is lost', async () => {
    const broker = await NatsProcess.start();
    const caller = await createTransport({ natsUrl: broker.url, name: 'caller' });
    const agent = await createTransport({ natsUrl: broker.url, name: 'agent' });
    const replica = new Replica();
    const before: Seen[] = [];
    const after: Seen[] = [];
    const subject = 'labmesh.event.demo.kept';
    const event = { agent: 'demo', name: 'kept', payload: z.object({ n: z.number() }) };
    await host(agent.microservice, [
      demoAgent(replica),
      listenerOf(subject, 'there-before', (one) => void before.push(one)),
    ]);
    expect(await caller.bus.request(demo('echo'), 1, ask)).toBe(1);
    await caller.bus.publish(event, { n: 1 }, { id: 'published-before' });
    await expect.poll(() => before, soon).toHaveLength(1);

    const inFlight = caller.bus.request(demo('wait'), {}, ask).catch((error: unknown) => error);
    await expect.poll(() => replica.calls, soon).toEqual(['wait']);
    await broker.down();
    expect(await inFlight).toMatchObject({ code: 'unavailable' });
    await expect(caller.bus.request(demo('echo'), 1, ask)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(caller.bus.publish(event, { n: 2 })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(caller.bus.ping()).rejects.toMatchObject({ code: 'unavailable' });

    await broker.up();
    await expect.poll(() => caller.bus.request(demo('echo'), 2, ask), soon).toBe(2);
    const late = await createTransport({ natsUrl: broker.url, name: 'late' });
    await host(late.microservice, [listenerOf(subject, 'there-after', (one) => void after.push(one))]);
    await expect.poll(() => after.map(({ id }) => id), soon).toEqual(['published-before']);
    await caller.bus.publish(event, { n: 3 }, { id: 'published-after' });
    await expect.poll(() => before.map(({ id }) => id), soon).toEqual(['published-before', 'published-after']);
    replica.openGate();
    await Promise.all([late.close(), agent.close(), caller.close()]);
    await broker.remove();
  });

  it('does not keep a process from closing', async () => {
    const broker = await NatsProcess.start();
    const transport = await createTransport({ natsUrl: broker.url, name: 'test' });
    await host(transport.microservice, [demoAgent(new Replica()), listenerOf('labmesh.event.demo.x', 'a', () => {})]);
    await broker.remove();
    await transport.close();
  });

  it('that was never there is told when the time is up', async () => {
    const gone = await NatsProcess.start();
    await gone.remove();
    const opening = createTransport({ natsUrl: gone.url, name: 'test', connectTimeoutMs: 100 });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that keeps no events is refused', async () => {
    const bare = await NatsProcess.start([]);
    const opening = createTransport({ natsUrl: bare.url, name: 'test', connectTimeoutMs: 100 });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('-js') });
    await bare.remove();
  });

  it('takes credentials from its address', async () => {
    const locked = await NatsProcess.start(['-js', '--user', 'lab', '--pass', 'p@ss']);
    const url = locked.url.replace('nats://', 'nats://lab:p%40ss@');
    const { bus, close } = await createTransport({ natsUrl: url, name: 'test' });
    expect(await bus.ping()).toBeGreaterThan(0);
    await close();
    const opening = createTransport({ natsUrl: locked.url, name: 'test', connectTimeoutMs: 100 });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
    await locked.remove();
  });
});
