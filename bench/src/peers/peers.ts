// Other gateways and proxies for MCP and how each is started: pinned, on loopback, one worker, logging little.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { olderCallOf, type Wire } from '../gateway/requests.js';
import { fromNpm, fromPyPi } from './install.js';

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Place {
  /** Of its own: what the peer installs and writes. */
  readonly folder: string;
  readonly port: number;
  /** An MCP server with the no-op tool, over HTTP. */
  readonly upstream: string;
}

export interface Peer {
  /** Package and version, as the table shows it. */
  readonly name: string;
  install(folder: string): Promise<string>;
  /** @param bin the folder of its programs */
  start(bin: string, place: Place): Start;
  /** Once it answers on its port: tells it of the upstream, where the command line did not. */
  prepare?(place: Place): Promise<void>;
  readonly path?: string;
  readonly wire?: Wire;
}

const STDIO_ECHO = fileURLToPath(new URL('./stdio-echo.js', import.meta.url));

const mcpProxy: Peer = {
  name: 'mcp-proxy 6.7.19',
  install: (folder) => fromNpm('mcp-proxy@6.7.19', folder),
  start: (bin, { port }) => ({
    command: join(bin, 'mcp-proxy'),
    args: [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--server',
      'stream',
      '--stateless',
      '--',
      process.execPath,
      STDIO_ECHO,
    ],
  }),
};

const FASTMCP = `import sys
from fastmcp.server import create_proxy
create_proxy(sys.argv[1], name="peer").run(
    transport="http", host="127.0.0.1", port=int(sys.argv[2]), path="/mcp", stateless_http=True,
    show_banner=False, log_level="error", uvicorn_config={"access_log": False})
`;

const fastMcp: Peer = {
  name: 'FastMCP 4.0.11',
  install: (folder) => fromPyPi('fastmcp==4.0.11', folder),
  start(bin, { folder, port, upstream }) {
    const script = join(folder, 'proxy.py');
    writeFileSync(script, FASTMCP);
    return { command: join(bin, 'python'), args: [script, upstream, String(port)] };
  },
};

/** Open to all and without limits: it listens on loopback, and lives as long as the bench. */
const FORGE_ENV = {
  AUTH_REQUIRED: 'false',
  ALLOW_UNAUTHENTICATED_ADMIN: 'true',
  RATE_LIMITING_ENABLED: 'false',
  CACHE_TYPE: 'memory',
  LOG_LEVEL: 'ERROR',
  SSRF_ALLOW_LOCALHOST: 'true',
  SSRF_PROTECTION_ENABLED: 'false',
  JWT_SECRET_KEY: 'for-this-bench-only-and-never-for-anything-else',
  AUTH_ENCRYPTION_SECRET: 'for-this-bench-only-and-never-for-anything-else',
};

const contextForge: Peer = {
  name: 'ContextForge 1.0.7',
  install: (folder) => fromPyPi('mcp-contextforge-gateway==1.0.7', folder),
  start: (bin, { folder, port }) => ({
    command: join(bin, 'mcpgateway'),
    args: ['--host', '127.0.0.1', '--port', String(port), '--workers', '1', '--no-access-log'],
    env: { ...FORGE_ENV, HOME: folder, DATABASE_URL: `sqlite:///${join(folder, 'mcp.db')}` },
  }),
  async prepare({ port, upstream }) {
    const body = JSON.stringify({ name: 'noop', url: upstream, transport: 'STREAMABLEHTTP' });
    const answer = await fetch(`http://127.0.0.1:${port}/gateways`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`cannot add the upstream: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  },
  path: '/mcp/',
  wire: olderCallOf('noop-noop-echo'),
};

export const PEERS: readonly Peer[] = [mcpProxy, fastMcp, contextForge];
