// Resources, prompts and blobs of an agent as the kit makes it, in a real process with a real bus: the pipeline holds for them too.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '@labmesh/bus';
import {
  AppError,
  asUser,
  type BlobHandler,
  blobId,
  type CallRecord,
  callsRecorded,
  defineAgent,
  definePrompt,
  defineResource,
  type Handlers,
  operationsOf,
  type PromptHandlers,
  type ResourceHandlers,
  ROLE_PERMISSIONS,
  type Role,
  sentinel,
  toolSubject,
} from '@labmesh/contracts';
import { BUS, readLabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentModule } from './agent-module.js';
import { pageByName } from './page-by-name.js';
import { type RunningProcess, startProcess } from './start-process.js';

const WALLET = 'wal_01920000-0000-7000-8000-000000000001';
const ISSUER = 'http://127.0.0.1:3000';
const face = { title: 'T', description: 'D' };

const demo = defineAgent({
  name: 'demo',
  ...face,
  tools: {},
  resources: {
    note: defineResource({ ...face, uri: 'note://{id}', permission: 'dataset:read', listed: true }),
    health: defineResource({ ...face, uri: 'health://{id}', permission: 'health:read', listed: false }),
    wrong: defineResource({ ...face, uri: 'wrong://{id}', permission: 'dataset:read', listed: false }),
  },
  prompts: {
    greet: definePrompt({
      ...face,
      permission: 'dataset:read',
      arguments: z.object({ name: z.string(), tone: z.enum(['warm', 'wry', 'dry']).optional() }),
    }),
    write: definePrompt({ ...face, permission: 'dataset:write', arguments: z.object({}) }),
  },
  blobs: { description: 'D', permission: 'health:read', through: ['demo_look'] },
});

const NOTES = Array.from({ length: 250 }, (_, at) => `n${String(at).padStart(3, '0')}`);

const resources: ResourceHandlers<typeof demo.resources> = {
  note: {
    read({ id }, { principal }) {
      if (!NOTES.includes(id)) throw new AppError('not_found', `There is no note ${id}`);
      return { mimeType: 'text/plain', text: `${id} for ${principal.walletId}` };
    },
    list: (page) =>
      pageByName(
        NOTES.map((name) => ({ params: { id: name }, name })),
        page,
      ),
    complete: () => NOTES,
  },
  health: { read: () => ({ mimeType: 'application/octet-stream', blob: 'AA==' }) },
  wrong: { read: () => ({ mimeType: 'text/plain' }) as never },
};
const prompts: PromptHandlers<typeof demo.prompts> = {
  greet: {
    get: ({ name, tone = 'plain' }) => asUser(`Greet ${name}, ${tone}`),
    complete: () => ['Ada', 'ADA', 'Ben', 'Ada'],
  },
  write: () => asUser('Write'),
};

const BLOB = blobId('demo', '01920000-0000-7000-8000-00000000000a');
const WRONG = blobId('demo', '01920000-0000-7000-8000-00000000000b');
const opened = { sha256: 'ab'.repeat(32), bytes: 3, mediaType: 'text/csv', name: 'flares.csv' };
const blobs: BlobHandler = {
  open(id, { principal }) {
    if (id === WRONG) return { ...opened, sha256: '../etc/passwd' };
    if (id !== BLOB || principal.walletId !== WALLET) throw new AppError('not_found', `There is no blob ${id}`);
    return opened;
  },
};

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const records: CallRecord[] = [];

@Module(
  agentModule(demo, {
    tools: { inject: [], useFactory: () => ({}) },
    resources: { inject: [], useFactory: () => resources },
    prompts: { inject: [], useFactory: () => prompts },
    blobs: { inject: [], useFactory: () => blobs },
  }),
)
class DemoModule {}

// The two things the kit needs of a Sentinel: its keys, and somebody who stores records.
const keysOnly = {
  get_signing_keys: () => ({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256' }] }),
};
const wiring = {
  tools: { inject: [], useFactory: () => keysOnly as unknown as Handlers<typeof sentinel.tools> },
  events: {
    listens: { calls_recorded: callsRecorded },
    inject: [],
    useFactory: () => ({ calls_recorded: (batch: { records: CallRecord[] }) => void records.push(...batch.records) }),
  },
};
@Module(agentModule({ ...sentinel, prompts: {} }, wiring))
class KeysModule {}

@Module({ imports: [DemoModule, KeysModule] })
class TestModule {}

let running: RunningProcess;
let bus: Bus;
beforeAll(async () => {
  const env = { LABMESH_HOME: mkdtempSync(join(tmpdir(), 'labmesh-ops-')), PORT: '0', LABMESH_PUBLIC_URL: ISSUER };
  const config = readLabConfig({ port: 0, home: '.', logLevel: 'silent' }, env);
  running = await startProcess({ name: 'test', module: TestModule, config, database: false });
  bus = running.get<Bus>(BUS);
});
afterAll(() => running.stop());

function passFor(role: Role, agent = 'demo'): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iss: ISSUER, aud: agent, sub: WALLET, jti: 'j', iat, exp: iat + 60, role, cred: 'cred_1', act: [] };
  const header = { alg: 'ES256', typ: 'pass+jwt', kid: 'k1' } as const;
  return jwt.sign({ ...claims, permissions: ROLE_PERMISSIONS[role] }, keys.privateKey, { algorithm: 'ES256', header });
}

const callIds: string[] = [];
function call<T = unknown>(operation: string, input: unknown, pass = passFor('citizen')): Promise<T> {
  const callId = crypto.randomUUID();
  callIds.push(callId);
  const headers = { 'call-id': callId, ...(pass === '' ? {} : { pass }) };
  return bus.request(toolSubject('demo', operation), input, { headers, timeoutMs: 60_000 }) as Promise<T>;
}
const codeOf = (failing: Promise<unknown>) =>
  failing.then(
    () => 'ok',
    (error: { code?: string }) => error.code,
  );

describe('a resource', () => {
  it('is read by its address’s values, for the wallet that asks', async () => {
    expect(await call('note:read', { id: 'n001' })).toEqual({ mimeType: 'text/plain', text: `n001 for ${WALLET}` });
    expect(await codeOf(call('note:read', { id: 'other' }))).toBe('not_found');
    expect(await codeOf(call('note:read', {}))).toBe('invalid_input');
    expect(await codeOf(call('note:read', { id: 'a\0b' }))).toBe('invalid_input');
  });

  it('needs a pass for this agent, and the permission', async () => {
    for (const operation of operationsOf(demo).map(({ tool }) => tool)) {
      expect(await codeOf(call(operation, {}, '')), operation).toBe('unauthenticated');
      expect(await codeOf(call(operation, {}, passFor('operator', 'curator'))), operation).toBe('unauthenticated');
    }
    expect(await codeOf(call('health:read', { id: 'x' }))).toBe('forbidden');
    expect(await codeOf(call('health:complete', { argument: 'id', value: '' }))).toBe('forbidden');
    expect(await call('health:read', { id: 'x' }, passFor('developer'))).toMatchObject({ blob: 'AA==' });
  });

  it('hides a wrong answer of the agent behind "internal"', async () => {
    expect(await codeOf(call('wrong:read', { id: 'x' }))).toBe('internal');
  });

  it('is listed in pages that together are the whole list', async () => {
    type Page = { items: Array<{ name: string }>; nextCursor?: string };
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let turn = 0; turn < 10; turn++) {
      const page: Page = await call<Page>('note:list', { limit: 100, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(NOTES);
    expect(await codeOf(call('note:list', { limit: 10, cursor: '!' }))).toBe('invalid_input');
    expect(await codeOf(call('note:list', { limit: 1_000 }))).toBe('invalid_input');
  });

  it('completes its argument with what begins so, at most a hundred', async () => {
    const complete = (input: object) => call('note:complete', input);
    expect(await complete({ argument: 'id', value: 'N24' })).toEqual({ values: NOTES.slice(240), hasMore: false });
    expect(await complete({ argument: 'id', value: '' })).toEqual({ values: NOTES.slice(0, 100), hasMore: true });
    expect(await codeOf(complete({ argument: 'other', value: '' }))).toBe('invalid_input');
  });
});

describe('a prompt', () => {
  it('answers messages, with its arguments checked', async () => {
    const text = (answer: unknown) =>
      (answer as { messages: [{ content: { text: string } }] }).messages[0].content.text;
    expect(text(await call('prompt:greet', { name: 'Ada', tone: 'dry' }))).toBe('Greet Ada, dry');
    expect(text(await call('prompt:greet', { name: 'Ada' }))).toBe('Greet Ada, plain');
    expect(await codeOf(call('prompt:greet', {}))).toBe('invalid_input');
    expect(await codeOf(call('prompt:greet', { name: 'Ada', tone: 'loud' }))).toBe('invalid_input');
    expect(await codeOf(call('prompt:write', {}))).toBe('forbidden');
  });

  it('completes an enum by itself and other arguments by its handler, each value once', async () => {
    const complete = (argument: string, value: string) => call('prompt:greet:complete', { argument, value });
    expect(await complete('tone', 'w')).toEqual({ values: ['warm', 'wry'], hasMore: false });
    expect(await complete('name', 'a')).toEqual({ values: ['Ada', 'ADA'], hasMore: false });
    expect(await call('prompt:write:complete', { argument: 'x', value: '' }).catch(({ code }) => code)).toBe(
      'forbidden',
    );
  });
});

describe('a blob', () => {
  const codeFor = (input: object, pass = passFor('developer')) => codeOf(call('blob:open', input, pass));

  it('is opened for whom the agent says, with the permission of the contract', async () => {
    expect(await call('blob:open', { blobId: BLOB }, passFor('developer'))).toEqual(opened);
    expect(await codeFor({ blobId: BLOB.replace(/a$/, 'c') })).toBe('not_found');
    expect(await codeFor({ blobId: BLOB }, passFor('citizen'))).toBe('forbidden');
    expect(await codeFor({ blobId: '../../etc/passwd' })).toBe('invalid_input');
    expect(await codeFor({ blobId: BLOB.replace('demo', 'Demo') })).toBe('invalid_input');
    expect(await codeFor({ blobId: WRONG })).toBe('internal');
  });

  it('leaves a record that says which', async () => {
    await call('blob:open', { blobId: BLOB }, passFor('developer'));
    const ours = () => records.filter(({ callId }) => callId === callIds.at(-1));
    await expect.poll(() => ours().length).toBe(1);
    expect(ours()[0]).toMatchObject({ agent: 'demo', tool: 'blob:open', outcome: 'ok', about: { blobId: BLOB } });
    expect(JSON.stringify(ours())).not.toContain('flares.csv');
  });
});

it('leaves a record like a tool’s, without data', async () => {
  await call('note:read', { id: 'n002' });
  await codeOf(call('prompt:write', {}));
  const ours = () => records.filter(({ callId }) => callIds.slice(-2).includes(callId));
  await expect.poll(() => ours().length).toBe(2);
  expect(ours().map(({ agent, tool, decision, outcome }) => [agent, tool, decision, outcome])).toEqual([
    ['demo', 'note:read', 'allow', 'ok'],
    ['demo', 'prompt:write', 'deny', 'forbidden'],
  ]);
  expect(JSON.stringify(records)).not.toContain('n002');
});

it('a resource named "prompt" is refused: its operations would be those of prompts', () => {
  const note = defineResource({ ...face, uri: 'p://{id}', permission: 'dataset:read', listed: false });
  const read = definePrompt({ ...face, permission: 'dataset:read', arguments: z.object({}) });
  const twice = defineAgent({ name: 'twice', ...face, tools: {}, resources: { prompt: note }, prompts: { read } });
  expect(() => operationsOf(twice)).toThrow(/one name/);
});

it('a missing or wrong handler does not compile', () => {
  const tools = { inject: [], useFactory: () => ({}) };
  const whole = { inject: [], useFactory: () => resources };
  const asked = { inject: [], useFactory: () => prompts };
  const known = { inject: [], useFactory: () => blobs };
  const { note: _, ...others } = resources;
  const incomplete = { inject: [], useFactory: () => others };
  const attempts = [
    // @ts-expect-error the contract declares prompts
    () => agentModule(demo, { tools, resources: whole, blobs: known }),
    // @ts-expect-error the contract declares resources
    () => agentModule(demo, { tools, prompts: asked, blobs: known }),
    // @ts-expect-error a handler for `note` is missing
    () => agentModule(demo, { tools, prompts: asked, resources: incomplete, blobs: known }),
    // @ts-expect-error the contract declares blobs
    () => agentModule(demo, { tools, prompts: asked, resources: whole }),
    // @ts-expect-error the contract declares no blobs
    () => agentModule(defineAgent({ name: 'bare', ...face, tools: {} }), { tools, blobs: known }),
    // @ts-expect-error `note` is listed, so it needs `list`
    (): ResourceHandlers<typeof demo.resources> => ({ ...resources, note: { read: resources.note.read } }),
  ];
  expect(attempts).toHaveLength(6);
});
