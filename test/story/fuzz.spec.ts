// The HTTP path of a running lab against anything: bad requests, broken bytes, half-open connections, and two callers at once.
// The lab must live, answer as declared, and never with what belongs to somebody else.
import { ERROR_CODES } from '@labmesh/contracts';
import { type CallResult, runs, said } from '@labmesh/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawExchange } from '../harness/raw-http.js';
import { type OracleLab, startLab } from '../oracle/src/labs.js';
import { LEGACY, Leg, MODERN } from '../oracle/src/leg.js';
import { type Got, Wire } from '../oracle/src/wire.js';
import { verifies } from '../requirements.js';

/** Every status the lab may answer with. */
const STATUSES = [200, 202, 204, 304, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 431];
/** What Node’s HTTP parser answers by itself, without a body, before the lab sees a request. */
const PARSER_STATUSES = [400, 408, 413, 431];

let lab: OracleLab;
let alive = true;
let otherToken: string;
beforeAll(async () => {
  lab = await startLab('lab');
  for (const child of lab.children) void child.exited.then(() => (alive = false));
  otherToken = await secondWallet();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

const legOf = (token: string): Leg => new Leg({ ...lab.gateway, prefix: '' }, token, '');

async function tool(leg: Leg, name: string, args: object): Promise<Record<string, unknown>> {
  const got = await leg.send(leg.modern({ method: 'tools/call', params: { name, arguments: args } }));
  return said((JSON.parse(got.text) as { result: CallResult }).result);
}

/** A wallet of its own, so that the two callers have nothing in common. */
async function secondWallet(): Promise<string> {
  const leg = legOf(lab.token);
  const wallet = await tool(leg, 'chancellor_create_boilerplate_wallet', { role: 'researcher', label: 'the other' });
  const { token } = await tool(leg, 'sentinel_generate_wallet_token', { walletId: wallet.walletId });
  leg.wire.close();
  if (typeof token !== 'string') throw new Error(`no token: ${JSON.stringify(wallet)}`);
  return token;
}

const KNOWN_MEMBERS = ['jsonrpc', 'id', 'error', 'code', 'message', 'details'];

/** A refusal is the lab’s `{code, message}`, a JSON-RPC error, or both; HEAD and the parser send none. */
function expectDeclared(status: number, body: string, bodiless: boolean): void {
  expect(STATUSES).toContain(status);
  if (status < 400 || (bodiless && body === '')) return;
  const value = JSON.parse(body) as Record<string, unknown>;
  if (value.jsonrpc === '2.0') {
    expect(value).toMatchObject({ error: { code: expect.any(Number), message: expect.any(String) } });
    expect(Object.keys(value).filter((key) => !KNOWN_MEMBERS.includes(key))).toEqual([]);
  }
  if (value.jsonrpc === undefined || 'code' in value) {
    expect(Object.keys(ERROR_CODES)).toContain(value.code);
    expect(value.message).toEqual(expect.any(String));
  }
  expect(body).not.toMatch(/node_modules|\bat .*\.js:\d+/);
}

async function expectWell(): Promise<void> {
  expect(alive).toBe(true);
  for (const token of [lab.token, otherToken]) {
    const leg = legOf(token);
    expect(await tool(leg, 'oracle_add', { a: 20, b: 22 })).toEqual({ sum: 42 });
    leg.wire.close();
  }
}

const ID = '[a-zA-Z0-9._~-]{1,12}';
const anyPath = fc.oneof(
  { arbitrary: fc.constantFrom('/mcp', '/own/mcp', '/agents/oracle/mcp', '/agents/curator/mcp'), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      '/',
      '/sign-in',
      '/session/begin',
      '/session/renew',
      '/healthz',
      '/metrics',
      '/.well-known/jwks.json',
      '/register',
      '/mcp/',
      '/mcp?x=1',
      '/mcp/../mcp',
      '/..%2f..%2fetc/passwd',
      '//mcp',
      '/%00',
      '/agents//mcp',
      '/index.html',
    ),
    weight: 3,
  },
  { arbitrary: fc.stringMatching(new RegExp(`^/${ID}(/${ID})?$`)), weight: 1 },
);
const anyMethod = fc.oneof(
  { arbitrary: fc.constant('POST'), weight: 6 },
  { arbitrary: fc.constantFrom('GET', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'), weight: 2 },
);
const headerText = fc.oneof(
  fc.constantFrom('', 'x', 'null', '2026-07-28', '2025-11-25', 'tools/call', 'oracle_echo', 'a'.repeat(3_000)),
  fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
  fc.stringMatching(/^[\xa1-\xff]{1,8}$/),
);
const headerName = fc.constantFrom(
  'content-type',
  'accept',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
  'authorization',
  'if-none-match',
  'content-encoding',
  'x-forwarded-for',
);
const anyBytes = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.json().map((text) => text.slice(0, text.length / 2)),
  fc.json().map((text) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${text}}`),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: 400 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    '{"jsonrpc":"2.0","id":1e999,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1,"id":"two","method":"tools/list","method":"x"}',
    '{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"tools/list"}',
    '{"__proto__":{"method":"tools/list"},"jsonrpc":"2.0","id":1}',
    '\u0000',
    '{"a":"\u0000"}',
    '{"a":"\\ud800"}',
    `{"code":"${'9'.repeat(5_000)}"}`,
    `${'9'.repeat(100_000)}`,
  ),
);

verifies('wire:fuzz', async () => {
  const wires = new Map<string, Wire>();
  const wireTo = (path: string): Wire => {
    const known = wires.get(path) ?? new Wire(lab.own.port, path);
    wires.set(path, known);
    return known;
  };
  const request = fc.record({
    path: anyPath,
    method: anyMethod,
    signedIn: fc.integer({ min: 1, max: 8 }).map((chance) => chance > 1),
    headers: fc.dictionary(headerName, headerText, { maxKeys: 2 }),
    source: fc.oneof(
      { arbitrary: fc.constant({}), weight: 9 },
      { arbitrary: fc.dictionary(fc.constantFrom('host', 'origin'), headerText), weight: 1 },
    ),
    body: anyBytes,
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ path, method, signedIn, headers, source, body }) => {
      const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      const all = { ...usual, ...(signedIn ? { authorization: `Bearer ${lab.token}` } : {}), ...headers, ...source };
      const got = await wireTo(path).send({ method, headers: all, body });
      // Node reads no request with a Host it cannot use, and cuts the connection of a method it does not know.
      if (got.end === 'cut' && got.status === 0) return;
      expectDeclared(got.status, got.text, method === 'HEAD' || PARSER_STATUSES.includes(got.status));
    }),
    { numRuns: runs(600) },
  );
  for (const wire of wires.values()) wire.close();
  await expectWell();
});

const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'oracle_echo',
    arguments: { value: 'x'.repeat(300) },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});
const rightBytes = (): Buffer =>
  Buffer.from(
    [
      'POST /mcp HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${lab.token}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `MCP-Protocol-Version: ${MODERN}`,
      'Mcp-Method: tools/call',
      'Mcp-Name: oracle_echo',
      `Content-Length: ${CALL.length}`,
      '',
      CALL,
    ].join('\r\n'),
    'latin1',
  );

/** A right request with a few bytes wrong, cut into pieces, or broken off. */
const bytesOnTheWire = fc.record({
  // Without bias: chance as it is would break the first line nearly every time.
  at: fc.noBias(fc.integer({ min: 0, max: 1_000 })).map((part) => part / 1_000),
  /** Undefined: as much as is put there, so that the length stays right. */
  cut: fc.option(fc.nat({ max: 6 }), { nil: undefined, freq: 2 }),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\r\n', '\n', '\r\n\r\n', '\0', ' ', ':', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n')
      .map((text) => Buffer.from(text)),
  ),
  until: fc.oneof(
    { arbitrary: fc.constant(1), weight: 2 },
    { arbitrary: fc.double({ min: 0, max: 1, noNaN: true }), weight: 1 },
  ),
  pieces: fc.integer({ min: 1, max: 4 }),
  after: fc.constantFrom<'wait' | 'end' | 'cut'>('end', 'end', 'cut', 'wait'),
});

async function rawStorm(numRuns: number): Promise<void> {
  const right = rightBytes();
  const many = fc.array(bytesOnTheWire, { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(many, async (batch) => {
      const answers = await Promise.all(
        batch.map(({ at, cut, put, until, pieces, after }) => {
          const from = Math.floor(at * right.length);
          const bytes = Buffer.concat([right.subarray(0, from), put, right.subarray(from + (cut ?? put.length))]);
          const sent = bytes.subarray(0, Math.ceil(until * bytes.length));
          const size = Math.max(1, Math.ceil(sent.length / pieces));
          const list = Array.from({ length: pieces }, (_, n) => sent.subarray(n * size, (n + 1) * size));
          return rawExchange(lab.own.port, { pieces: list, after });
        }),
      );
      for (const { status, head, body } of answers.flat()) {
        const parser = PARSER_STATUSES.includes(status) && !head.includes('content-type');
        expectDeclared(status, body, parser);
      }
    }),
    { numRuns },
  );
}

// What is left of a first line that lost its middle: Node takes it for HTTP/0.9.
it('answers a request without a version as it answers any other', async () => {
  const [answer] = await rawExchange(lab.own.port, {
    pieces: ['POST /mcP/1.1\r\nHost: localhost\r\n\r\n'],
    after: 'end',
    silenceMs: 60_000,
  });
  expect(answer?.status).toBe(404);
  expectDeclared(404, answer?.body ?? '', false);
});

it('lives through broken bytes and half-open connections', async () => {
  await rawStorm(runs(30));
  await expectWell();
});

interface Principal {
  readonly leg: Leg;
  readonly mark: string;
  readonly foreign: string;
}

let told = 0;
/** Everything that was answered, looked through for what is the other’s. */
function own({ mark, foreign }: Principal, ...answers: Got[]): Got[] {
  for (const { text, headers } of answers) {
    expect(text).not.toContain(foreign);
    expect(JSON.stringify(headers)).not.toContain(foreign);
    if (text.includes(mark)) told += 1;
  }
  return answers;
}

/** Calls whose ids, progress tokens and timing are the same for both, and whose contents never are. */
async function modernRound(who: Principal, round: number): Promise<void> {
  const { leg, mark } = who;
  const value = `${mark}-${round}`;
  const call = (name: string, args: object, meta = {}) =>
    leg.modern({ method: 'tools/call', params: { name, arguments: args }, id: 1, meta });
  const waiting = leg.wire.begin(call('oracle_wait', { key: value }, { progressToken: 1 }));
  own(
    who,
    ...(await Promise.all([
      leg.send(call('oracle_echo', { value })),
      leg.send(call('oracle_count', { to: 8, label: value }, { progressToken: 1 })),
      leg.send(call('oracle_fail', { code: 'conflict', details: { value } })),
      leg.send(call(`no_${value}`, {})),
      leg.send(call('oracle_add', { a: value })),
      leg.send(leg.modern({ method: `x/${value}`, id: value })),
    ])),
  );
  waiting();
}

async function open(leg: Leg): Promise<string> {
  const params = { protocolVersion: LEGACY[0], capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
  const got = await leg.send({ headers: leg.headers(), body });
  const id = got.headers['mcp-session-id'];
  if (typeof id !== 'string') throw new Error(`no session: ${got.text}`);
  leg.session = { id, version: LEGACY[0] };
  return id;
}

async function legacyRound(who: Principal, round: number, foreignSession: string): Promise<void> {
  const { leg, mark } = who;
  const value = `${mark}-${round}`;
  const call = (name: string, args: object, meta?: Record<string, unknown>) =>
    leg.legacy({
      method: 'tools/call',
      params: { name, arguments: args },
      id: `${name}-${round}`,
      ...(meta && { meta }),
    });
  const sent = call('oracle_echo', { value });
  const asOther = { ...sent, headers: { ...sent.headers, 'mcp-session-id': foreignSession } };
  const notice = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: `oracle_count-${round}` } };
  const answers = own(
    who,
    ...(await Promise.all([
      leg.send(sent),
      leg.send(call('oracle_count', { to: 8, label: value }, { progressToken: 1 })),
      leg.send(asOther),
      leg.send({ method: 'GET', headers: asOther.headers }),
      leg.send({ method: 'DELETE', headers: asOther.headers }),
      leg.send({ ...asOther, body: JSON.stringify(notice) }),
    ])),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404, 404]);
  expect(answers[1]?.text).toContain('"done":8');
}

const ROUNDS = runs(60);

it('never answers with what is another caller’s, in the middle of a storm', async () => {
  const one: Principal = { leg: legOf(lab.token), mark: 'MARK-ONE', foreign: 'MARK-TWO' };
  const two: Principal = { leg: legOf(otherToken), mark: 'MARK-TWO', foreign: 'MARK-ONE' };
  const sessions = [await open(one.leg), await open(two.leg)];
  const rounds = async (who: Principal, foreignSession: string): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++)
      await Promise.all([modernRound(who, round), legacyRound(who, round, foreignSession)]);
  };
  await Promise.all([rounds(one, sessions[1] ?? ''), rounds(two, sessions[0] ?? ''), rawStorm(runs(5))]);
  // Each answer that should hold its caller's mark does: the check above looked at something.
  expect(told).toBeGreaterThan(2 * ROUNDS * 5);
  one.leg.wire.close();
  two.leg.wire.close();
  await expectWell();
});
