// The bus in one process: the promises common to all transports, and what only holds here.
import { describe, expect, it } from 'vitest';
import { behavesAsBus } from '../behaviour.testing.js';
import { host, listenerOf } from '../demo-agent.testing.js';
import { createTransport } from '../transport.js';
import { InProcessBus } from './in-process-bus.js';
import { InProcessServer } from './in-process-server.js';
import { Switchboard } from './switchboard.js';

describe('the bus in process', () => {
  behavesAsBus(async () => {
    const transport = await createTransport({ name: 'test' });
    const running: Array<() => Promise<void>> = [];
    return {
      bus: transport.bus,
      host: async (controllers) => {
        const stop = await host(transport.microservice, controllers);
        running.push(stop);
        return stop;
      },
      close: async () => {
        await Promise.all(running.map((stop) => stop()));
        await transport.close();
      },
    };
  });

  const subject = 'labmesh.event.demo.happened';
  const envelope = { id: 'e1', at: '2026-01-02T03:04:05.000Z', payload: { n: 1 } };

  it('takes turns strictly', async () => {
    const switchboard = new Switchboard();
    const heard: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      switchboard.requests.add('a.b', 'group', (_data, _context, call) => {
        heard.push(name);
        call.receive(name);
      });
    }
    const bus = new InProcessBus(switchboard);
    for (let n = 0; n < 6; n += 1) await bus.request('a.b', n, { headers: {}, timeoutMs: 60_000 });
    expect(heard).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
  });

  it('tells the publisher when a listener keeps failing, so that the outbox offers the event again', async () => {
    const transport = await createTransport({ name: 'test' });
    let tries = 0;
    const stop = await host(transport.microservice, [
      listenerOf(subject, 'agent-a', () => {
        tries += 1;
        throw new Error('never');
      }),
    ]);
    await expect(transport.bus.publishEnvelope(subject, envelope)).rejects.toMatchObject({ code: 'internal' });
    expect(tries).toBe(3);
    await stop();
    await transport.close();
  });

  it('refuses events for listeners that are still starting, so that none is lost', async () => {
    const switchboard = new Switchboard();
    const bus = new InProcessBus(switchboard);
    const server = new InProcessServer(switchboard, 'test');
    server.addHandler(subject, async () => undefined, true, { queue: 'agent-a' });
    await expect(bus.publishEnvelope(subject, envelope)).rejects.toMatchObject({ code: 'unavailable' });
    server.listen(() => {});
    await expect(bus.publishEnvelope(subject, envelope)).resolves.toBeUndefined();
    await server.close();
  });
});
