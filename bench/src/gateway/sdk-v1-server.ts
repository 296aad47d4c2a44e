// For comparison: the same tool on the official SDK's own server, version 1, stateless as in its examples.
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { serveUsage } from '../measured-child.js';

const server = createServer(async (req, res) => {
  const mcp = new McpServer({ name: 'sdk-v1', version: '1.0.0' });
  mcp.registerTool(
    'noop_echo',
    { title: 'Answer what came', inputSchema: { message: z.string() }, outputSchema: { message: z.string() } },
    (input) => ({ content: [{ type: 'text', text: JSON.stringify(input) }], structuredContent: input }),
  );
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  res.on('close', () => {
    void transport.close();
    void mcp.close();
  });
  await mcp.connect(transport as never);
  await transport.handleRequest(req, res);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serveUsage({ port: typeof address === 'object' ? address?.port : undefined });
});
