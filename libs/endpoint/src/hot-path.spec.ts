// The hot path against the SDK: whatever the request, it declines or answers as the SDK does. Two endpoints, one without it.

import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Bus } from '@labmesh/bus';
import { AppError, defineAgent, defineTool, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ServedEndpoint, serveEndpoint } from './endpoint.testing.js';

const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol';

const tool = (permission: 'agent:read' | 'audit:read', value: z.ZodType = z.unknown()) =>
  defineTool({
    title: 'T',
    description: 'D',
    effect: 'read',
    permission,
    input: z.object({ value }),
    output: z.object({ value: z.unknown() }),
    progress: z.unknown(),
    errors: [],
    timeoutMs: 60_000,
  });
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    echo: tool('agent:read'),
    refused: tool('audit:read'),
    'größe ok': tool('agent:read'),
    sent: tool('agent:read', z.string().optional().meta({ 'x-mcp-header': 'Value' })),
  },
});

const principal: Principal = {
  walletId: 'wal_1',
  role: 'citizen',
  permissions: [...ROLE_PERMISSIONS.citizen],
  credentialId: 'cred_1',
};

/** Sentinel and the agent, as far as an endpoint sees them. */
const respond: Bus['request'] = async (subject, body, options) => {
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  if (subject === 'labmesh.sentinel.verify_credential')
    return {
      principal: { ...principal, walletId: 'wal_01920000-0000-7000-8000-000000000001' },
      expiresAt,
    };
  if (subject === 'labmesh.sentinel.issue_pass') return { pass: 'a.b.c', expiresAt };
  const { value } = body as { value?: unknown };
  if (value === 'fail') throw new AppError('conflict', 'Cannot: told to', { details: { value } });
  if (Array.isArray(value)) for (const chunk of value) options.onProgress?.(chunk);
  return { value: value ?? null, traceId: options.headers.traceparent?.slice(3, 35) ?? null };
};

const side = (hotPath: boolean): Promise<ServedEndpoint> => serveEndpoint([demo], respond, { hotPath });

let fast: ServedEndpoint;
let sdk: ServedEndpoint;
beforeAll(async () => {
  [fast, sdk] = await Promise.all([side(true), side(false)]);
});
afterAll(async () => {
  await fast[Symbol.asyncDispose]();
  await sdk[Symbol.asyncDispose]();
});

type Headers = Record<string, string | string[]>;
interface Request {
  readonly headers: Headers;
  readonly body: string | Buffer;
}

/** Status, kind and messages of the answer; how objects order their keys is nobody's business. */
function send(
  { port }: ServedEndpoint,
  { headers, body }: Request,
): Promise<{ status: number; type: string; messages: unknown }> {
  return new Promise((resolve, reject) => {
    const out = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
        const type = answer.headers['content-type'] ?? '';
        const messages = type.startsWith('text/event-stream')
          ? [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as unknown)
          : text === ''
            ? []
            : [JSON.parse(text) as unknown];
        resolve({ status: answer.statusCode ?? 0, type, messages });
      });
    });
    out.once('error', reject);
    out.end(body);
  });
}

const call = (name: string, args: unknown): { headers: Headers; body: Record<string, unknown> } => ({
  headers: {
    authorization: 'Bearer x',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION,
    'mcp-method': 'tools/call',
    'mcp-name': name,
  },
  body: {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name,
      arguments: args,
      _meta: { [`${META}/protocolVersion`]: VERSION, [`${META}/clientCapabilities`]: {} },
    },
  },
});

const list = (): Draft => {
  const { headers, body } = call('', {});
  const { 'mcp-name': _name, ...rest } = headers;
  const { _meta } = body.params as { _meta: object };
  return {
    headers: { ...rest, 'mcp-method': 'tools/list' },
    body: { ...body, method: 'tools/list', params: { _meta } },
  };
};

type Draft = ReturnType<typeof call>;
interface Mutation {
  readonly what: string;
  readonly apply: (draft: Draft) => void;
}

const HEADERS = ['content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'authorization'] as const;
const PATHS = [
  ['jsonrpc'],
  ['id'],
  ['method'],
  ['params'],
  ['params', 'name'],
  ['params', 'arguments'],
  ['params', 'cursor'],
  ['params', '_meta'],
  ['params', '_meta', `${META}/protocolVersion`],
  ['params', '_meta', `${META}/clientCapabilities`],
  ['params', '_meta', `${META}/clientInfo`],
  ['params', '_meta', `${META}/logLevel`],
  ['params', '_meta', 'progressToken'],
  ['params', '_meta', 'traceparent'],
  ['params', 'task'],
  ['params', 'inputResponses'],
  ['params', 'requestState'],
] as const;

function holderOf(draft: Draft, path: readonly string[]): Record<string, unknown> | undefined {
  let at: unknown = draft.body;
  for (const key of path.slice(0, -1)) at = (at as Record<string, unknown> | null | undefined)?.[key];
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : undefined;
}
const onBody = (
  what: string,
  path: readonly string[],
  change: (holder: Record<string, unknown>, key: string) => void,
): Mutation => ({
  what: `${path.join('.')} ${what}`,
  apply: (draft) => {
    const holder = holderOf(draft, path);
    if (holder !== undefined) change(holder, path.at(-1) ?? '');
  },
});

const value = fc.oneof(
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 3 },
  {
    arbitrary: fc.constantFrom<unknown>(
      '2.0',
      VERSION,
      '2025-11-25',
      'tools/call',
      'tools/list',
      'echo',
      'info',
      'bogus',
      1.5,
      -0,
      {},
      [],
    ),
    weight: 3,
  },
  {
    arbitrary: fc.constantFrom<unknown>(
      { name: 'c', version: '1' },
      { name: 'c', version: 1 },
      { roots: 1 },
      { roots: { listChanged: true } },
      { elicitation: { form: {} }, sampling: {} },
      { elicitation: [] },
      { tasks: {} },
      { anything: 'else' },
    ),
    weight: 2,
  },
);
const headerValue = fc.oneof(
  fc.constantFrom(
    '',
    VERSION,
    '2025-11-25',
    'tools/call',
    'tools/list',
    'echo',
    'refused',
    ' echo',
    '=?base64?ZWNobw==?=',
  ),
  fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'text/event-stream',
    '*/*',
    'text/plain',
    'Application/JSON',
  ),
  fc.string({ unit: fc.constantFrom(...'abc/;,= "%') }),
);
const onHeaders = (what: string, change: (headers: Headers) => void): Mutation => ({
  what,
  apply: ({ headers }) => change(headers),
});
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constantFrom(...HEADERS).map((name) => onHeaders(`without ${name}`, (headers) => delete headers[name])),
  fc.tuple(fc.constantFrom(...HEADERS), headerValue).map(([name, to]) =>
    onHeaders(`${name}: ${to}`, (headers) => {
      headers[name] = to.trim();
    }),
  ),
  fc.tuple(fc.constantFrom(...HEADERS), headerValue).map(([name, to]) =>
    onHeaders(`${name}: also ${to}`, (headers) => {
      headers[name] = [String(headers[name] ?? ''), to.trim()];
    }),
  ),
  fc.constantFrom(...PATHS).map((path) => onBody('without', path, (holder, key) => delete holder[key])),
  fc.tuple(fc.constantFrom(...PATHS), value).map(([path, to]) =>
    onBody(`= ${JSON.stringify(to)}`, path, (holder, key) => {
      holder[key] = to;
    }),
  ),
  fc.constantFrom(...PATHS).map((path) =>
    onBody('renamed', path, (holder, key) => {
      holder[key.toUpperCase()] = holder[key];
      delete holder[key];
    }),
  ),
  fc
    .tuple(fc.constantFrom(...PATHS), fc.constantFrom('extra', '_meta', '__proto__', 'result'))
    .map(([path, extra]) =>
      onBody(`beside ${extra}`, path, (holder) =>
        Object.defineProperty(holder, extra, { value: 1, enumerable: true, configurable: true, writable: true }),
      ),
    ),
);

const bothAnswer = async (sent: Request): Promise<Awaited<ReturnType<typeof send>>> => {
  const [one, other] = await Promise.all([send(fast, sent), send(sdk, sent)]);
  expect(one).toEqual(other);
  return one;
};

describe('the hot path', () => {
  it('answers any right call as the SDK does', async () => {
    const args = fc.record({ value: fc.oneof(fc.jsonValue(), fc.constant('fail')) }, { requiredKeys: [] });
    const token = fc.option(fc.oneof(fc.string(), fc.integer()), { nil: undefined });
    const name = fc.constantFrom('echo', 'refused');
    await fc.assert(
      fc.asyncProperty(name, args, token, async (tool, given, progressToken) => {
        const draft = call(tool, given);
        Object.assign(
          (draft.body.params as { _meta: object })._meta,
          progressToken === undefined ? {} : { progressToken },
        );
        await bothAnswer({ headers: draft.headers, body: JSON.stringify(draft.body) });
      }),
      { numRuns: runs(300) },
    );
  });

  it('answers an altered call as the SDK does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const draft = call('echo', { value: 1 });
        for (const { apply } of mutations) apply(draft);
        await bothAnswer({ headers: draft.headers, body: JSON.stringify(draft.body) });
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('answers any right list as the SDK does, compressed too', async () => {
    const id = fc.oneof(fc.string(), fc.integer(), fc.maxSafeInteger());
    await fc.assert(
      fc.asyncProperty(id, fc.constantFrom('gzip, deflate', 'identity'), async (given, encoding) => {
        const draft = list();
        draft.headers['accept-encoding'] = encoding;
        draft.body.id = given;
        const answer = await bothAnswer({ headers: draft.headers, body: JSON.stringify(draft.body) });
        expect(answer).toMatchObject({ status: 200, messages: [{ id: given, result: { tools: { length: 3 } } }] });
      }),
      { numRuns: runs(100) },
    );
  });

  it('answers an altered list as the SDK does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const draft = list();
        for (const { apply } of mutations) apply(draft);
        await bothAnswer({ headers: draft.headers, body: JSON.stringify(draft.body) });
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('answers altered text as the SDK does', async () => {
    const draft = call('echo', { value: 1 });
    const text = JSON.stringify(draft.body);
    const at = fc.integer({ min: 0, max: text.length });
    const piece = fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      ',',
      ':',
      '1',
      'null',
      ' ',
      '\\u0000',
      '"id":2,',
      '\u00e9',
      '[',
      ']',
    );
    await fc.assert(
      fc.asyncProperty(at, fc.nat({ max: 4 }), piece, async (from, cut, put) => {
        await bothAnswer({ headers: draft.headers, body: text.slice(0, from) + put + text.slice(from + cut) });
      }),
      { numRuns: runs(500) },
    );
  });

  it('answers any bytes as the SDK does, and never as a fault of its own', async () => {
    const { headers } = call('echo', {});
    const bytes = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((some) => Buffer.from(some)),
      fc.json(),
      fc.jsonValue().map((some) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: some })),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const answer = await bothAnswer({ headers, body });
        expect([400, 404]).toContain(answer.status);
        expect(answer.messages).toMatchObject([{ jsonrpc: '2.0', error: { code: expect.any(Number) } }]);
      }),
      { numRuns: runs(500) },
    );
  });
});

it('an argument that is sent as a header too must be the same there, with and without the hot path', async () => {
  const withHeader = (args: object, header?: string) => {
    const { headers, body } = call('sent', args);
    const sent = header === undefined ? headers : { ...headers, 'mcp-param-value': header };
    return bothAnswer({ headers: sent, body: JSON.stringify(body) });
  };
  const good = { status: 200, messages: [{ id: 1, result: { structuredContent: { value: 'Grüße' } } }] };
  expect(await withHeader({ value: 'Grüße' }, '=?base64?R3LDvMOfZQ==?=')).toMatchObject(good);
  expect(await withHeader({})).toMatchObject({ status: 200 });
  for (const header of [undefined, 'Gr', '=?base64?R3LDvMOfZQ?=']) {
    expect(await withHeader({ value: 'Grüße' }, header)).toMatchObject({
      status: 400,
      messages: [
        { jsonrpc: '2.0', id: 1, error: { code: -32020, message: expect.stringContaining('Mcp-Param-Value') } },
      ],
    });
  }
});
