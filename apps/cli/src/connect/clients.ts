// The AI clients that `connect` knows: where each keeps its MCP servers, in which form, and how it gets the key. The only file that
// knows another program's format.
import { join } from 'node:path';

export const CLIENT_NAMES = ['claude-code', 'claude-desktop', 'vscode', 'cursor', 'codex', 'gemini'] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

/** The environment variable that clients read the key from. Not LABMESH_TOKEN: that is who you are, not who your client is. */
export const KEY_VARIABLE = 'LABMESH_MCP_KEY';
/** What the lab is called in a client. */
const SERVER_NAME = 'labmesh';
/** Speaks HTTP for a client that only starts programs. The version that test/interop tries. */
export const BRIDGE = 'mcp-remote@0.15.1';

/** Where a person's programs keep their files. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly cwd: string;
}

export interface Entry {
  /** Where it stands in the file. */
  readonly path: readonly [string, string];
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Client {
  readonly title: string;
  /** Its file is for this folder alone, or for all that the person does. */
  readonly scope: 'folder' | 'person';
  readonly form: 'json' | 'toml';
  /** environment: the file names a variable. asked: the client asks once and keeps it. file: there is no other way than in the file. */
  readonly key: 'environment' | 'asked' | 'file';
  readonly file: (around: Surroundings) => string;
  /** @param key the key itself, which only a client whose key is in the file puts in */
  readonly entries: (mcpUrl: string, key: string) => readonly Entry[];
  /** What makes it take the new file. */
  readonly afterwards: string;
}

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const server = (list: string, value: Entry['value']): Entry => ({ path: [list, SERVER_NAME], value });

export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  'claude-code': {
    title: 'Claude Code',
    scope: 'folder',
    form: 'json',
    key: 'environment',
    file: ({ cwd }) => join(cwd, '.mcp.json'),
    entries: (url) => [server('mcpServers', { type: 'http', url, headers: bearer(`\${${KEY_VARIABLE}}`) })],
    afterwards: 'Start claude in this folder, and allow the server when it asks.',
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    scope: 'person',
    form: 'json',
    key: 'file',
    file: (around) => join(desktopFolder(around), 'claude_desktop_config.json'),
    entries: (url, key) => [
      server('mcpServers', {
        command: 'npx',
        // Without a space in it, which some systems would take apart.
        args: ['-y', BRIDGE, url, '--header', `Authorization:\${AUTHORIZATION}`, ...plainHttp(url)],
        env: { AUTHORIZATION: `Bearer ${key}` },
      }),
    ],
    afterwards: 'Quit Claude Desktop and start it again.',
  },
  vscode: {
    title: 'VS Code',
    scope: 'folder',
    form: 'json',
    key: 'asked',
    file: ({ cwd }) => join(cwd, '.vscode/mcp.json'),
    entries: (url) => [
      server('servers', { type: 'http', url, headers: bearer(`\${input:${SERVER_NAME}}`) }),
      {
        path: ['inputs', SERVER_NAME],
        value: { id: SERVER_NAME, type: 'promptString', description: 'LabMesh client key', password: true },
      },
    ],
    afterwards: 'Run “MCP: List Servers” in VS Code and start labmesh; it asks for the key once.',
  },
  cursor: {
    title: 'Cursor',
    scope: 'person',
    form: 'json',
    key: 'environment',
    file: ({ home }) => join(home, '.cursor/mcp.json'),
    entries: (url) => [server('mcpServers', { url, headers: bearer(`\${env:${KEY_VARIABLE}}`) })],
    afterwards: 'Start Cursor again, from a shell that has the variable.',
  },
  codex: {
    title: 'Codex',
    scope: 'person',
    form: 'toml',
    key: 'environment',
    file: ({ home, env }) => join(env.CODEX_HOME || join(home, '.codex'), 'config.toml'),
    entries: (url) => [server('mcp_servers', { url, bearer_token_env_var: KEY_VARIABLE })],
    afterwards: 'Start codex again; /mcp lists the servers.',
  },
  gemini: {
    title: 'Gemini CLI',
    scope: 'person',
    form: 'json',
    key: 'environment',
    file: ({ home }) => join(home, '.gemini/settings.json'),
    entries: (url) => [server('mcpServers', { httpUrl: url, headers: bearer(`$${KEY_VARIABLE}`) })],
    afterwards: 'Start gemini again; /mcp lists the servers.',
  },
};

function desktopFolder({ platform, env, home }: Surroundings): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library/Application Support/Claude');
    case 'win32':
      return join(env.APPDATA || join(home, 'AppData/Roaming'), 'Claude');
    default:
      return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'Claude');
  }
}

/** The bridge takes addresses without TLS only when it is told so. */
const plainHttp = (url: string): string[] => (url.startsWith('http:') ? ['--allow-http'] : []);
