// The MCP client in the browser: one connection to the lab's endpoint. Only `connection.ts` loads this, on demand.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Changes } from './changes.js';
import type { Connection, ConnectOptions, ToolInfo } from './connection.js';

/** Above the longest time limit of a tool (310 s): the lab's own limit is the one that counts. */
const CALL_TIMEOUT_MS = 330_000;
const CONNECT_TIMEOUT_MS = 15_000;

export async function openConnection({ fetch }: ConnectOptions): Promise<Connection> {
  const client = new Client({ name: 'labmesh-page', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } });
  // People look through all that they may use; lists for models are shorter.
  const transport = new StreamableHTTPClientTransport(new URL('mcp?toolsets=all', document.baseURI), {
    fetch,
  });
  await client.connect(transport, { timeout: CONNECT_TIMEOUT_MS });
  const changes = new Changes(client);
  return {
    listTools: async () => (await client.listTools(undefined, { cacheMode: 'refresh' })).tools as ToolInfo[],
    callTool: (name, input, options = {}) =>
      client.callTool(
        { name, arguments: { ...input } },
        { timeout: CALL_TIMEOUT_MS, signal: options.signal, onprogress: options.onProgress },
      ),
    follow: (followed, onChanged, since) => changes.follow(followed, onChanged, since),
    moment: () => changes.moment(),
    whenTold: (followed, go) => changes.whenTold(followed, go),
    isLive: changes.isLive,
    onLive: changes.onLive,
    close: () => client.close(),
  };
}
