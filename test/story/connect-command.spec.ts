// `labmesh connect` with each AI client: what it writes into the client's settings is read as that client reads it, and an MCP client
// with nothing but that connects.
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectLab } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();
let folder: string;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-connect-'));
  await using operator = await lab.connect(lab.operatorToken());
  ({ token } = await newcomer(operator, 'researcher'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const connect = (...args: string[]): Promise<Ended> =>
  labmeshTold(lab, ['connect', ...args], { cwd: folder, env: { HOME: folder, LABMESH_TOKEN: token } });

interface Said {
  readonly file: string;
  readonly keyFile: string;
  readonly copy: string | null;
  readonly keyMade: boolean;
}

async function json<T = Said>(...args: string[]): Promise<T> {
  const { code, out, err } = await connect(...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

/** Where a client finds the lab, and with which key. */
interface Found {
  readonly url: string;
  readonly authorization: string;
}

type Json = Record<string, Record<string, Record<string, string & Record<string, string>>>>;
const withoutComments = (text: string): string => text.replace(/^ *\/\/.*$/gm, '');
const parsed = (text: string): Json => JSON.parse(withoutComments(text)) as Json;
const named =
  (form: RegExp, key: string) =>
  (value = '') =>
    value.replace(form, (_, name: string) => {
      expect(name).toMatch(/^(LABMESH_MCP_KEY|labmesh)$/);
      return key;
    });

/** As each client reads its file, by its own documentation; the key is what its variable, or its question, is answered with. */
const READ: Readonly<Record<string, (text: string, key: string) => Found>> = {
  'claude-code': (text, key) => {
    const { type, url = '', headers } = parsed(text).mcpServers?.labmesh ?? {};
    expect(type).toBe('http');
    return { url, authorization: named(/\$\{(\w+)\}/, key)(headers?.Authorization) };
  },
  vscode: (text, key) => {
    const { type, url = '', headers } = parsed(text).servers?.labmesh ?? {};
    const inputs = (
      JSON.parse(withoutComments(text)) as { inputs: Array<{ id: string; type: string; password: boolean }> }
    ).inputs;
    expect(type).toBe('http');
    expect(inputs).toEqual([expect.objectContaining({ id: 'labmesh', type: 'promptString', password: true })]);
    return { url, authorization: named(/\$\{input:(\w+)\}/, key)(headers?.Authorization) };
  },
  cursor: (text, key) => {
    const { url = '', headers } = parsed(text).mcpServers?.labmesh ?? {};
    return { url, authorization: named(/\$\{env:(\w+)\}/, key)(headers?.Authorization) };
  },
  codex: (text, key) => {
    const [, table = ''] = /\[mcp_servers\.labmesh\]\n([\s\S]*?)(?=\n\[|$)/.exec(text) ?? [];
    const { url = '', bearer_token_env_var: variable } = Object.fromEntries(
      [...table.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(variable).toBe('LABMESH_MCP_KEY');
    return { url, authorization: `Bearer ${key}` };
  },
  gemini: (text, key) => {
    const { httpUrl = '', headers } = parsed(text).mcpServers?.labmesh ?? {};
    return { url: httpUrl, authorization: named(/\$(\w+)/, key)(headers?.Authorization) };
  },
  // Its bridge is started by it; test/interop starts the very bridge.
  'claude-desktop': (text, key) => {
    const { command, args, env } = (parsed(text).mcpServers?.labmesh ?? {}) as unknown as {
      command: string;
      args: string[];
      env: Record<string, string>;
    };
    expect([command, args.at(-1)]).toEqual(['npx', '--allow-http']);
    expect(env.AUTHORIZATION).toBe(`Bearer ${key}`);
    const header = args[args.indexOf('--header') + 1] ?? '';
    const written = header.replace(/\$\{(\w+)\}/, (_, name: string) => env[name] ?? '');
    return { url: args[2] ?? '', authorization: written.replace('Authorization:', '') };
  },
};

async function opened({ url, authorization }: Found) {
  expect(authorization).toMatch(/^Bearer lmk_/);
  return connectLab({ url, token: authorization.slice('Bearer '.length) });
}

const works = (found: Found): Promise<string> =>
  opened(found).then(
    (client) => client[Symbol.asyncDispose]().then(() => 'good'),
    () => 'ended',
  );

verifies('command:connected', async () => {
  for (const [client, read] of Object.entries(READ)) {
    const tried = await json<{ file: string; changed: boolean; difference: string }>(client, '--dry-run');
    expect(tried).toMatchObject({ changed: true, difference: expect.stringContaining('labmesh') });
    await expect(stat(tried.file)).rejects.toMatchObject({ code: 'ENOENT' });
    // What is there already stays as it is.
    const before =
      client === 'codex' ? '# mine\nmodel = "o3"\n' : '{\n    // mine\n    "mine": { "args": ["a", "b"] }\n}\n';
    await mkdir(dirname(tried.file), { recursive: true });
    await writeFile(tried.file, before);

    const done = await connect(client);
    expect([done.code, done.err]).toEqual([0, '']);
    const text = await readFile(tried.file, 'utf8');
    const keyFile = join(folder, `.local/state/labmesh/keys/${client}.key`);
    const key = (await readFile(keyFile, 'utf8')).trim();
    expect(done.out).toContain(keyFile);
    expect(done.out + done.err).not.toContain(key);
    expect(text).toContain(client === 'codex' ? before.trim() : before.slice(1, -3));
    expect(text.includes(key)).toBe(client === 'claude-desktop');
    if (client === 'claude-desktop') expect((await stat(tried.file)).mode & 0o777).toBe(0o600);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);

    const found = read(text, key);
    expect(found.url).toBe(`${lab.url}/mcp`);
    await using person = await opened(found);
    const { tools } = await person.client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain('curator_list_available_datasets');
    // Nor may it hand out access.
    expect(names).not.toContain('sentinel_generate_wallet_token');
    expect(await person.refused('sentinel_generate_wallet_token', {})).toBeDefined();
    await person.call('curator_list_available_datasets', {});

    // Again is the same key; a new one ends the old.
    expect(await json(client)).toMatchObject({ keyMade: false, copy: null });
    expect(await json(client, '--new-key')).toMatchObject({ keyMade: true });
    const fresh = (await readFile(keyFile, 'utf8')).trim();
    const renewed = read(await readFile(tried.file, 'utf8'), fresh);
    await expect.poll(() => works(found)).toBe('ended');
    expect(await works(renewed)).toBe('good');

    expect(await connect(client, '--remove')).toMatchObject({ code: 0, out: expect.stringContaining('withdrawn') });
    expect(await readFile(tried.file, 'utf8')).not.toContain('labmesh');
    expect(await readFile(tried.file, 'utf8')).toContain('mine');
    await expect(stat(keyFile)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect.poll(() => works(renewed)).toBe('ended');
  }

  const only = await json('claude-code', '--tools', 'curator_query_dataset');
  const key = (await readFile(only.keyFile, 'utf8')).trim();
  await using narrow = await connectLab({ url: `${lab.url}/mcp?toolsets=all`, token: key });
  expect((await narrow.client.listTools()).tools.map(({ name }) => name)).toEqual(['curator_query_dataset']);
  expect(await connect('claude-code', '--tools', 'curator_fly')).toMatchObject({
    ...{ code: 5, err: expect.stringContaining('curator_fly') },
  });
  // A file that is no JSON is left as it is, and no key is made for it.
  await writeFile(join(folder, '.gemini/settings.json'), 'not json');
  expect(await connect('gemini')).toMatchObject({ code: 6, err: expect.stringContaining('left as it is') });
  await expect(stat(join(folder, '.local/state/labmesh/keys/gemini.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await connect('netscape')).toMatchObject({ code: 2, err: expect.stringContaining('claude-code') });
});
