// The command against a real MCP server over loopback HTTP, which asks for a token and offers tools by the lab's contracts.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AGENTS, ERROR_META_KEY, gatewayName, publicTools } from '@labmesh/contracts';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server, type ServerContext } from '@modelcontextprotocol/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from './cli.js';

const TOKEN = 'lmk_test-operator-key';
const WALLET = 'wal_01990000-0000-7000-8000-000000000001';
const HIDDEN = 'mechanic_get_system_health';

type Handler = (args: Record<string, unknown>, context: ServerContext) => object | Promise<object>;
const ok = (structuredContent: object) => ({ content: [], structuredContent });
const failure = (code: string, message: string, more: object = {}) => ({
  content: [{ type: 'text', text: message }],
  isError: true,
  _meta: { [ERROR_META_KEY]: { code, message, hint: 'a hint', ...more } },
});

/** Called with what the command sent; tests replace single tools. */
const handlers = new Map<string, Handler>();
let hidden = new Set<string>();
/** Addresses that tools were listed at. */
let listedAt: string[] = [];
let lab: HttpServer;
let url: string;
let folder: string;

const tools = publicTools(AGENTS).map(({ agent, tool, spec }) => ({
  name: gatewayName(agent, tool),
  title: spec.title,
  description: spec.description,
  inputSchema: z.toJSONSchema(spec.input, { io: 'input' }),
  outputSchema: z.toJSONSchema(spec.output, { io: 'output' }),
  annotations: { readOnlyHint: spec.effect === 'read', destructiveHint: spec.effect === 'destroy' },
}));

function standIn(): Server {
  const server = new Server({ name: 'labmesh', version: '0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: tools.filter(({ name }) => !hidden.has(name)) as never }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const handler = handlers.get(params.name) ?? ((args: object) => ok({ echo: args }));
    return (await handler(params.arguments ?? {}, context)) as never;
  });
  return server;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-cli-'));
  const mcp = toNodeHandler(createMcpHandler(standIn, { legacy: 'reject' }));
  lab = createServer((req, res) => {
    if (req.headers['mcp-method'] === 'tools/list') listedAt.push(req.url ?? '');
    if (req.headers.authorization === `Bearer ${TOKEN}`) return void mcp(req as never, res as never);
    res.writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => lab.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(lab.address() as AddressInfo).port}`;
});

afterEach(() => {
  handlers.clear();
  hidden = new Set();
  listedAt = [];
});

afterAll(async () => {
  lab.closeAllConnections();
  await new Promise((resolve) => lab.close(resolve));
  await rm(folder, { recursive: true });
});

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** A person sits there. */
  readonly terminal?: boolean;
}

async function run(args: string[], options: RunOptions = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const opened: string[] = [];
  const code = await runCli(args, {
    env: { LABMESH_URL: url, LABMESH_TOKEN: TOKEN, LABMESH_OUTPUT: 'table', HOME: folder, ...options.env },
    cwd: options.cwd ?? folder,
    stdin: Object.assign(Readable.from([options.stdin ?? '']), { isTTY: options.terminal }),
    stdout: { write: (text) => out.push(String(text)) },
    stderr: { write: (text) => err.push(String(text)), isTTY: options.terminal },
    openBrowser: async (address) => {
      opened.push(address);
      return true;
    },
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join(''), opened };
}

describe('call', () => {
  it('types arguments by the tool’s schema and prints one JSON document', async () => {
    await writeFile(join(folder, 'rows.csv'), 'a,b\n1,2\n');
    const words = [
      '--arg',
      'name=7',
      '--arg',
      'format=csv',
      '--arg',
      'content=@rows.csv',
      '--arg',
      'schema={"type":"object"}',
    ];
    handlers.set('curator_submit_dataset', (args) => failure('conflict', 'no', { details: args }));
    const { code, err, out } = await run(['call', 'curator_submit_dataset', '--json', '@missing.json']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toMatchObject({ code: 'invalid_input' });
    const sent = await run(['--json', 'call', 'curator_submit_dataset', ...words]);
    expect(sent.code).toBe(6);
    expect(JSON.parse(sent.err)).toMatchObject({
      code: 'conflict',
      message: 'no',
      details: { name: '7', format: 'csv', content: 'a,b\n1,2\n', schema: { type: 'object' } },
    });
  });

  it('takes all arguments as JSON, from the line or from standard input', async () => {
    handlers.set('librarian_query_knowledge_base', (args) => ok({ answer: JSON.stringify(args), citations: [] }));
    const inline = await run(['call', 'librarian_query_knowledge_base', '--json', '{"question":"why","limit":3}']);
    expect(inline.code).toBe(0);
    expect(JSON.parse(inline.out)).toEqual({ answer: '{"question":"why","limit":3}', citations: [] });
    const piped = await run(['call', 'librarian_query_knowledge_base', '--json', '-'], { stdin: '{"question":"how"}' });
    expect(JSON.parse(piped.out)).toMatchObject({ answer: '{"question":"how"}' });
    const both = await run(['call', 'librarian_query_knowledge_base', '--arg', 'question=a', '--json', '{}']);
    expect(both.code).toBe(2);
  });

  it('shows progress on standard error', async () => {
    handlers.set('sentinel_audit_log_stream', async (_args, context) => {
      const progressToken = context.mcpReq._meta?.progressToken;
      if (progressToken === undefined) throw new Error('no progress was asked for');
      for (const progress of [1, 2]) {
        const params = { progressToken, progress, total: 2, message: `part ${progress}\u001b[2J` };
        await context.mcpReq.notify({ method: 'notifications/progress', params });
      }
      return ok({ records: [], cursor: '2' });
    });
    const { code, out, err } = await run(['call', 'sentinel_audit_log_stream']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ records: [], cursor: '2' });
    expect(err).toBe('[1/2] part 1?[2J\n[2/2] part 2?[2J\n');
  });

  it('names what comes close to a tool that is not there', async () => {
    const { code, err } = await run(['call', 'fetch_dataset']);
    expect(code).toBe(5);
    expect(err).toContain('curator_fetch_dataset');
  });

  it('says so when a tool is there for others only', async () => {
    hidden = new Set([HIDDEN]);
    expect((await run(['call', HIDDEN])).code).toBe(4);
    expect((await run(['tools', HIDDEN])).code).toBe(4);
  });

  it('is cancelled by Ctrl-C, and the lab hears of it', async () => {
    const stop = new AbortController();
    const heard = new Promise<void>((resolve) => {
      handlers.set('mechanic_get_system_health', async (_args, context) => {
        stop.abort();
        await new Promise<void>((aborted) => context.mcpReq.signal.addEventListener('abort', () => aborted()));
        resolve();
        return ok({});
      });
    });
    const { code, out } = await run(['call', HIDDEN], { signal: stop.signal });
    expect({ code, out }).toEqual({ code: 130, out: '' });
    await heard;
  });
});

describe('tools', () => {
  it('lists all that may be used, or with --everyday what an AI client is shown', async () => {
    handlers.set('curator_list_available_datasets', () => ok({ datasets: [] }));
    const { code, out } = await run(['tools']);
    expect(code).toBe(0);
    expect(out).toContain('curator_fetch_dataset');
    expect((await run(['tools', '--everyday', '--json'])).code).toBe(0);
    expect((await run(['tools', '--everyday', 'sentinel_set_policy'])).code).toBe(0);
    expect((await run(['call', 'curator_list_available_datasets'])).code).toBe(0);
    const all = '/mcp?toolsets=all';
    expect(listedAt).toEqual([all, '/mcp?toolsets=everyday', all, all]);
  });
});

describe('failures', () => {
  it.each([
    ['insufficient_funds', 6],
    ['forbidden', 4],
    ['not_found', 5],
    ['rate_limited', 7],
    ['internal', 70],
  ])('%s ends with %i', async (code, exit) => {
    handlers.set('architect_get_template_readme', () => failure(code, 'It did not work.'));
    const text = await run(['template', 'readme', 'x']);
    expect(text).toMatchObject({ code: exit, out: '', err: 'labmesh: It did not work.\n' });
    const json = await run(['template', 'readme', 'x', '--json']);
    expect(JSON.parse(json.err)).toMatchObject({ code, message: 'It did not work.', hint: expect.any(String) });
    expect(json.err.trimEnd()).not.toContain('\n');
  });

  it('3 for a token that no header can carry, wherever it comes from', async () => {
    await writeFile(join(folder, 'odd.key'), 'lmk_é\n');
    const ways: Array<[string[], Record<string, string>, string]> = [
      [['status'], { LABMESH_TOKEN: '“lmk_x”' }, 'LABMESH_TOKEN'],
      [['status', '--token-file', 'odd.key'], {}, '--token-file .*odd.key'],
      [['call', 'librarian_ask', '--token-file', 'odd.key'], {}, '--token-file .*odd.key'],
    ];
    for (const [args, env, from] of ways) {
      const { code, err } = await run(args, { env });
      expect([code, err]).toEqual([3, expect.stringMatching(`^labmesh: ${from} holds no token: character \\d`)]);
    }
  });

  it('3 without a token, or with a wrong one, and never shows it', async () => {
    const none = await run(['status'], { env: { LABMESH_TOKEN: '', LABMESH_HOME: folder } });
    expect(none.code).toBe(3);
    expect(none.err).toContain('LABMESH_TOKEN');
    await writeFile(join(folder, 'wrong.key'), 'lmk_wrong-secret\n');
    const wrong = await run(['status', '--token-file', 'wrong.key']);
    expect(wrong.code).toBe(3);
    expect(wrong.err).not.toContain('lmk_wrong-secret');
    expect(wrong.err).toContain('--token-file');
  });

  it('7 when no lab answers, and says how to start one', async () => {
    const { code, err } = await run(['tools', '--url', 'http://127.0.0.1:9', '--json']);
    expect(code).toBe(7);
    expect(JSON.parse(err)).toMatchObject({ code: 'unavailable', message: expect.stringContaining('npm start') });
  });

  it('2 for what cannot be read, as JSON where JSON is asked for', async () => {
    expect((await run(['statsu'])).code).toBe(2);
    expect((await run(['statsu'])).err).toContain('status');
    expect(JSON.parse((await run(['wallet', 'create', '--role', 'king', '--json'])).err)).toMatchObject({
      code: 'invalid_input',
    });
    expect((await run(['status', '--url', 'ftp://x'])).code).toBe(2);
    expect((await run([])).code).toBe(2);
  });

  it('0 for help and version, whatever the environment says', async () => {
    const help = await run(['token', 'create', '--help'], { env: { LABMESH_URL: 'nonsense' } });
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('Examples:');
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('open', () => {
  const link = () =>
    handlers.set('sentinel_create_sign_in_link', () => ok({ code: 'a b', expiresAt: '2026-01-01T00:00:00Z' }));

  it('prints the link and opens it where there is a display', async () => {
    link();
    const { out, opened } = await run(['open'], { env: { DISPLAY: ':0' } });
    expect(out).toBe(`${url}/#code=a%20b\n`);
    expect(opened).toEqual([`${url}/#code=a%20b`]);
  });

  it('says the lab’s address for people where it has one', async () => {
    link();
    const { out } = await run(['open'], { env: { LABMESH_PUBLIC_URL: 'https://lab.example.org/' } });
    expect(out).toBe('https://lab.example.org/#code=a%20b\n');
  });

  it('opens nothing without a display, or when told not to', async () => {
    link();
    if (process.platform === 'linux') expect((await run(['open'])).opened).toEqual([]);
    expect((await run(['open', '--no-browser'], { env: { DISPLAY: ':0' } })).opened).toEqual([]);
    expect(JSON.parse((await run(['open', '--no-browser', '--json'])).out)).toMatchObject({ opened: false });
  });
});

describe('token create', () => {
  it('prints the token alone on standard output', async () => {
    let sent: unknown;
    handlers.set('sentinel_generate_wallet_token', (args) => {
      sent = args;
      const permissions = ['dataset:read'];
      return ok({
        token: 'lmk_new',
        kind: 'client_key',
        tokenId: 't',
        walletId: WALLET,
        role: 'citizen',
        permissions,
        expiresAt: '2026-01-01T00:00:00Z',
      });
    });
    const words = [
      '--kind',
      'client_key',
      '--ttl',
      '30d',
      '--permission',
      'dataset:read',
      '--tool',
      'a',
      '--tool',
      'b',
      '--label',
      'x',
    ];
    const { code, out, err } = await run(['token', 'create', ...words]);
    expect({ code, out }).toEqual({ code: 0, out: 'lmk_new\n' });
    expect(err).not.toContain('lmk_new');
    expect(sent).toEqual({
      kind: 'client_key',
      ttlSeconds: 2_592_000,
      permissions: ['dataset:read'],
      toolset: ['a', 'b'],
      label: 'x',
      refreshable: false,
    });
  });
});

describe('wallet', () => {
  const answer = {
    transactionId: 'tx_1',
    from: WALLET,
    to: WALLET,
    amount: '2.50',
    balance: '7.50',
    at: '2026-01-01T00:00:00Z',
    replayed: false,
  };

  it('transfer makes a key, tells it before the call, and keeps one that is given', async () => {
    const keys: unknown[] = [];
    handlers.set('chancellor_execute_transaction', ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return ok(answer);
    });
    const made = await run(['wallet', 'transfer', WALLET, '2.50']);
    expect(made.err).toBe(`Key ${keys[0]}\n`);
    expect(made.out).toContain('Left: 7.50');
    const given = await run(['wallet', 'transfer', WALLET, '2.50', '--key', 'my-own-key', '--json']);
    expect(JSON.parse(given.out)).toMatchObject({ idempotencyKey: 'my-own-key', replayed: false });
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'my-own-key']);
  });

  it('send asks a person first, and a no moves nothing', async () => {
    const amounts: unknown[] = [];
    handlers.set('chancellor_execute_transaction', ({ amount }) => {
      amounts.push(amount);
      return ok(answer);
    });
    const no = await run(['wallet', 'send', WALLET, '1'], { terminal: true, stdin: 'n\n' });
    expect(no).toMatchObject({
      code: 130,
      out: '',
      err: expect.stringContaining(`Send 1 $webxos to ${WALLET}? [y/N]`),
    });
    expect((await run(['wallet', 'send', WALLET, '2'], { terminal: true, stdin: 'y\n' })).code).toBe(0);
    expect((await run(['wallet', 'send', WALLET, '3', '--yes'], { terminal: true })).code).toBe(0);
    expect((await run(['wallet', 'transfer', WALLET, '4'], { terminal: true })).code).toBe(0);
    expect(amounts).toEqual(['2', '3', '4']);
  });

  it('batch goes in portions, and tells what was paid before the lab was lost', async () => {
    const rows = Array.from({ length: 1_001 }, () => `${WALLET},1`).join('\n');
    await writeFile(join(folder, 'many.csv'), `to,amount\n${rows}\n`);
    const keys: string[] = [];
    handlers.set('chancellor_execute_batch', ({ transfers }) => {
      if (keys.length > 0) return failure('unavailable', 'It is gone.');
      const paid = transfers as Array<{ idempotencyKey: string }>;
      keys.push(...paid.map(({ idempotencyKey }) => idempotencyKey));
      const outcomes = paid.map(() => ({ outcome: 'posted', replayed: false, transactionId: 'txn_1' }));
      return ok({ posted: outcomes.length, outcomes, balance: '5.00' });
    });
    const { code, out, err } = await run(['wallet', 'batch', 'many.csv', '--key', 'my-own-key']);
    expect([code, err]).toEqual([7, expect.stringMatching(/\[1000\/1001\] payments\nlabmesh: It is gone\./)]);
    expect(out).toContain('1000 of 1000 posted. Left: 5.00');
    expect([keys.length, keys[0], keys[999]]).toEqual([1_000, 'my-own-key/1', 'my-own-key/1000']);
    const linked = await run(['wallet', 'batch', 'many.csv', '--linked']);
    expect(linked).toMatchObject({ code: 2, err: expect.stringContaining('at most 1000') });
  });

  it('ledger verify ends with 6 when an invariant is broken, and names it', async () => {
    const checks = [
      { check: 'sums', checked: 2, wrong: 1, examples: ['txn_1'] },
      { check: 'versions', checked: 2, wrong: 0, examples: [] },
    ];
    const books = { clean: false, accounts: 2, transactions: 1, entries: 2, checks, issued: '1.00' };
    handlers.set('chancellor_verify_ledger', () => ok({ ...books, at: '2026-01-01T00:00:00Z' }));
    const { code, out, err } = await run(['ledger', 'verify']);
    expect([code, out]).toEqual([6, expect.stringMatching(/^broken[\s\S]*sums +2 +1 +txn_1/)]);
    expect(err).toBe('labmesh: The books do not add up: sums.\n');
    expect(JSON.parse((await run(['ledger', 'verify', '--json'])).out)).toMatchObject({ clean: false, checks });
  });

  it('tells the key also when the answer is lost', async () => {
    handlers.set('chancellor_execute_transaction', () => failure('deadline_exceeded', 'No answer in time.'));
    const { code, err } = await run(['wallet', 'transfer', WALLET, '1']);
    expect(code).toBe(7);
    expect(err).toMatch(/^Key [0-9a-f-]{36}\nlabmesh: No answer in time\.\n$/);
  });

  it('balance shows the history, and control characters of others as nothing but marks', async () => {
    const entry = {
      transactionId: 't',
      at: '2026-01-01T00:00:00Z',
      kind: 'payment',
      change: '-1.00',
      balanceAfter: '9.00',
      counterparty: WALLET,
      memo: 'hi\u001b[31m',
    };
    handlers.set('chancellor_get_balance', () =>
      ok({
        walletId: WALLET,
        role: 'citizen',
        label: null,
        currency: '$webxos',
        balance: '9.00',
        staked: '5.00',
        held: '0.00',
        pending: '0.000001',
        history: [entry],
      }),
    );
    const { out } = await run(['wallet', 'balance']);
    expect(out).toContain('9.00 $webxos');
    expect(out).toMatch(/5\.00 staked\n0\.000001 set aside for it\n/);
    expect(out).not.toContain('0.00 set aside for others');
    expect(out).not.toContain('\u001b');
  });
});

describe('status', () => {
  const agent = {
    name: 'curator',
    title: 'The Curator',
    description: '',
    status: 'up',
    instances: 2,
    version: '0.1.0',
    startedAt: null,
    latencyMs: 1.25,
    endpoint: '/x',
    tools: [],
    resources: [],
    prompts: [],
  };
  const up = { status: 'up', kind: 'test', latencyMs: 1, message: null };
  const health = {
    status: 'degraded',
    at: '2026-01-01T00:00:00Z',
    services: [],
    database: up,
    queue: { ...up, waiting: 3, active: 0, failed: 1 },
    bus: { ...up, status: 'down', latencyMs: null, message: 'It is gone.' },
    cpu: { cores: 2, load1m: 0.5, usedRatio: 0.25 },
    memory: { totalBytes: 8 * 2 ** 30, availableBytes: 2 ** 30, processBytes: 1 },
    disk: { path: '/', totalBytes: 2 ** 40, availableBytes: 2 ** 39 },
    gpus: [
      {
        index: 0,
        name: 'NVIDIA H200',
        memoryTotalBytes: 2 ** 30,
        memoryUsedBytes: 0,
        utilizationRatio: null,
        temperatureC: null,
      },
    ],
    reasons: [{ part: 'bus', severity: 'critical', message: 'The bus is away.', advice: 'Start NATS.' }],
    latency: [],
    circuits: [],
    disks: [],
    jobs: null,
    nodes: [],
    gpuProcesses: [],
    prometheus: '',
  };

  it('shows agents and health to those who may see it', async () => {
    handlers.set('librarian_get_agent_manifest', () => ok({ agents: [agent] }));
    handlers.set(HIDDEN, () => ok(health));
    const { code, out } = await run(['status']);
    expect(code).toBe(0);
    expect(out).toMatch(/curator +up +2/);
    for (const text of [
      'degraded',
      'It is gone.',
      '3 waiting',
      '1.0 GiB of 8.0 GiB',
      'NVIDIA H200',
      '25 %',
      'Start NATS.',
    ])
      expect(out).toContain(text);
  });

  it('shows the agents alone to everyone else', async () => {
    hidden = new Set([HIDDEN]);
    handlers.set('librarian_get_agent_manifest', () => ok({ agents: [agent] }));
    const { out } = await run(['status', '--json']);
    expect(JSON.parse(out)).toEqual({ url, agents: [agent], health: null });
  });
});

describe('tools, template and ask', () => {
  it('lists what there is, and explains one tool', async () => {
    const list = await run(['tools']);
    expect(list.out).toContain('curator_fetch_dataset');
    const one = await run(['tools', 'curator_fetch_dataset']);
    expect(one.out).toMatch(/datasetId \* +text/);
    expect(one.out).toContain('"rows" | "content", "rows" when left out');
    expect(one.out).toContain('npx @labmesh/cli call curator_fetch_dataset --arg datasetId=…');
    expect(JSON.parse((await run(['tools', '--json'])).out).tools).toHaveLength(tools.length);
  });

  const CITED = {
    file: 'docs/a.md',
    collection: 'docs',
    collectionName: 'docs',
    title: 'Start',
    heading: 'Start',
    path: ['Start'],
    version: '0'.repeat(16),
    start: 0,
    end: 5,
    line: 3,
    link: 'kb://docs/a.md#span=0-5',
    text: 'Hello',
    score: 1,
  };

  it('answers with numbered citations', async () => {
    const asked: unknown[] = [];
    handlers.set('librarian_query_knowledge_base', (args) => {
      asked.push(args);
      return ok({
        answered: true,
        confidence: 0.876,
        answer: 'Hello [1]',
        claims: [],
        citations: [{ number: 1, ...CITED }],
        nearest: [],
        untrusted: 'Data.',
      });
    });
    const { out } = await run(['ask', 'how', 'do', 'I', 'start']);
    expect(out).toBe('Hello [1]\n\nconfidence 0.88\n[1] docs/a.md:3  Start\n');
    await run(['ask', 'and it?', '--after', 'how', 'why', '--collection', 'docs', '--since', '2026-11-01']);
    expect(asked).toEqual([
      { question: 'how do I start' },
      { question: 'and it?', context: ['how', 'why'], collections: ['docs'], since: '2026-11-01T00:00:00.000Z' },
    ]);
  });

  it('says that there is no answer, and what is nearest', async () => {
    const none = { claims: [], citations: [], nearest: [CITED], readAs: 'who won?', untrusted: 'Data.' };
    handlers.set('librarian_query_knowledge_base', () =>
      ok({ answered: false, confidence: 0.1, answer: 'It is not there.', ...none }),
    );
    const { out, err, code } = await run(['ask', 'whoo won?']);
    expect(code).toBe(0);
    expect(err).toContain('Read as: who won?');
    expect(out).toBe('It is not there.\n\nNearest, not an answer:\ndocs/a.md:3  Start\n');
  });

  it('finds the operator’s token of a lab on this machine', async () => {
    await mkdir(join(folder, 'deep/er'), { recursive: true });
    await mkdir(join(folder, '.labmesh'), { recursive: true });
    await writeFile(join(folder, '.labmesh/operator.token'), `${TOKEN}\n`);
    handlers.set('architect_list_available_templates', () => ok({ templates: [] }));
    const { code } = await run(['template', 'list'], { env: { LABMESH_TOKEN: '' }, cwd: join(folder, 'deep/er') });
    expect(code).toBe(0);
  });
});
