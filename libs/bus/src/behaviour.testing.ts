// What the bus promises, whatever carries it: run against both transports. Knows nothing of either.
import type { EventRef } from '@labmesh/contracts';
import type { Type } from '@nestjs/common';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Bus, RequestOptions } from './bus.js';
import { demo, demoAgent, listenerOf, Replica, type Seen } from './demo-agent.testing.js';
import { isUnanswered } from './rejections.js';

export interface Mesh {
  readonly bus: Bus;
  /** Starts one more replica; returns what stops it. */
  host(controllers: Type[]): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const options = (more: Partial<RequestOptions> = {}): RequestOptions => ({ headers: {}, timeoutMs: 60_000, ...more });
const soon = { interval: 10 };
const event = (name: string): EventRef => ({ agent: 'demo', name, payload: z.object({ n: z.number() }) });

export function behavesAsBus(open: () => Promise<Mesh>): void {
  let mesh: Mesh;
  const start = async (...controllers: Type[][]): Promise<Bus> => {
    mesh = await open();
    for (const list of controllers) await mesh.host(list);
    return mesh.bus;
  };
  afterEach(() => mesh.close());

  requests(start);
  failures(start);
  givingUp(start);
  replicas(start, () => mesh);
  events(start);
  broadcasts(start);
}

type Start = (...controllers: Type[][]) => Promise<Bus>;

function requests(start: Start): void {
  describe('requests', () => {
    it('carry any JSON there and back', async () => {
      const bus = await start([demoAgent(new Replica())]);
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
          expect(await bus.request(demo('echo'), value, options())).toEqual(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 200 },
      );
    });

    it('carry nothing as nothing, null as null, and dates as text', async () => {
      const bus = await start([demoAgent(new Replica())]);
      expect(await bus.request(demo('echo'), undefined, options())).toBeUndefined();
      expect(await bus.request(demo('echo'), null, options())).toBeNull();
      expect(await bus.request(demo('echo'), Number.NaN, options())).toBeNull();
      expect(await bus.request(demo('nothing'), {}, options())).toBeUndefined();
      const at = new Date(0);
      expect(await bus.request(demo('echo'), { at, gone: undefined }, options())).toEqual({ at: at.toISOString() });
    });

    it('hand over copies', async () => {
      const replica = new Replica();
      const bus = await start([demoAgent(replica)]);
      const answer = (await bus.request(demo('shared'), {}, options())) as { list: number[] };
      answer.list.push(4);
      expect(replica.shared.list).toEqual([1, 2, 3]);
    });

    it('carry headers', async () => {
      const bus = await start([demoAgent(new Replica())]);
      const headers = { 'call-id': 'c1', pass: 'a.b-c_d', note: 'Grüße, 世界' };
      expect(await bus.request(demo('headers'), {}, options({ headers }))).toEqual(headers);
      expect(await bus.request(demo('headers'), {}, options())).toEqual({});
    });

    it('do not mix up their answers', async () => {
      const bus = await start([demoAgent(new Replica())]);
      const asked = Array.from({ length: 200 }, (_, n) => n);
      expect(await Promise.all(asked.map((n) => bus.request(demo('echo'), { n }, options())))).toEqual(
        asked.map((n) => ({ n })),
      );
    });

    it('stream progress in order, then the result', async () => {
      const bus = await start([demoAgent(new Replica())]);
      const seen: unknown[] = [];
      const result = await bus.request(
        demo('count'),
        10,
        options({ streaming: true, onProgress: (chunk) => seen.push(chunk) }),
      );
      expect(result).toEqual({ done: 10 });
      expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => ({ at: n + 1 })));
    });

    it('reach the broker and back', async () => {
      const bus = await start();
      expect(await bus.ping()).toBeGreaterThanOrEqual(0);
    });
  });
}

function failures(start: Start): void {
  describe('a failure', () => {
    it('that the handler expected arrives as it is', async () => {
      const bus = await start([demoAgent(new Replica())]);
      await expect(bus.request(demo('refuse'), {}, options())).rejects.toMatchObject({
        name: 'AppError',
        code: 'insufficient_funds',
        message: 'Cannot transfer 5.00: the wallet holds 3.20',
        details: { held: '3.20' },
      });
      await expect(bus.request(demo('refuse_as_nest'), {}, options())).rejects.toMatchObject({
        name: 'AppError',
        code: 'conflict',
      });
    });

    it('that nobody expected arrives without its text', async () => {
      const bus = await start([demoAgent(new Replica())]);
      const thrown: unknown = await bus.request(demo('break'), {}, options()).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ name: 'AppError', code: 'internal' });
      expect(String(thrown)).not.toContain('hunter2');
      await expect(bus.request(demo('unwritable'), {}, options())).rejects.toMatchObject({ code: 'internal' });
      await expect(bus.request(demo('echo'), { amount: 1n }, options())).rejects.toMatchObject({ code: 'internal' });
    });

    it('in a stream ends it', async () => {
      const bus = await start([demoAgent(new Replica())]);
      const seen: unknown[] = [];
      const asked = options({ streaming: true, onProgress: (chunk) => seen.push(chunk) });
      await expect(bus.request(demo('count'), 13, asked)).rejects.toMatchObject({ code: 'upstream_failed' });
      expect(seen).toHaveLength(13);
      await expect(bus.request(demo('count'), 0, asked)).rejects.toMatchObject({ code: 'internal' });
    });

    it('to find anybody is told at once', async () => {
      const bus = await start();
      await expect(bus.request('labmesh.librarian.search', {}, options())).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('"librarian"'),
      });
    });

    it('tells whether anybody answered', async () => {
      const replica = new Replica();
      const bus = await start([demoAgent(replica)]);
      const failureOf = (tool: string) =>
        bus.request(demo(tool), 13, options({ timeoutMs: 50 })).catch((error) => error);
      expect(isUnanswered(await failureOf('nowhere'))).toBe(true);
      expect(isUnanswered(await failureOf('wait'))).toBe(true);
      replica.openGate();
      expect(isUnanswered(await failureOf('refuse'))).toBe(false);
    });

    it('to fit into a message is told, for the request and for the answer', async () => {
      const bus = await start([demoAgent(new Replica())]);
      await expect(bus.request(demo('long'), 9_000_000, options())).rejects.toMatchObject({ code: 'too_large' });
      await expect(bus.request(demo('echo'), 'x'.repeat(9_000_000), options())).rejects.toMatchObject({
        code: 'too_large',
      });
      expect(await bus.request(demo('long'), 900_000, options())).toHaveLength(900_000);
    });
  });
}

function givingUp(start: Start): void {
  describe('giving up', () => {
    const headers = { 'call-id': 'c9', pass: 'p' };
    const cancelSubject = demo('$cancel');

    it('at the deadline tells every replica', async () => {
      const replicas = [new Replica('one'), new Replica('two')];
      const bus = await start(...replicas.map((replica) => [demoAgent(replica)]));
      const late = bus.request(demo('wait'), {}, { headers, timeoutMs: 60, cancelSubject });
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      for (const { cancels } of replicas) await expect.poll(() => cancels, soon).toEqual([{ callId: 'c9', headers }]);
      for (const replica of replicas) replica.openGate();
    });

    it('by the caller tells the handler', async () => {
      const replica = new Replica();
      const bus = await start([demoAgent(replica)]);
      const abort = new AbortController();
      const asked = bus.request(demo('wait'), {}, options({ headers, cancelSubject, signal: abort.signal }));
      await expect.poll(() => replica.calls, soon).toEqual(['wait']);
      abort.abort();
      await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
      await expect.poll(() => replica.cancels, soon).toEqual([{ callId: 'c9', headers }]);
      replica.openGate();
    });

    it('before the start reaches nobody', async () => {
      const replica = new Replica();
      const bus = await start([demoAgent(replica)]);
      const asked = bus.request(demo('who'), {}, options({ signal: AbortSignal.abort() }));
      await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
      expect(replica.calls).toEqual([]);
    });
  });
}

function replicas(start: Start, mesh: () => Mesh): void {
  describe('replicas', () => {
    it('share the calls', async () => {
      const pair = [new Replica('one'), new Replica('two')];
      const bus = await start(...pair.map((replica) => [demoAgent(replica)]));
      const asked = Array.from({ length: 60 }, (_, n) => n);
      const answered = await Promise.all(asked.map((n) => bus.request(demo('who'), n, options())));
      expect(new Set(answered)).toEqual(new Set(['one', 'two']));
      expect(pair.flatMap((replica) => replica.calls).sort((a, b) => Number(a) - Number(b))).toEqual(asked);
    });

    it('all answer a scattered question', async () => {
      const pair = [new Replica('one'), new Replica('two')];
      const bus = await start(...pair.map((replica) => [demoAgent(replica)]));
      const found = await bus.scatter(demo('$describe'), {}, { headers: {}, windowMs: 10_000, expected: 2 });
      expect(new Set(found.map(({ body }) => (body as { instance: string }).instance))).toEqual(
        new Set(['one', 'two']),
      );
      expect(await bus.scatter(demo('$describe'), {}, { headers: {}, windowMs: 10_000, expected: 1 })).toHaveLength(1);
      expect(await bus.scatter('labmesh.nobody.$describe', {}, { headers: {}, windowMs: 10_000 })).toEqual([]);
    });

    it('finish what they began before they leave', async () => {
      const replica = new Replica();
      const bus = await start();
      const stop = await mesh().host([demoAgent(replica)]);
      const asked = bus.request(demo('wait'), {}, options());
      await expect.poll(() => replica.calls, soon).toEqual(['wait']);
      const stopped = stop();
      replica.openGate();
      expect(await asked).toBe('done');
      await stopped;
      await expect(bus.request(demo('echo'), 1, options())).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('are out of reach once the bus is closed', async () => {
      const replica = new Replica();
      const bus = await start([demoAgent(replica)]);
      const asked = bus.request(demo('wait'), {}, options());
      await expect.poll(() => replica.calls, soon).toEqual(['wait']);
      const closed = bus.close();
      replica.openGate();
      expect(await asked).toBe('done');
      await closed;
      await expect(bus.request(demo('echo'), 1, options())).rejects.toMatchObject({ code: 'unavailable' });
      await expect(bus.publish(event('late'), { n: 1 })).rejects.toMatchObject({ code: 'unavailable' });
      await expect(bus.ping()).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}

function events(start: Start): void {
  describe('an event', () => {
    const subject = 'labmesh.event.demo.happened';
    const keep = (seen: Seen[]) => (one: Seen) => {
      seen.push(one);
    };

    it('reaches one replica of each listening agent, and every broadcast listener', async () => {
      const seen = { a: [] as Seen[], b: [] as Seen[], everyone: [] as Seen[] };
      const everyone = listenerOf(subject, '', keep(seen.everyone));
      const bus = await start(
        [listenerOf(subject, 'agent-a', keep(seen.a)), listenerOf(subject, 'agent-b', keep(seen.b)), everyone],
        [listenerOf(subject, 'agent-a', keep(seen.a)), everyone],
      );
      const at = '2026-01-02T03:04:05.000Z';
      for (let n = 0; n < 5; n += 1) await bus.publish(event('happened'), { n }, { id: `event-${n}`, at });
      const expected = Array.from({ length: 5 }, (_, n) => ({ id: `event-${n}`, at, payload: { n } }));
      const byId = (list: Seen[]) => [...list].sort((one, other) => one.id.localeCompare(other.id));
      await expect.poll(() => byId(seen.a), soon).toEqual(expected);
      await expect.poll(() => byId(seen.b), soon).toEqual(expected);
      await expect.poll(() => seen.everyone, soon).toHaveLength(10);
    });

    it('comes again to a listener that failed, and only to that one', async () => {
      const seen = { failing: 0, steady: 0 };
      const failing = listenerOf(subject, 'failing', () => {
        seen.failing += 1;
        if (seen.failing < 3) throw new Error('not yet');
      });
      const steady = listenerOf(subject, 'steady', () => {
        seen.steady += 1;
      });
      const bus = await start([failing, steady]);
      await bus.publish(event('happened'), { n: 1 });
      await expect.poll(() => seen, soon).toEqual({ failing: 3, steady: 1 });
    });

    it('gets an id and a time of its own', async () => {
      const seen: Seen[] = [];
      const bus = await start([listenerOf(subject, 'agent-a', keep(seen))]);
      await bus.publish(event('happened'), { n: 1 });
      await expect.poll(() => seen, soon).toHaveLength(1);
      expect(seen[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(new Date(seen[0]?.at ?? '').toISOString()).toBe(seen[0]?.at);
    });

    it('that nobody listens to is published all the same', async () => {
      const bus = await start();
      await expect(bus.publish(event('unheard'), { n: 1 })).resolves.toBeUndefined();
    });

    it('that is too large is refused', async () => {
      const bus = await start([listenerOf(subject, 'agent-a', () => {})]);
      const envelope = { id: 'x', at: new Date(0).toISOString(), payload: 'x'.repeat(9_000_000) };
      await expect(bus.publishEnvelope(subject, envelope)).rejects.toMatchObject({ code: 'too_large' });
    });
  });
}

function broadcasts(start: Start): void {
  describe('a broadcast', () => {
    const subject = 'labmesh.demo.$news';

    it('reaches every listener there is, once, as a copy, and waits for none', async () => {
      const seen: unknown[][] = [[], []];
      let finish = (): void => {};
      const busy = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const listeners = seen.map((list) => [
        listenerOf(subject, '', (news: unknown) => {
          list.push(news);
          return busy;
        }),
      ]);
      const bus = await start(...listeners);
      const body = { n: 1, at: new Date(0), gone: undefined };
      expect(bus.broadcast(subject, body)).toBeUndefined();
      body.n = 2;
      for (const list of seen) await expect.poll(() => list, soon).toEqual([{ n: 1, at: '1970-01-01T00:00:00.000Z' }]);
      finish();
    });

    it('that nobody hears is lost, and a failing listener harms nobody', async () => {
      const seen: unknown[] = [];
      const failing = listenerOf(subject, '', () => {
        throw new Error('not me');
      });
      const bus = await start([failing, listenerOf(subject, '', (news: unknown) => void seen.push(news))]);
      expect(bus.broadcast('labmesh.demo.$nobody', 1)).toBeUndefined();
      bus.broadcast(subject, { n: 1 });
      bus.broadcast(subject, { n: 2 });
      await expect.poll(() => seen, soon).toEqual([{ n: 1 }, { n: 2 }]);
    });

    it('that cannot be sent is refused', async () => {
      const bus = await start();
      const codeOf = (send: () => void): unknown => {
        try {
          send();
          return 'sent';
        } catch (thrown) {
          return (thrown as { code?: unknown }).code;
        }
      };
      expect(codeOf(() => bus.broadcast(subject, 'x'.repeat(9_000_000)))).toBe('too_large');
      expect(codeOf(() => bus.broadcast(subject, { amount: 1n }))).toBe('internal');
      await bus.close();
      expect(codeOf(() => bus.broadcast(subject, 1))).toBe('unavailable');
    });
  });
}
