// Malformed, foreign and oversized requests: each gets the specified status and code, and the lab goes on.
import { generateKeyPairSync, sign } from 'node:crypto';
import { request } from 'node:http';
import { ERROR_CODES, ERROR_META_KEY, type ErrorCodeName } from '@labmesh/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const VERSION = '2026-07-28';
const TOOL = 'architect_get_template_readme';
const meta = { 'io.modelcontextprotocol/protocolVersion': VERSION, 'io.modelcontextprotocol/clientCapabilities': {} };

const lab = sharedLab();
let token: string;
beforeAll(async () => {
  token = lab.operatorToken();
});

interface Sent {
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly method?: string;
  readonly path?: string;
}
interface Got {
  readonly status: number;
  readonly code: unknown;
  readonly result: Record<string, unknown> | undefined;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function send({ body, raw, headers = {}, method = 'POST', path = '/mcp' }: Sent): Promise<Got> {
  const all = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  };
  const sent = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const answer = await fetch(`${lab.url}${path}`, {
    method,
    headers: sent,
    ...(method === 'POST' ? { body: raw ?? JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
  const error = json.error as { code?: unknown } | undefined;
  return {
    status: answer.status,
    code: json.code ?? error?.code,
    result: json.result as never,
    headers: answer.headers,
    body: json,
  };
}

const modern = (params: Record<string, unknown>, method = 'tools/call') => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params: { _meta: meta, ...params },
});
const headersFor = (name: string | undefined, method = 'tools/call') => ({
  'mcp-protocol-version': VERSION,
  'mcp-method': method,
  ...(name === undefined ? {} : { 'mcp-name': name }),
});
const call = (args: unknown, name = TOOL): Sent => ({
  body: modern({ name, arguments: args }),
  headers: headersFor(name),
});
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('tools/call, protocol 2026-07-28', () => {
  verifies('wire:errors', async () => {
    const good = await send(call({ name: 'astronomer-vial' }));
    expect(good.status).toBe(200);
    expect(good.result).toMatchObject({ resultType: 'complete', structuredContent: { name: 'astronomer-vial' } });
    expect(good.result?.isError).toBeUndefined();
  });

  const toolErrors: Array<[string, Sent, ErrorCodeName]> = [
    ['a wrong type', call({ name: 7 }), 'invalid_input'],
    ['a missing field', call({}), 'invalid_input'],
    ['something that is not there', call({ name: 'no-such-vial' }), 'not_found'],
    ['arguments that are a list of the wrong kind', call({ name: ['astronomer'] }), 'invalid_input'],
  ];
  it.each(toolErrors)('answers %s as a tool error', async (_what, sent, code) => {
    const { status, result } = await send(sent);
    expect(status).toBe(200);
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringContaining(code) as string }],
      _meta: { [ERROR_META_KEY]: { code, hint: ERROR_CODES[code].meaning } },
    });
    expect(result).not.toHaveProperty('structuredContent');
  });

  const { 'mcp-method': _method, ...withoutMethod } = headersFor(TOOL);
  const protocolErrors: Array<[string, Sent, number, number]> = [
    ['an unknown tool', call({}, 'no_such_tool'), 200, -32602],
    [
      'an unknown method',
      { body: modern({}, 'tools/destroy'), headers: headersFor(undefined, 'tools/destroy') },
      404,
      -32601,
    ],
    ['a missing Mcp-Method', { ...call({ name: 'astronomer-vial' }), headers: withoutMethod }, 400, -32020],
    ['a missing Mcp-Name', { ...call({ name: 'astronomer-vial' }), headers: headersFor(undefined) }, 400, -32020],
    [
      'another Mcp-Name',
      { ...call({ name: 'astronomer-vial' }), headers: headersFor('curator_fetch_dataset') },
      400,
      -32020,
    ],
    [
      'another Mcp-Method',
      { ...call({ name: 'astronomer-vial' }), headers: { ...headersFor(TOOL), 'mcp-method': 'tools/list' } },
      400,
      -32020,
    ],
    [
      'another MCP-Protocol-Version',
      { ...call({ name: 'astronomer-vial' }), headers: { ...headersFor(TOOL), 'mcp-protocol-version': '2025-11-25' } },
      400,
      -32020,
    ],
    [
      'an unknown protocol version',
      {
        body: {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/list',
          params: { _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
        },
        headers: { 'mcp-protocol-version': '2031-01-01', 'mcp-method': 'tools/list' },
      },
      400,
      -32022,
    ],
    [
      'missing client capabilities',
      {
        body: {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/list',
          params: { _meta: { 'io.modelcontextprotocol/protocolVersion': VERSION } },
        },
        headers: headersFor(undefined, 'tools/list'),
      },
      400,
      -32602,
    ],
  ];
  it.each(protocolErrors)('answers %s with its status and code', async (_what, sent, status, code) => {
    const got = await send(sent);
    expect([got.status, got.code]).toEqual([status, code]);
  });

  it('names the versions it speaks', async () => {
    const got = await send({
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: { _meta: { ...meta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
      },
      headers: { 'mcp-protocol-version': '2031-01-01', 'mcp-method': 'tools/list' },
    });
    expect(got.body.error).toMatchObject({ data: { supported: [VERSION] } });
  });
});

describe('the envelope, any protocol', () => {
  const cases: Array<[string, Sent, number, number]> = [
    ['bad JSON', { raw: '{"jsonrpc": "2.0",' }, 400, -32700],
    ['an empty body', { raw: '' }, 400, -32700],
    ['a batch', { body: [modern({ name: TOOL })] }, 400, -32600],
    ['JSON that nests too deeply', { raw: nested(5_000) }, 400, -32600],
    ['a body over 10 MiB', { raw: JSON.stringify({ text: 'x'.repeat(10 * 1024 * 1024) }) }, 413, -32000],
    ['another content type', { body: {}, headers: { 'content-type': 'text/plain' } }, 415, -32000],
    [
      'a session that was never opened',
      { body: { jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers: { 'mcp-session-id': 'made-up' } },
      404,
      -32001,
    ],
    ['no session where one is needed', { body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } }, 400, -32600],
    ['another HTTP method', { method: 'PUT' }, 405, -32000],
  ];
  it.each(cases)('answers %s with its status and code', async (_what, sent, status, code) => {
    const got = await send(sent);
    expect([got.status, got.code]).toEqual([status, code]);
  });

  it('tells a client that goes on writing that its body is too large, every time', async () => {
    const raw = 'x'.repeat(12 * 1024 * 1024);
    for (let attempt = 0; attempt < 10; attempt++) expect((await send({ raw })).status).toBe(413);
  });

  it('refuses an unsupported version of the older protocol on a session', async () => {
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'wire', version: '1' } },
    };
    const opened = await send({ body: initialize });
    const session = opened.headers.get('mcp-session-id');
    expect(session).toMatch(/^[\x21-\x7e]{16,}$/);
    const got = await send({
      body: { jsonrpc: '2.0', id: 2, method: 'tools/list' },
      headers: { 'mcp-session-id': session ?? '', 'mcp-protocol-version': '1999-01-01' },
    });
    expect(got.status).toBe(400);
  });

  it('keeps a session from another wallet', async () => {
    const operator = await lab.connect(token);
    const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
      role: 'citizen',
    });
    const other = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
    await operator[Symbol.asyncDispose]();
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'wire', version: '1' } },
    };
    const session = (await send({ body: initialize })).headers.get('mcp-session-id') ?? '';
    const got = await send({
      body: { jsonrpc: '2.0', id: 2, method: 'tools/list' },
      headers: { 'mcp-session-id': session, authorization: `Bearer ${other.token}` },
    });
    expect([got.status, got.code]).toEqual([404, -32001]);
  });
});

describe('where it comes from', () => {
  it('refuses another Origin before it reads anything', async () => {
    const got = await send({
      raw: 'not even JSON',
      headers: { origin: 'https://evil.example', authorization: undefined },
    });
    expect([got.status, got.code]).toEqual([403, 'forbidden']);
  });

  it('refuses a rebound Host', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const { port } = new URL(lab.url);
      request(
        {
          host: '127.0.0.1',
          port,
          path: '/mcp',
          method: 'POST',
          headers: { host: 'evil.example', authorization: `Bearer ${token}` },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      )
        .once('error', reject)
        .end('{}');
    });
    expect(status).toBe(403);
  });

  it('answers probes whatever the Host, and tells them nothing', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(`${lab.url}${path}`)).status).toBe(200);
  });
});

describe('tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1_000);
  const claims = () => ({
    iss: lab.url,
    aud: `${lab.url}/mcp`,
    sub: 'wal_00000000-0000-7000-8000-000000000000',
    jti: 'x',
    iat: now(),
    exp: now() + 600,
    role: 'operator',
    permissions: ['wallet:read'],
  });

  verifies('auth:tokens', async () => {
    const list = { body: modern({}, 'tools/list'), headers: headersFor(undefined, 'tools/list') };
    const none = await send({ ...list, headers: { ...list.headers, authorization: undefined } });
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="LabMesh"');
    const foreignKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const signed = (head: object, body: object) => {
      const text = `${part(head)}.${part(body)}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key: foreignKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const bad = {
      nonsense: 'abc',
      unsigned: `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`,
      foreign: signed({ alg: 'ES256', typ: 'at+jwt', kid: 'not-ours' }, claims()),
      'foreign, naming our key': signed({ alg: 'ES256', typ: 'at+jwt', kid: await ourKeyId() }, claims()),
      'a client key that never was': `lmk_${'a'.repeat(38)}`,
    };
    for (const [what, credential] of Object.entries(bad)) {
      const got = await send({ ...list, headers: { ...list.headers, authorization: `Bearer ${credential}` } });
      expect([what, got.status]).toEqual([what, 401]);
      expect(got.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    expect((await send({ ...list, headers: { ...list.headers, authorization: 'Basic abc' } })).status).toBe(401);
    expect((await send(list)).status).toBe(200);
  });

  it('refuses them on every agent’s own endpoint too', async () => {
    const got = await send({
      body: modern({}, 'tools/list'),
      headers: { ...headersFor(undefined, 'tools/list'), authorization: undefined },
      path: '/agents/curator/mcp',
    });
    expect(got.status).toBe(401);
  });

  it('claims no sign-in that is not there, and publishes the keys', async () => {
    for (const name of ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration'])
      for (const path of ['', '/mcp', '/agents/curator/mcp'])
        expect((await fetch(`${lab.url}/.well-known/${name}${path}`)).status, name + path).toBe(404);
    expect(await ourKeyId()).toMatch(/^[\w-]{43}$/);
  });

  it('says what is wrong with a key, in the challenge and where clients look for a sign-in too', async () => {
    await using operator = await lab.connect(token);
    const made = await operator.call<{ token: string; tokenId: string }>('sentinel_generate_wallet_token', {
      kind: 'client_key',
    });
    await operator.call('sentinel_revoke_token', { tokenId: made.tokenId });
    const keys: Array<[string, RegExp]> = [
      [made.token, /withdrawn/],
      [made.token.slice(0, -1), /cut or mistyped/],
      [made.token.toUpperCase(), /neither a client key .* nor an access token/],
      [`lmr_${made.token.slice(4)}`, /refresh token/],
      [`"${made.token}"`, /such as a quote or a space/],
    ];
    for (const [key, why] of keys) {
      const refusals = [
        await fetch(`${lab.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{}' }),
        await fetch(`${lab.url}/register`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{}' }),
      ];
      for (const refusal of refusals) {
        expect(refusal.status).toBe(401);
        expect(refusal.headers.get('www-authenticate')).toMatch(
          /^Bearer realm="LabMesh", error="invalid_token", error_description="[^"]+"$/,
        );
        const said = (await refusal.json()) as { code: string; message: string };
        expect(said).toMatchObject({ code: 'unauthenticated', message: expect.stringMatching(why) });
        if (refusal.url.endsWith('/mcp')) expect(said).toMatchObject({ id: null, error: { message: said.message } });
        expect(JSON.stringify(said)).not.toContain(made.token.slice(4, 20));
      }
    }
    expect(await (await fetch(`${lab.url}/register`, { method: 'POST', body: '{}' })).json()).toMatchObject({
      code: 'not_found',
      error_description: expect.stringContaining('no sign-in'),
    });
  });

  verifies('auth:sign-in', async () => {
    await using operator = await lab.connect(token);
    const { code } = await operator.call<{ code: string }>('sentinel_create_sign_in_link');
    const signIn = () =>
      fetch(`${lab.url}/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      });
    const first = await signIn();
    expect(first.status).toBe(200);
    const { token: pageToken } = (await first.json()) as { token: string };
    const client = await lab.connect(pageToken);
    expect((await client.toolNames()).length).toBeGreaterThan(10);
    await client[Symbol.asyncDispose]();
    expect((await signIn()).status).toBe(401);
  });

  const ourKeyId = async (): Promise<string> =>
    ((await (await fetch(`${lab.url}/.well-known/jwks.json`)).json()) as { keys: Array<{ kid: string }> }).keys[0]
      ?.kid ?? '';
});
