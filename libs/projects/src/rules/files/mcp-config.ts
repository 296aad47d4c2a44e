// Configuration of MCP clients: Claude Code and Cursor (`mcpServers`), VS Code (`servers`), Gemini CLI (`httpUrl`), Codex (TOML).
import { z } from 'zod';
import type { Project, TextFile } from '../project/project.js';
import { shapeRule } from './shape.js';

export const MCP_CONFIG =
  /(^|\/)(\.?mcp\.json|mcp[_-]config\.json|claude_desktop_config\.json|\.(vscode|cursor)\/mcp\.json|\.(gemini|claude)\/settings\.json|\.codex\/config\.toml)$/;

const MEMBERS = ['mcpServers', 'servers', 'mcp_servers'] as const;

export interface McpServer {
  readonly file: TextFile;
  readonly name: string;
  readonly value: { readonly url?: string };
  readonly line: number;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function mcpServers(project: Project): McpServer[] {
  return project.named(MCP_CONFIG).flatMap((file) => {
    const { document } = file;
    const value = isObject(document?.value) ? document.value : {};
    return MEMBERS.flatMap((member) =>
      Object.entries(isObject(value[member]) ? value[member] : {}).flatMap(([name, server]) => {
        const key = isObject(server) ? ['url', 'httpUrl', 'serverUrl'].find((one) => one in server) : undefined;
        const url = isObject(server) && key !== undefined ? server[key] : undefined;
        const line = document?.lineOf(key === undefined ? [member, name] : [member, name, key]) ?? 1;
        return [{ file, name, line, value: typeof url === 'string' ? { url } : {} }];
      }),
    );
  });
}

const Texts = z.record(z.string(), z.string('must be a text'), 'must be an object of texts').optional();
const Server = z
  .looseObject(
    {
      type: z
        .enum(['http', 'sse', 'stdio', 'streamable-http', 'streamableHttp'], 'must be http, sse or stdio')
        .optional(),
      command: z.string('must be a text').min(1, 'must not be empty').optional(),
      args: z.array(z.string(), 'must be a list of texts').optional(),
      url: z.string('must be a text').optional(),
      headers: Texts,
      env: Texts,
    },
    'must be an object',
  )
  .refine((server) => ['command', 'url', 'httpUrl', 'serverUrl'].some((key) => key in server), {
    error: 'needs a url, or a command to start',
  });
const Servers = z.record(z.string().min(1), Server, 'must be an object of servers').optional();

export const mcpConfig = shapeRule({
  id: 'mcp-config',
  title: 'The configuration of an MCP client is not as the client wants it',
  files: MCP_CONFIG,
  schema: z.looseObject({ mcpServers: Servers, servers: Servers, mcp_servers: Servers }, 'must be an object'),
  see: 'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
});
