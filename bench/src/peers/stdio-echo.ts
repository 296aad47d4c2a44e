// The no-op tool on the official SDK's server over standard input and output: what mcp-proxy puts on HTTP.
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const shape = z.object({ message: z.string() });
const mcp = new McpServer({ name: 'stdio-echo', version: '1.0.0' });
mcp.registerTool('noop_echo', { title: 'Answer what came', inputSchema: shape, outputSchema: shape }, (input) => ({
  content: [{ type: 'text', text: JSON.stringify(input) }],
  structuredContent: input,
}));
await mcp.connect(new StdioServerTransport());
