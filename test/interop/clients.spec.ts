// Clients that nobody here wrote, as their users run them: what they list, what they show of a failure and of a refused key, and
// that a large answer reaches them. Needs the npm registry and PyPI once.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child, temporaryFolder } from '@labmesh/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BRIDGE } from '../../apps/cli/src/connect/clients.js';
import { labmeshTold } from '../harness/command.js';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';

const MCP_REMOTE = BRIDGE;
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
/** What the Inspector runs on. */
const NODE = 'node@24';
const PYTHON: Array<[packaged: string, client: string]> = [
  ['mcp==1.30.0', 'mcp_1'],
  ['mcp==2.3.0', 'mcp_2'],
  ['mcp==2.3.0', 'mcp_2_legacy'],
  ['fastmcp==4.2.3', 'fastmcp_4'],
];
/** Together more than a server-sent event may have: as text, and once more as structured content. */
const ROWS = 1_000;
const ROW_CHARS = 600;

const run = promisify(execFile);
const README = 'architect_get_template_readme';
const TOO_LITTLE = { name: 'nothing' };
const WHY = /^not_found: There is no template "nothing".*\n\S/;
const CUT = /cut or mistyped/;

let lab: LabUnderTest;
let folder: string;
let token: string;
let datasetId: string;
beforeAll(async () => {
  lab = await oneProcessLab();
  folder = await temporaryFolder('interop');
  token = lab.operatorToken();
  await using operator = await lab.connect(token);
  const rows = Array.from({ length: ROWS }, (_, n) => ({ n, text: 'x'.repeat(ROW_CHARS) }));
  const { dataset } = await operator.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
    name: 'large',
    format: 'json',
    content: JSON.stringify(rows),
  });
  datasetId = dataset.datasetId;
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A client that holds what it gets to the schemas that it was told. */
async function looksThrough(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('curator_fetch_dataset');
  expect(await client.callTool({ name: README, arguments: TOO_LITTLE })).toMatchObject({
    isError: true,
    content: [{ type: 'text', text: expect.stringMatching(WHY) }],
  });
  const large = await client.callTool({ name: 'curator_fetch_dataset', arguments: { datasetId } });
  expect((large.structuredContent as { rows: unknown[] }).rows).toHaveLength(ROWS);
  await client.close();
}
const person = (): Client => new Client({ name: 'interop', version: '1' });

describe('@modelcontextprotocol/sdk 1.x', () => {
  const transport = (key: string) =>
    new StreamableHTTPClientTransport(new URL(`${lab.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }) as never;

  it('lists, fails readably and gets a large answer', async () => {
    const client = person();
    await client.connect(transport(token));
    await looksThrough(client);
  });

  it('says what is wrong with a key', async () => {
    await expect(person().connect(transport(token.slice(0, -1)))).rejects.toThrow(CUT);
  });
});

describe('mcp-remote', () => {
  /** Its sign-ins, which it never makes here, are kept in a folder of their own. */
  const environment = () => ({
    PATH: process.env.PATH ?? '',
    HOME: folder,
    MCP_REMOTE_CONFIG_DIR: join(folder, 'remote'),
  });
  const command = (key: string) => ({
    command: 'npx',
    args: ['-y', MCP_REMOTE, `${lab.url}/mcp`, '--allow-http', '--header', `Authorization:Bearer ${key}`],
    cwd: folder,
    env: environment(),
  });

  it('lists, fails readably and gets a large answer', async () => {
    const client = person();
    await client.connect(new StdioClientTransport({ ...command(token), stderr: 'ignore' }) as never, {
      timeout: 240_000,
    });
    await looksThrough(client);
  });

  it('is started by what the command writes for Claude Desktop', async () => {
    const home = join(folder, 'desktop');
    const ended = await labmeshTold(lab, ['connect', 'claude-desktop', '--tools', 'everyday', '--json'], {
      env: { HOME: home },
    });
    const { file } = JSON.parse(ended.out) as { file: string };
    const { mcpServers } = JSON.parse(await readFile(file, 'utf8')) as {
      mcpServers: { labmesh: { command: string; args: string[]; env: Record<string, string> } };
    };
    const written = mcpServers.labmesh;
    const client = person();
    const at = { ...written, cwd: folder, env: { ...environment(), ...written.env }, stderr: 'ignore' };
    await client.connect(new StdioClientTransport(at as never) as never, { timeout: 240_000 });
    await looksThrough(client);
  });

  it('says what is wrong with a key, and not that a sign-in failed which the lab never had', async () => {
    const remote = new Child(command(token.slice(0, -1)));
    await remote.until(() => CUT.test(remote.output));
    await remote.stop();
    expect(remote.output).not.toMatch(/Discovered authorization server|HTTP 404/);
  });
});

describe('the Inspector', () => {
  const inspect = async (key: string, ...args: string[]): Promise<string> => {
    const common = [
      '-y',
      '-p',
      NODE,
      '-p',
      INSPECTOR,
      '--',
      'mcp-inspector',
      '--cli',
      `${lab.url}/mcp`,
      '--transport',
      'http',
    ];
    const header = ['--format', 'json', '--header', `Authorization: Bearer ${key}`];
    const options = { timeout: 240_000, maxBuffer: 1e8, cwd: folder };
    return run('npx', [...common, ...header, ...args], options).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}`,
    );
  };
  const call = (name: string, args: object): string[] => [
    ...['--method', 'tools/call', '--tool-name', name],
    ...['--tool-args-json', JSON.stringify(args)],
  ];

  it.each([
    ['2025', []],
    ['2026-07-28', ['--protocol-era', 'modern']],
  ])('lists and calls in %s', async (_era, era) => {
    expect(await inspect(token, ...era, '--method', 'tools/list')).toContain('curator_fetch_dataset');
    expect(await inspect(token, ...era, ...call(README, { name: 'astronomer-vial' }))).toContain('astronomer-vial');
    const failed = await inspect(token, ...era, ...call(README, TOO_LITTLE));
    expect(failed).toContain('There is no template');
    expect(failed).not.toContain('output schema');
    expect((await inspect(token, ...era, ...call('curator_fetch_dataset', { datasetId }))).length).toBeGreaterThan(
      ROWS * ROW_CHARS,
    );
  });

  it('says what is wrong with a key', async () => {
    // Without this it asks to sign in, which nobody can here.
    expect(await inspect(token.slice(0, -1), '--stored-auth-only', '--method', 'tools/list')).toMatch(CUT);
  });
});

describe('Python', () => {
  interface Seen {
    readonly tools?: string[];
    readonly error?: string;
  }
  const look = async (packaged: string, client: string, key: string): Promise<Seen> => {
    const program = join(ROOT, 'test/interop/python_client.py');
    const uv = ['run', '--quiet', '--no-project', '--with', packaged, 'python', program];
    const { stdout } = await run('uv', [...uv, client, `${lab.url}/mcp`, key, datasetId], {
      timeout: 240_000,
      cwd: folder,
    });
    return JSON.parse(stdout) as Seen;
  };

  it.each(PYTHON)('%s as %s lists, fails readably and gets a large answer', async (packaged, client) => {
    expect(await look(packaged, client, token)).toEqual({
      tools: expect.arrayContaining(['curator_fetch_dataset']),
      failed: true,
      text: expect.stringMatching(WHY),
      bytes: expect.toSatisfy((bytes: number) => bytes > ROWS * ROW_CHARS),
      rows: ROWS,
    });
  });

  it.each(PYTHON)('%s as %s is told that its key is refused', async (packaged, client) => {
    const { error } = await look(packaged, client, token.slice(0, -1));
    // The first generation reads no body of a refusal.
    expect(error).toMatch(client === 'mcp_1' ? /401 Unauthorized/ : CUT);
  });
});
