// The baseline: a bare node:http server that writes a body to a file, until it is on the disk, and sends that file. Nothing else.
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { serveUsage } from '../measured-child.js';

const file = process.env.FILE ?? '';

async function take(req: IncomingMessage): Promise<void> {
  await pipeline(req, createWriteStream(file));
  const written = await open(file, 'r+');
  await written.datasync();
  await written.close();
}

async function give(res: ServerResponse): Promise<void> {
  res.writeHead(200, { 'content-length': (await stat(file)).size });
  await pipeline(createReadStream(file), res);
}

const server = createServer({ requestTimeout: 0 }, (req, res) => {
  if (req.method === 'GET') void give(res);
  else void take(req).then(() => res.writeHead(204).end());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serveUsage({ port: typeof address === 'object' ? address?.port : undefined, pid: process.pid });
});
