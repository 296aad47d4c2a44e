// Events as bytes on a real connection, and a reader that takes nothing for a while.
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { EventWriter } from './event-writer.js';

const servers: Array<ReturnType<typeof createServer>> = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function connected(): Promise<{ res: ServerResponse; client: IncomingMessage; writer: EventWriter }> {
  const server = createServer();
  servers.push(server);
  const opened = once(server, 'request');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sent = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const answered = once(sent, 'response');
  const [, res] = (await opened) as [IncomingMessage, ServerResponse];
  const writer = new EventWriter(res);
  writer.open();
  const [client] = (await answered) as [IncomingMessage];
  return { res, client, writer };
}

const write = (writer: EventWriter, cursor: number, tool = 'x'): boolean =>
  writer.event('record', String(cursor), { cursor: String(cursor), tool });

it('writes events with their place, and says when to come again', async () => {
  const { client, writer } = await connected();
  expect([write(writer, 7), write(writer, 8)]).toEqual([true, true]);
  writer.reached('12');
  writer.tell('end', { code: 'unavailable', message: 'later' }, 250);
  writer.end();
  let text = '';
  for await (const chunk of client) text += String(chunk);
  expect(client.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
  });
  expect(text).toBe(
    'retry: 1000\n\n' +
      'event: record\nid: 7\ndata: {"cursor":"7","tool":"x"}\n\n' +
      'event: record\nid: 8\ndata: {"cursor":"8","tool":"x"}\n\n' +
      'retry: 250\nevent: end\nid: 12\ndata: {"code":"unavailable","message":"later"}\n\n',
  );
});

it('holds no more than a bound for a reader that takes nothing, and goes on when it reads', async () => {
  const { res, client, writer } = await connected();
  const large = 'x'.repeat(10_000);
  let written = 0;
  while (write(writer, written, large) && written < 10_000) written += 1;
  // The operating system's buffers took some; then the writer says that there is no more room.
  expect(written).toBeLessThan(10_000);
  expect(res.writableLength).toBeLessThan(512 * 1024);
  client.resume();
  await writer.taken();
  expect(write(writer, written)).toBe(true);
});

it('waits for nobody who is gone', async () => {
  const { client, writer } = await connected();
  const large = 'x'.repeat(10_000);
  for (let at = 0; at < 10_000 && write(writer, at, large); at += 1);
  client.destroy();
  await writer.taken();
  writer.end();
});
