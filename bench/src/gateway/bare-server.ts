// The baseline: a bare node:http server that parses a JSON body and answers JSON. Nothing else. With ANSWER_BYTES it sends so
// many that it has ready: what it takes to send them, whoever does.
import { createServer } from 'node:http';
import { serveUsage } from '../measured-child.js';

const ready = Buffer.alloc(Number(process.env.ANSWER_BYTES ?? 0), ' ');
const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      id: number;
      params: { arguments: unknown };
    };
    if (ready.length > 0) {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': ready.length }).end(ready);
      return;
    }
    const text = JSON.stringify({ jsonrpc: '2.0', id, result: { structuredContent: params.arguments } });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serveUsage({ port: typeof address === 'object' ? address?.port : undefined });
});
