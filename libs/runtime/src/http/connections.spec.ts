// The HTTP front against clients that mean no good, or just stand still: real sockets, short limits.
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limit-settings.js';
import { createLogger } from '../log.js';
import { createMetrics } from '../metrics.js';
import { readBody } from './body.js';
import type { ConnectionLimits } from './connections.js';
import { HttpFront, sendJson } from './http-front.js';
import { letRun } from './incoming-bodies.js';

const opened: Array<{ front: HttpFront; sockets: Socket[] }> = [];
afterEach(async () => {
  for (const { front, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await front.close();
  }
});

async function serve(limits: Partial<ConnectionLimits>, drain = { leadMs: 0, boundMs: 60_000 }) {
  const metrics = createMetrics();
  const config = { host: '127.0.0.1', port: 0, allowedHosts: ['127.0.0.1'], limits: DEFAULT_LIMITS, drain };
  const front = new HttpFront({ config, metrics, log: createLogger('test', 'silent') }, limits);
  const port = await front.listen();
  const sockets: Socket[] = [];
  opened.push({ front, sockets });
  /** Whether nobody listens there any more. */
  const refuses = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', () => resolve(true));
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
    });
  const dial = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
    const client = { socket, text: '', closed: false };
    socket.on('data', (chunk) => (client.text += chunk.toString('latin1')));
    socket.on('close', () => (client.closed = true));
    await new Promise((resolve) => socket.once('connect', resolve));
    return client;
  };
  const counted = async (limit: string) =>
    Number(new RegExp(`refusals_total\\{limit="${limit}"\\} (\\d+)`).exec(await metrics.registry.metrics())?.[1] ?? 0);
  return { front, dial, counted, refuses };
}
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;

describe('a slow writer', () => {
  it('is answered 504 and cut when its body makes no progress; one that keeps the pace is read', async () => {
    const { front, dial } = await serve({});
    const pace = { totalMs: 60_000, stretchMs: 1_000, stretchBytes: 1 };
    front.route('/in', async (req, res) => sendJson(res, 200, { bytes: (await readBody(req, 1_000, pace)).length }));
    const head = 'POST /in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n';
    const slow = await dial();
    slow.socket.write(`${head}x`);
    const steady = await dial();
    steady.socket.write(head);
    // Longer than two stretches.
    for (let i = 0; i < 100; i++) {
      steady.socket.write('x');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await expect.poll(() => steady.text).toContain('{"bytes":100}');
    await expect.poll(() => slow.text).toMatch(/^HTTP\/1.1 504[\s\S]*did not arrive in time/);
    await expect.poll(() => slow.closed).toBe(true);
  });
});

describe('a body that comes slowly', () => {
  const LENGTH = 10_000;
  const head = `POST /in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${LENGTH}\r\n\r\n`;
  const bodies = { wholeMs: 500, stretchMs: 1_000, stretchBytes: 1 };
  const limits = { bodies, lookEveryMs: 20 };
  /** Writes a byte now and then for as long as `until` has not said that it is enough. */
  const drip = async (socket: Socket, enough: () => boolean): Promise<void> => {
    while (!enough() && !socket.destroyed) {
      socket.write('x');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  it('is cut when all of it is not there in time, though nobody reads it', async () => {
    const { front, dial, counted } = await serve(limits);
    let heard = false;
    front.route('/in', (req) => void req.once('close', () => (heard = true)));
    const writer = await dial();
    writer.socket.write(head);
    await drip(writer.socket, () => writer.closed);
    expect(writer.text).toMatch(/^HTTP\/1.1 408[\s\S]*did not arrive in time/);
    await expect.poll(() => heard).toBe(true);
    expect(await counted('slow_writer')).toBe(1);
  });

  it('is cut after its answer too', async () => {
    const { front, dial } = await serve(limits);
    front.route('/in', (req, res) => {
      letRun(req);
      sendJson(res, 404, {});
    });
    const writer = await dial();
    writer.socket.write(head);
    await drip(writer.socket, () => writer.closed);
    expect(writer.text).toMatch(/^HTTP\/1.1 404/);
    expect(writer.text).not.toContain(' 408 ');
  });

  it('may take longer where it may run, and goes on', async () => {
    const { front, dial, counted } = await serve({ bodies: { ...bodies, wholeMs: 100 }, lookEveryMs: 20 });
    front.route('/in', async (req, res) => {
      letRun(req);
      let bytes = 0;
      for await (const chunk of req) bytes += (chunk as Buffer).length;
      sendJson(res, 200, { bytes });
    });
    const writer = await dial();
    writer.socket.write(head);
    // Longer than five times the bound of other bodies.
    const slowly = 50;
    for (let sent = 0; sent < slowly; sent++) {
      writer.socket.write('x');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    writer.socket.write('x'.repeat(LENGTH - slowly));
    await expect.poll(() => writer.text).toContain(`{"bytes":${LENGTH}}`);
    expect(await counted('slow_writer')).toBe(0);
  });

  it('is cut where it may run and stands still, and what came is not lost', async () => {
    const { front, dial, counted } = await serve({ bodies: { ...bodies, stretchMs: 300 }, lookEveryMs: 20 });
    let got = '';
    let failed = false;
    front.route('/in', async (req) => {
      letRun(req);
      try {
        for await (const chunk of req) got += String(chunk);
      } catch {
        failed = true;
      }
    });
    const writer = await dial();
    writer.socket.write(`${head}some of it`);
    await expect.poll(() => writer.closed).toBe(true);
    await expect.poll(() => failed).toBe(true);
    expect(got).toBe('some of it');
    expect(await counted('slow_writer')).toBe(1);
  });

  it('is not blamed for a handler that takes nothing', async () => {
    const { front, dial, counted } = await serve({ bodies: { ...bodies, stretchMs: 60 }, lookEveryMs: 20 });
    let read = (): void => {};
    front.route('/in', async (req, res) => {
      letRun(req);
      await new Promise<void>((resolve) => (read = resolve));
      await req
        .resume()
        .toArray()
        .catch(() => []);
      sendJson(res, 200, { read: true });
    });
    const writer = await dial();
    writer.socket.write(`${head}${'x'.repeat(LENGTH - 1)}`);
    // Longer than five stretches.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(writer.closed).toBe(false);
    writer.socket.write('x');
    read();
    await expect.poll(() => writer.text).toContain('{"read":true}');
    expect(await counted('slow_writer')).toBe(0);
  });
});

describe('a slow reader', () => {
  const short = { unsentMax: 200_000, slowMs: 400, slowBytes: 50_000, lookEveryMs: 50 };

  it('of a stream is cut, and the work behind it hears of it', async () => {
    const { front, dial, counted } = await serve(short);
    let ended = false;
    front.route('/stream', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const feed = setInterval(() => res.writableLength < 4_000_000 && res.write('x'.repeat(500_000)), 5);
      res.once('close', () => {
        clearInterval(feed);
        ended = true;
      });
    });
    const reader = await dial();
    reader.socket.pause();
    reader.socket.write(get('/stream'));
    await expect.poll(() => ended).toBe(true);
    expect(await counted('slow_reader')).toBe(1);
  });

  it('of one large answer is left in peace while it reads on', async () => {
    const { front, dial, counted } = await serve({ ...short, slowMs: 3_000, slowBytes: 10_000 });
    front.route('/large', (_req, res) => void res.writeHead(200).end('x'.repeat(6_000_000)));
    const { socket } = await dial();
    let got = 0;
    socket.pause();
    socket.write(get('/large', 'Connection: close\r\n'));
    // More than one sip for each look, however busy the machine is, and longer than a slow reader has.
    const sip = setInterval(() => {
      got += (socket.read() as Buffer | null)?.length ?? 0;
    }, 40);
    const ended = new Promise((resolve) => socket.once('end', resolve));
    await expect.poll(() => got).toBeGreaterThan(6_000_000);
    clearInterval(sip);
    socket.resume();
    await ended;
    expect(await counted('slow_reader')).toBe(0);
  });

  it('that stands still is cut also when little waits for it, because writing paused', async () => {
    const { front, dial, counted } = await serve({ ...short, unsentMax: 100_000_000, slowMs: 200 });
    front.route('/polite', (_req, res) => {
      const feed = setInterval(() => res.writableNeedDrain || res.write('x'.repeat(100_000)), 2);
      res.once('close', () => clearInterval(feed));
    });
    const reader = await dial();
    reader.socket.pause();
    reader.socket.write(get('/polite'));
    await expect.poll(() => counted('slow_reader')).toBe(1);
  });

  it('may never make a stream hold more than the hard bound', async () => {
    const { front, dial, counted } = await serve({ ...short, slowMs: 60_000, unsentHardMax: 3_000_000 });
    front.route('/stream', (_req, res) => {
      const feed = setInterval(() => res.write('x'.repeat(1_000_000)), 10);
      res.once('close', () => clearInterval(feed));
    });
    const reader = await dial();
    reader.socket.pause();
    reader.socket.write(get('/stream'));
    await expect.poll(() => counted('slow_reader')).toBe(1);
  });
});

describe('connections', () => {
  it('beyond an address’s share are told so, and room comes back', async () => {
    const { dial, counted } = await serve({ perAddress: 2 });
    const first = await dial();
    await dial();
    const third = await dial();
    await expect.poll(() => third.closed).toBe(true);
    expect(third.text).toMatch(/^HTTP\/1.1 429[\s\S]*Retry-After: 5/i);
    expect(await counted('connections')).toBe(1);
    first.socket.destroy();
    await expect
      .poll(async () => {
        const next = await dial();
        next.socket.write(get('/healthz'));
        while (!next.closed && !next.text.includes('\r\n\r\n')) await new Promise((resolve) => setTimeout(resolve, 10));
        if (next.text.startsWith('HTTP/1.1 200')) return true;
        next.socket.destroy();
        return false;
      })
      .toBe(true);
  });

  it('beyond the total are dropped', async () => {
    const { dial, counted } = await serve({ total: 1 });
    await dial();
    const second = await dial();
    await expect.poll(() => second.closed).toBe(true);
    expect(await counted('connections')).toBe(1);
  });

  it('with too many or too large headers get 431', async () => {
    const { dial } = await serve({});
    const many = await dial();
    many.socket.write(get('/healthz', Array.from({ length: 150 }, (_, i) => `x-${i}: 1\r\n`).join('')));
    await expect.poll(() => many.text).toMatch(/^HTTP\/1.1 431/);
    const large = await dial();
    large.socket.write(get('/healthz', `x: ${'y'.repeat(20_000)}\r\n`));
    await expect.poll(() => large.text).toMatch(/^HTTP\/1.1 431/);
  });
});

describe('a front that stops', () => {
  it('still answers for a while, tells clients to go, and lets open requests finish', async () => {
    const { front, dial, refuses } = await serve({}, { leadMs: 3_000, boundMs: 60_000 });
    let finish = (): void => {};
    let asked = false;
    front.route('/slow', (_req, res) => {
      asked = true;
      finish = () => sendJson(res, 200, { done: true });
    });
    const kept = await dial();
    kept.socket.write(get('/healthz'));
    await expect.poll(() => kept.text).toContain('ok');
    expect(kept.text).not.toMatch(/connection: close/i);
    const slow = await dial();
    slow.socket.write(get('/slow'));
    await expect.poll(() => asked).toBe(true);
    const closed = front.close();
    expect(front.draining).toBe(true);
    kept.text = '';
    kept.socket.write(get('/healthz'));
    const fresh = await dial();
    fresh.socket.write(get('/healthz'));
    await expect.poll(() => kept.text).toMatch(/200 OK[\s\S]*connection: close/i);
    await expect.poll(() => fresh.text).toMatch(/200 OK[\s\S]*connection: close/i);
    await expect.poll(refuses).toBe(true);
    finish();
    await expect.poll(() => slow.text).toMatch(/200 OK[\s\S]*connection: close[\s\S]*"done":true/i);
    await closed;
  });
});
