// The HTTP front against clients that mean no good, or just stand still: real sockets, short limits.
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits/limit-settings.js';
import { createLogger } from '../log.js';
import { createMetrics } from '../metrics.js';
import { readBody } from './body.js';
import type { ConnectionLimits } from './connections.js';
import { HttpFront, sendJson } from './http-front.js';

const opened: Array<{ front: HttpFront; sockets: Socket[] }> = [];
afterEach(async () => {
  for (const { front, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await front.close();
  }
});

async function serve(limits: Partial<ConnectionLimits>, drain = { leadMs: 0, boundMs: 2_000 }) {
  const metrics = createMetrics();
  const config = { host: '127.0.0.1', port: 0, allowedHosts: ['127.0.0.1'], limits: DEFAULT_LIMITS, drain };
  const front = new HttpFront({ config, metrics, log: createLogger('test', 'silent') }, limits);
  const port = await front.listen();
  const sockets: Socket[] = [];
  opened.push({ front, sockets });
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
  return { front, dial, counted };
}
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;

describe('a slow writer', () => {
  it('is answered 504 and cut when its body makes no progress; one that keeps the pace is read', async () => {
    const { front, dial } = await serve({});
    const pace = { totalMs: 5_000, stretchMs: 300, stretchBytes: 10 };
    front.route('/in', async (req, res) => sendJson(res, 200, { bytes: (await readBody(req, 1_000, pace)).length }));
    const head = 'POST /in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n';
    const slow = await dial();
    slow.socket.write(`${head}x`);
    const steady = await dial();
    steady.socket.write(head);
    for (let i = 0; i < 10; i++) {
      steady.socket.write('0123456789');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await expect.poll(() => steady.text).toContain('{"bytes":100}');
    await expect.poll(() => slow.text, { timeout: 5_000 }).toMatch(/^HTTP\/1.1 504[\s\S]*did not arrive in time/);
    await expect.poll(() => slow.closed, { timeout: 10_000 }).toBe(true);
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
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(true);
    expect(await counted('slow_reader')).toBe(1);
  });

  it('of one large answer is left in peace while it reads on', async () => {
    const { front, dial, counted } = await serve({ ...short, slowBytes: 10_000 });
    front.route('/large', (_req, res) => void res.writeHead(200).end('x'.repeat(12_000_000)));
    const { socket } = await dial();
    let got = 0;
    socket.pause();
    socket.write(get('/large', 'Connection: close\r\n'));
    const sip = setInterval(() => {
      got += (socket.read() as Buffer | null)?.length ?? 0;
    }, 10);
    const ended = new Promise((resolve) => socket.once('end', resolve));
    await expect.poll(() => got, { timeout: 30_000 }).toBeGreaterThan(12_000_000);
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
    await expect.poll(() => counted('slow_reader'), { timeout: 10_000 }).toBe(1);
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
    await expect.poll(() => counted('slow_reader'), { timeout: 10_000 }).toBe(1);
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
        await new Promise((resolve) => setTimeout(resolve, 50));
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
    const { front, dial } = await serve({}, { leadMs: 600, boundMs: 5_000 });
    let finish = (): void => {};
    front.route('/slow', (_req, res) => {
      finish = () => sendJson(res, 200, { done: true });
    });
    const kept = await dial();
    kept.socket.write(get('/healthz'));
    await expect.poll(() => kept.text).toContain('ok');
    expect(kept.text).not.toMatch(/connection: close/i);
    const slow = await dial();
    slow.socket.write(get('/slow'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = front.close();
    expect(front.draining).toBe(true);
    kept.text = '';
    kept.socket.write(get('/healthz'));
    const fresh = await dial();
    fresh.socket.write(get('/healthz'));
    await expect.poll(() => kept.text).toMatch(/200 OK[\s\S]*connection: close/i);
    await expect.poll(() => fresh.text).toMatch(/200 OK[\s\S]*connection: close/i);
    await new Promise((resolve) => setTimeout(resolve, 800));
    finish();
    await expect.poll(() => slow.text).toMatch(/200 OK[\s\S]*connection: close[\s\S]*"done":true/i);
    await closed;
  });
});
