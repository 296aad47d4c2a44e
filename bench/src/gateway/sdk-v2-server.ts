// For comparison: the same tool on the official SDK's own server, version 2. With UPSTREAM set it is a gateway made of the
// SDK alone: its server in front, its client behind.
import { createServer } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { serveUsage } from '../measured-child.js';

const upstreamUrl = process.env.UPSTREAM;
const upstream = new Client(
  { name: 'sdk-gateway', version: '1.0.0' },
  { versionNegotiation: { mode: { pin: '2026-07-28' } } },
);
if (upstreamUrl !== undefined) await upstream.connect(new StreamableHTTPClientTransport(new URL(upstreamUrl)));

const shape = z.object({ message: z.string() });
const handler = createMcpHandler(() => {
  const mcp = new McpServer({ name: 'sdk-v2', version: '2.0.0' });
  mcp.registerTool(
    'noop_echo',
    { title: 'Answer what came', inputSchema: shape, outputSchema: shape },
    async (input) => {
      if (upstreamUrl === undefined)
        return { content: [{ type: 'text', text: JSON.stringify(input) }], structuredContent: input };
      const { content, structuredContent } = await upstream.callTool({ name: 'noop_echo', arguments: input });
      return { content, structuredContent: structuredContent as z.infer<typeof shape> };
    },
  );
  return mcp;
});
const answer = toNodeHandler(handler);
const server = createServer((req, res) => void answer(req, res as never));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serveUsage({ port: typeof address === 'object' ? address?.port : undefined });
});
