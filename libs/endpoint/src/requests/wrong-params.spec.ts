// Parameters of the wrong form, of every method and in both eras: the request's fault (-32602), under its id, never the server's.

import { defineAgent, definePrompt, defineResource, defineTool } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeSentinel, type ServedEndpoint, serveEndpoint } from '../endpoint.testing.js';

const face = { title: 'T', description: 'D', permission: 'agent:read', timeoutMs: 60_000 } as const;
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    ping: defineTool({ ...face, effect: 'read', input: z.object({}), output: z.object({}), errors: [] }),
  },
  resources: { thing: defineResource({ ...face, uri: 'thing://{id}', mimeType: 'text/plain', listed: false }) },
  prompts: { say: definePrompt({ ...face, arguments: z.object({ what: z.string() }) }) },
});

/** What each method takes, one wrong value a member; `undefined` where the member may not be missing. */
const WRONG: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  'tools/list': { cursor: [null, 7, [], {}] },
  'tools/call': { name: [undefined, null, 7, [], {}], arguments: [null, 7, 'x', []] },
  'resources/list': { cursor: [null, 7, [], {}] },
  'resources/templates/list': { cursor: [null, 7, [], {}] },
  'resources/read': { uri: [undefined, null, 7, [], {}] },
  'prompts/list': { cursor: [null, 7, [], {}] },
  'prompts/get': { name: [undefined, null, 7, []], arguments: [null, 7, 'x', [], { what: 7 }, { what: null }] },
  'completion/complete': {
    ref: [
      undefined,
      null,
      7,
      'ref/prompt',
      {},
      { type: 'ref/other', name: 'say' },
      { type: 'ref/prompt' },
      { type: 'ref/resource', uri: 7 },
    ],
    argument: [undefined, null, 7, {}, { name: 'what' }, { name: 7, value: 'x' }, { name: 'what', value: null }],
    context: [null, 7, []],
  },
};
const ONLY_LEGACY = {
  'logging/setLevel': { level: [undefined, null, 7, 'loud', []] },
  'resources/subscribe': { uri: [undefined, null, 7, []] },
  'resources/unsubscribe': { uri: [undefined, null, 7, []] },
};
const ONLY_MODERN = {
  'subscriptions/listen': {
    notifications: [
      undefined,
      null,
      7,
      'all',
      { toolsListChanged: 'yes' },
      { resourceSubscriptions: 'x' },
      { resourceSubscriptions: [7] },
    ],
  },
};
const GOOD: Readonly<Record<string, object>> = {
  'tools/call': { name: 'ping', arguments: {} },
  'resources/read': { uri: 'thing://x' },
  'prompts/get': { name: 'say', arguments: { what: 'x' } },
  'completion/complete': { ref: { type: 'ref/prompt', name: 'say' }, argument: { name: 'what', value: 'x' } },
  'logging/setLevel': { level: 'info' },
  'resources/subscribe': { uri: 'thing://x' },
  'resources/unsubscribe': { uri: 'thing://x' },
  'subscriptions/listen': { notifications: {} },
};
const FORMS = [null, 7, 'text', true, [], [{}]];
const METHODS = ['ping', 'server/discover', 'initialize', ...Object.keys({ ...WRONG, ...ONLY_LEGACY, ...ONLY_MODERN })];

let served: ServedEndpoint;
let session: string;
beforeAll(async () => {
  const sentinel = fakeSentinel();
  served = await serveEndpoint([demo], async (subject, body, options) =>
    subject.startsWith('labmesh.sentinel.') ? sentinel(subject, body, options) : {},
  );
  const clientInfo = { name: 'x', version: '1' };
  const opening = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const { headers } = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params: opening }, {});
  session = headers.get('mcp-session-id') ?? '';
});
afterAll(() => served?.[Symbol.asyncDispose]());

const post = (body: object, headers: Record<string, string>): Promise<Response> =>
  fetch(served.url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer ada',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  });

async function answered(response: Response): Promise<unknown> {
  const text = await response.text();
  return JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
}

const legacy = async (method: string, params: unknown): Promise<unknown> =>
  answered(await post({ jsonrpc: '2.0', id: 'mine', method, params }, { 'mcp-session-id': session }));

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
async function modern(method: string, params: unknown): Promise<unknown> {
  const { name, uri } = { ...(params as { name?: unknown; uri?: unknown } | null) };
  const named = method === 'resources/read' ? uri : name;
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof named === 'string' ? { 'mcp-name': named } : {}),
  };
  return answered(await post({ jsonrpc: '2.0', id: 'mine', method, params }, headers));
}
const withMeta = (params: object): object => ({ ...params, _meta: META });

const cases = (table: typeof WRONG): Array<[string, string, unknown]> =>
  Object.entries(table).flatMap(([method, members]) =>
    Object.entries(members).flatMap(([member, values]) =>
      values.map((value): [string, string, unknown] => [method, member, value]),
    ),
  );
const wrong = (method: string, member: string, value: unknown): object => ({ ...GOOD[method], [member]: value });
const INVALID = { jsonrpc: '2.0', id: 'mine', error: { code: -32602, message: expect.stringMatching(/./) } };

describe('in a session', () => {
  it.each(cases({ ...WRONG, ...ONLY_LEGACY }))('%s with %s %j', async (method, member, value) => {
    expect(await legacy(method, wrong(method, member, value))).toMatchObject(INVALID);
  });
  it.each(METHODS)('%s with params that are no object', async (method) => {
    for (const params of FORMS) expect(await legacy(method, params), JSON.stringify(params)).toMatchObject(INVALID);
  });
});

describe('initialize without a session', () => {
  it.each([{}, { protocolVersion: 7 }, { protocolVersion: '2025-11-25', capabilities: [], clientInfo: null }])(
    'with %j opens none',
    async (params) => {
      const response = await post({ jsonrpc: '2.0', id: 'mine', method: 'initialize', params }, {});
      expect(response.headers.get('mcp-session-id')).toBeNull();
      expect(await answered(response)).toMatchObject(INVALID);
    },
  );
});

it('says what is wrong in words that can be read', async () => {
  expect(await legacy('tools/list', { cursor: null })).toMatchObject({
    error: { message: 'Invalid params for tools/list: params.cursor: Invalid input: expected string, received null' },
  });
  expect(await modern('tools/call', withMeta({ name: 7 }))).toMatchObject({
    error: { message: 'Invalid params for tools/call: params.name: Invalid input: expected string, received number' },
  });
});

describe('in 2026-07-28', () => {
  it.each(cases({ ...WRONG, ...ONLY_MODERN }))('%s with %s %j', async (method, member, value) => {
    const answer = await modern(method, withMeta(wrong(method, member, value)));
    // A name that is none cannot be in the header that must repeat it, which is looked at first.
    const code = ['name', 'uri'].includes(member) ? expect.toBeOneOf([-32602, -32020]) : -32602;
    expect(answer).toMatchObject({ ...INVALID, error: { code } });
  });
  it.each(METHODS)('%s with params that are no object', async (method) => {
    for (const params of FORMS) expect(await modern(method, params), JSON.stringify(params)).toMatchObject(INVALID);
  });
});

it('nothing of this is wrong with right params', async () => {
  for (const [method, params] of Object.entries(GOOD)) {
    const codes =
      method in ONLY_LEGACY || method in ONLY_MODERN
        ? [legacy]
        : [legacy, (m: string, p: object) => modern(m, withMeta(p))];
    for (const ask of method in ONLY_MODERN ? [] : codes) {
      const answer = (await ask(method, params as never)) as { error?: { code: number } };
      expect(answer.error?.code, method).not.toBe(-32602);
    }
  }
});
