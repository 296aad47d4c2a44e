// An agent as the kit makes it, in a real process with a real bus: what happens to a call, step by step.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, POLICY_SUBJECT, ROLE_SUBJECT } from '@labmesh/bus';
import {
  asUser,
  BUILT_IN_POLICY,
  type CallRecord,
  callsRecorded,
  cancelSubject,
  defineAgent,
  defineTool,
  describeSubject,
  type Handlers,
  Policy,
  type PromptHandlers,
  ROLE_PERMISSIONS,
  type Role,
  sentinel,
  toolSubject,
  type VersionedPolicy,
} from '@labmesh/contracts';
import { BUS, readLabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentModule } from './agent-module.js';
import { type RunningProcess, startProcess } from './start-process.js';

const WALLET = 'wal_01920000-0000-7000-8000-000000000001';
const ISSUER = 'http://127.0.0.1:3000';

const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    add: defineTool({
      title: 'Add',
      description: '',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({ a: z.number(), b: z.number().default(1) }),
      output: z.object({ sum: z.number() }),
      errors: [],
      timeoutMs: 60_000,
    }),
    write: defineTool({
      title: 'Write',
      description: '',
      effect: 'write',
      permission: 'dataset:write',
      input: z.object({}),
      output: z.object({}),
      errors: [],
      timeoutMs: 60_000,
    }),
    rights: defineTool({
      title: 'Rights',
      description: '',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({}),
      output: z.object({ permissions: z.array(z.string()) }),
      errors: [],
      timeoutMs: 60_000,
    }),
    broken: defineTool({
      title: 'Broken',
      description: '',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({}),
      output: z.object({ n: z.number() }),
      errors: [],
      timeoutMs: 60_000,
    }),
    slow: defineTool({
      title: 'Slow',
      description: '',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({}),
      output: z.object({}),
      errors: [],
      timeoutMs: 200,
    }),
    count: defineTool({
      title: 'Count',
      description: '',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({ to: z.number() }),
      progress: z.object({ at: z.number() }),
      output: z.object({ done: z.number() }),
      errors: [],
      timeoutMs: 60_000,
    }),
    hidden: defineTool({
      title: 'Hidden',
      description: '',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({}),
      output: z.object({ walletId: z.string() }),
      errors: [],
      timeoutMs: 60_000,
    }),
  },
});

let aborted = 0;
const handlers: Handlers<typeof demo.tools> = {
  add: ({ a, b }) => ({ sum: a + b }),
  write: () => ({}),
  rights: (_input, call) => ({ permissions: [...call.principal.permissions] }),
  broken: () => ({ n: 'not a number' }) as never,
  slow: (_input, call) =>
    new Promise((_resolve, reject) =>
      call.signal.addEventListener('abort', () => reject(new Error(String(aborted++)))),
    ),
  count: async function* ({ to }, call) {
    for (let at = 1; at <= to; at++) {
      yield { at };
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (call.signal.aborted) aborted++;
    }
    return { done: to };
  },
  hidden: (_input, call) => ({ walletId: call.principal.walletId }),
};

const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const records: CallRecord[] = [];

@Module(agentModule(demo, { tools: { inject: [], useFactory: () => handlers } }))
class DemoModule {}

/** The policy that the Sentinel has in force. */
let inForce: VersionedPolicy = BUILT_IN_POLICY;
let fetched = 0;

// What the kit needs of a Sentinel: its keys, its policy, and somebody who stores records.
const keysOnly = {
  get_policy: () => {
    fetched += 1;
    return inForce;
  },
  get_signing_keys: () => ({
    keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }],
  }),
};
const noPrompts: PromptHandlers<typeof sentinel.prompts> = {
  connect_a_client: () => asUser(''),
  review_refusals: () => asUser(''),
};
const listens = { calls_recorded: callsRecorded };
@Module(
  agentModule(sentinel, {
    tools: { inject: [], useFactory: () => keysOnly as unknown as Handlers<typeof sentinel.tools> },
    prompts: { inject: [], useFactory: () => noPrompts },
    events: {
      listens,
      inject: [],
      useFactory: () => ({
        calls_recorded: (payload: { records: CallRecord[] }) => void records.push(...payload.records),
      }),
    },
  }),
)
class KeysModule {}

@Module({ imports: [DemoModule, KeysModule] })
class TestModule {}

const passFor = (role: Role, agent = 'demo', key: KeyObject = ours.privateKey): string =>
  signedPass(role, { aud: agent }, key);

const signedPass = (role: Role, extra: object, key: KeyObject = ours.privateKey): string => {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: ISSUER,
    aud: 'demo',
    sub: WALLET,
    jti: 'j',
    iat,
    exp: iat + 60,
    role,
    permissions: ROLE_PERMISSIONS[role],
    cred: 'cred_1',
    act: [],
    ...extra,
  };
  return jwt.sign(claims, key, { algorithm: 'ES256', header: { alg: 'ES256', typ: 'pass+jwt', kid: 'k1' } });
};

let running: RunningProcess;
let bus: Bus;
beforeAll(async () => {
  const env = { LABMESH_HOME: mkdtempSync(join(tmpdir(), 'labmesh-agent-')), PORT: '0', LABMESH_PUBLIC_URL: ISSUER };
  running = await startProcess({
    name: 'test',
    module: TestModule,
    config: readLabConfig({ port: 0, home: '.', logLevel: 'silent' }, env),
    database: false,
  });
  bus = running.get<Bus>(BUS);
});
afterAll(() => running.stop());

interface Options {
  pass?: string | undefined;
  headers?: Record<string, string>;
  onProgress?: (chunk: unknown) => void;
  signal?: AbortSignal;
}
const call = (
  tool: keyof typeof demo.tools,
  input: unknown,
  { pass = passFor('citizen'), headers = {}, ...rest }: Options = {},
) =>
  bus.request(toolSubject('demo', tool), input, {
    headers: { 'call-id': crypto.randomUUID(), ...(pass === '' ? {} : { pass }), ...headers },
    timeoutMs: 60_000,
    streaming: tool === 'count',
    cancelSubject: cancelSubject('demo'),
    ...rest,
  });
const codeOf = (failing: Promise<unknown>) =>
  failing.then(
    () => 'ok',
    (error: { code?: string }) => error.code,
  );

describe('a call to an agent', () => {
  it('is validated, with defaults filled in', async () => {
    expect(await call('add', { a: 2 })).toEqual({ sum: 3 });
    expect(await codeOf(call('add', { a: 1, note: ['a\0b'] }))).toBe('invalid_input');
    const refusal = call('add', { a: 'two' });
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/demo_add.*a: /),
    });
  });

  it('needs a pass, for this agent, from our Sentinel, not expired', async () => {
    expect(await codeOf(call('add', { a: 1 }, { pass: '' }))).toBe('unauthenticated');
    expect(await codeOf(call('add', { a: 1 }, { pass: passFor('citizen', 'curator') }))).toBe('unauthenticated');
    expect(await codeOf(call('add', { a: 1 }, { pass: passFor('operator', 'demo', foreign.privateKey) }))).toBe(
      'unauthenticated',
    );
    expect(await codeOf(call('add', { a: 1 }, { pass: 'nonsense' }))).toBe('unauthenticated');
  });

  it('is refused when the role does not allow it', async () => {
    expect(await codeOf(call('write', {}))).toBe('forbidden');
    expect(await codeOf(call('write', {}, { pass: passFor('researcher') }))).toBe('ok');
  });

  it('hides a wrong answer of the agent behind "internal"', async () => {
    const failure = await call('broken', {}).catch((error: unknown) => error as { code: string; message: string });
    expect(failure).toMatchObject({ code: 'internal' });
    expect((failure as { message: string }).message).not.toContain('not a number');
  });

  it('ends at the tool’s own time limit, and the handler hears of it', async () => {
    const before = aborted;
    expect(await codeOf(call('slow', {}))).toBe('deadline_exceeded');
    expect(aborted).toBe(before + 1);
  });

  it('streams progress, and stops when the caller goes away', async () => {
    const seen: unknown[] = [];
    expect(await call('count', { to: 3 }, { onProgress: (chunk) => seen.push(chunk) })).toEqual({ done: 3 });
    expect(seen).toEqual([{ at: 1 }, { at: 2 }, { at: 3 }]);
    const aborter = new AbortController();
    const before = aborted;
    const counting = codeOf(call('count', { to: 10_000 }, { signal: aborter.signal }));
    setTimeout(() => aborter.abort(), 50);
    expect(await counting).toBe('cancelled');
    await expect.poll(() => aborted).toBeGreaterThan(before);
  });

  it('reaches an internal tool without a permission as nobody, and with a pass as its wallet', async () => {
    expect(await call('hidden', {}, { pass: '' })).toEqual({ walletId: '' });
    expect(await call('hidden', {})).toEqual({ walletId: WALLET });
  });
});

describe('the policy at an agent’s own guard', () => {
  const closed = { id: 'closed', description: 'Closed', deny: { agents: ['demo'] } };
  const of = (version: number, document: object): VersionedPolicy => ({ version, policy: Policy.parse(document) });
  const outcome = (pol: number) => codeOf(call('rights', {}, { pass: signedPass('citizen', { pol }) }));

  it('is fetched before a pass that names a newer one is decided on', async () => {
    inForce = of(5, { rules: [closed] });
    const before = fetched;
    const refusal = call('rights', {}, { pass: signedPass('citizen', { pol: 5 }) });
    await expect(refusal).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('"closed"') });
    expect(await outcome(5)).toBe('forbidden');
    expect(await outcome(0)).toBe('forbidden');
    expect(fetched).toBe(before + 1);
  });

  it('decides nothing by an older one than the pass names', async () => {
    expect(await outcome(9)).toBe('unavailable');
    expect(await outcome(5)).toBe('forbidden');
  });

  it('is replaced by a newer one that is told, whole or by its number, and never by an older one', async () => {
    bus.broadcast(POLICY_SUBJECT, of(6, {}));
    await expect.poll(() => outcome(5)).toBe('ok');
    bus.broadcast(POLICY_SUBJECT, of(5, { rules: [closed] }));
    bus.broadcast(POLICY_SUBJECT, { version: 'x' });
    inForce = of(7, { roles: { citizen: ['agent:read'] } });
    bus.broadcast(POLICY_SUBJECT, { version: 7 });
    const seen = async () =>
      ((await call('rights', {}, { pass: signedPass('citizen', {}) })) as { permissions: string[] }).permissions;
    await expect.poll(seen).toEqual(['agent:read']);
    bus.broadcast(POLICY_SUBJECT, of(8, { rules: [{ ...closed, deny: { permissions: ['wallet:read'] } }] }));
    await expect.poll(async () => (await seen()).includes('dataset:read')).toBe(true);
    expect(await seen()).not.toContain('wallet:read');
    bus.broadcast(POLICY_SUBJECT, of(9, {}));
    await expect.poll(async () => (await seen()).includes('wallet:read')).toBe(true);
  });

  it('bounds a pass from before a change of role', async () => {
    const sub = WALLET.replace(/1$/, '7');
    const pass = signedPass('researcher', { sub });
    expect(await codeOf(call('write', {}, { pass }))).toBe('ok');
    bus.broadcast(ROLE_SUBJECT, { walletId: sub, role: 'citizen', change: 2 });
    await expect.poll(() => codeOf(call('write', {}, { pass }))).toBe('forbidden');
    bus.broadcast(ROLE_SUBJECT, { walletId: sub, role: 'researcher', change: 1 });
    expect(await codeOf(call('write', {}, { pass }))).toBe('forbidden');
    expect(await codeOf(call('write', {}, { pass: passFor('researcher') }))).toBe('ok');
    bus.broadcast(ROLE_SUBJECT, { walletId: sub, role: 'researcher', change: 3 });
    await expect.poll(() => codeOf(call('write', {}, { pass }))).toBe('ok');
  });
});

describe('the record of a call', () => {
  it('says who, what and how it ended, and holds no data; internal tools leave none', async () => {
    records.length = 0;
    await call('add', { a: 770_010_077_001 }, { headers: { 'call-id': 'one' } });
    await codeOf(call('write', {}, { headers: { 'call-id': 'two' } }));
    await call('hidden', {}, { headers: { 'call-id': 'three' } });
    await expect.poll(() => records.length).toBe(2);
    expect(records[0]).toMatchObject({
      callId: 'one',
      walletId: WALLET,
      credentialId: 'cred_1',
      agent: 'demo',
      tool: 'add',
      decision: 'allow',
      outcome: 'ok',
    });
    expect(records[1]).toMatchObject({
      callId: 'two',
      tool: 'write',
      decision: 'deny',
      outcome: 'forbidden',
      outputHash: null,
    });
    expect(JSON.stringify(records)).not.toContain('770010077001');
  });

  it('of a tool that changes something is durable before the answer', async () => {
    records.length = 0;
    await call('write', {}, { pass: passFor('researcher') });
    expect(records.map(({ tool }) => tool)).toEqual(['write']);
  });
});

it('an agent tells what it is', async () => {
  const [answer] = await bus.scatter(describeSubject('demo'), {}, { headers: {}, windowMs: 60_000, expected: 1 });
  expect(answer?.body).toMatchObject({
    name: 'demo',
    version: '0.1.0',
    tools: expect.arrayContaining(['add', 'hidden']),
  });
});
