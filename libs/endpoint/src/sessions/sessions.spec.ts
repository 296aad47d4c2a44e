// Sessions of two replicas that share their stores: each goes on with what the other began, and nobody sees another's session.

import { type Bus, decodeAnswers, readCallHeaders } from '@labmesh/bus';
import {
  AppError,
  askForm,
  defineAgent,
  defineResource,
  defineTool,
  formAnswer,
  InputRequired,
  logMessage,
} from '@labmesh/contracts';
import { RawSession } from '@labmesh/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  fakeSentinel,
  type ServedEndpoint,
  type Shared,
  serveEndpoint,
  sharedByReplicas,
} from '../endpoint.testing.js';

const face = { title: 'T', description: 'D', permission: 'agent:read', timeoutMs: 60_000 } as const;
const Who = z.object({ name: z.string() });
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    greet: defineTool({
      ...face,
      effect: 'read',
      input: z.object({}),
      output: z.object({ text: z.string() }),
      errors: ['input_required'],
    }),
    talk: defineTool({
      ...face,
      effect: 'read',
      input: z.object({}),
      output: z.object({ done: z.boolean() }),
      progress: z.object({ message: z.string() }),
      errors: [],
    }),
  },
  resources: {
    thing: defineResource({
      ...face,
      uri: 'thing://{id}',
      permission: 'agent:read',
      mimeType: 'text/plain',
      listed: false,
    }),
  },
});

/** What a running call of `talk` waits for. */
let goOn: Promise<void>;
let release: () => void;

const answer: Bus['request'] = async (subject, body, { headers, onProgress }) => {
  const answers = decodeAnswers(readCallHeaders(headers).answers);
  if (subject === 'labmesh.demo.greet') {
    const who = formAnswer(answers === undefined ? {} : { answers }, 'who', Who);
    if (who?.action !== 'accept') throw new InputRequired({ who: askForm('Who are you?', Who) });
    return { text: `Hello ${who.values.name}` };
  }
  if (subject === 'labmesh.demo.talk') {
    for (const level of ['debug', 'warning', 'error'] as const) onProgress?.(logMessage(level, level));
    await goOn;
    onProgress?.(logMessage('error', 'end'));
    return { done: true };
  }
  if (subject === 'labmesh.demo.thing:read' && (body as { id: string }).id === 'mine') return { text: 'x' };
  throw new AppError('not_found', subject);
};

let shared: Shared;
let one: ServedEndpoint;
let other: ServedEndpoint;
let replica: () => Promise<ServedEndpoint>;
beforeEach(async () => {
  goOn = new Promise((resolve) => {
    release = resolve;
  });
  const sentinel = fakeSentinel();
  shared = await sharedByReplicas();
  replica = () =>
    serveEndpoint(
      [demo],
      (subject, body, options) => (subject.startsWith('labmesh.sentinel.') ? sentinel : answer)(subject, body, options),
      { shared },
    );
  [one, other] = [await replica(), await replica()];
});
afterEach(async () => {
  release();
  await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

const open = (version = '2025-11-25') =>
  RawSession.open(one.url, { version, capabilities: { elicitation: { form: {} } } });

describe('a session', () => {
  it('is served by a replica that did not open it, with its toolsets and version', async () => {
    const session = await open();
    expect((await session.at(other.url).request('tools/list')).result).toMatchObject({
      tools: [{ name: 'greet' }, { name: 'talk' }],
    });
    expect((await session.at(other.url).request('initialize', {})).error).toBeDefined();
  });

  it('does not exist for another wallet, at no replica', async () => {
    const session = await open();
    for (const { url } of [one, other])
      for (const method of ['POST', 'GET', 'DELETE'])
        expect((await session.at(url).as('eve').send(method, { jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(
          404,
        );
    expect((await session.request('ping')).result).toEqual({});
  });

  it('that is ended at one replica is ended at all', async () => {
    const session = await open();
    await session.at(other.url).request('ping');
    const stream = await session.listen();
    expect((await session.at(other.url).send('DELETE')).status).toBe(200);
    await stream.ended;
    for (const { url } of [one, other])
      expect((await session.at(url).send('POST', { jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
  });

  it.each(['2025-03-26', '2025-06-18', '2025-11-25'])(
    'of %s begins its streams as its version has it',
    async (version) => {
      const session = await open(version);
      release();
      for (const { url } of [one, other]) {
        const call = { name: 'talk', arguments: {} };
        const { events } = await session.at(url).saying('2025-03-26').exchange('tools/call', call);
        expect(events.slice(0, 2).map(({ data }) => data === '')).toEqual([version === '2025-11-25', false]);
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      }
    },
  );
});

describe('an answer of the client', () => {
  it('reaches the replica that asked, wherever it is posted', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'greet', arguments: {} });
    const asked = await call.next(({ method }) => method === 'elicitation/create');
    const reply = { jsonrpc: '2.0', id: asked.id, result: { action: 'accept', content: { name: 'Ada' } } };
    expect((await session.at(other.url).send('POST', reply)).status).toBe(202);
    const { result } = await call.next(({ result }) => result !== undefined);
    expect(result).toMatchObject({ structuredContent: { text: 'Hello Ada' } });
  });

  it('of another wallet reaches nobody', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'greet', arguments: {} });
    const asked = await call.next(({ method }) => method === 'elicitation/create');
    const reply = { jsonrpc: '2.0', id: asked.id, result: { action: 'accept', content: { name: 'Eve' } } };
    expect((await session.at(other.url).as('eve').send('POST', reply)).status).toBe(404);
    await session.send('POST', { ...reply, result: { action: 'accept', content: { name: 'Ada' } } });
    expect((await call.next(({ result }) => result !== undefined)).result).toMatchObject({
      structuredContent: { text: 'Hello Ada' },
    });
  });

  it('that gives a request up ends it, wherever it is posted', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'talk', arguments: {} }, 77);
    await call.next(({ method }) => method === 'notifications/message');
    const params = { requestId: 77 };
    await session.at(other.url).send('POST', { jsonrpc: '2.0', method: 'notifications/cancelled', params });
    release();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(call.messages.filter((message) => 'result' in message)).toEqual([]);
    call.close();
  });
});

describe('a stream that breaks off', () => {
  it('is gone on with at another replica, while the first still works', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'talk', arguments: {} });
    const first = await call.next(({ method }) => method === 'notifications/message');
    expect(first.params).toMatchObject({ data: 'debug' });
    call.close();
    const resumed = await session.at(other.url).listen(call.events[1]?.id);
    release();
    await resumed.ended;
    expect(resumed.messages.map(({ params, result }) => params?.data ?? result?.structuredContent)).toEqual([
      'warning',
      'error',
      'end',
      { done: true },
    ]);
  });

  it('whose replica is gone ends with what is known of its request', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'talk', arguments: {} }, 'asked');
    await call.next(({ params }) => params?.data === 'error');
    // As a crash has it: nothing is told, nothing is answered any more.
    shared.replicas.clear();
    call.close();
    const third = await replica();
    const resumed = await session.at(third.url).listen(call.events[0]?.id);
    await resumed.ended;
    expect(resumed.messages.map(({ params, id, error }) => params?.data ?? [id, error?.code])).toEqual([
      'debug',
      'warning',
      'error',
      ['asked', -32603],
    ]);
    await third[Symbol.asyncDispose]();
  });

  it('is refused beside another one, and takes its place with an id or at another replica', async () => {
    const session = await open();
    const first = await session.listen();
    expect((await session.send('GET')).status).toBe(409);
    const second = await session.listen('standalone_0');
    await first.ended;
    const third = await session.at(other.url).listen();
    await second.ended;
    third.close();
  });

  it('is refused for an id that is none', async () => {
    const session = await open();
    expect((await session.send('GET', undefined, { 'last-event-id': 'nonsense' })).status).toBe(400);
  });
});

describe('log messages', () => {
  it('obey the level that was set at any replica', async () => {
    const session = await open();
    await session.at(other.url).request('logging/setLevel', { level: 'error' });
    release();
    for (const { url } of [one, other]) {
      const { messages } = await session.at(url).exchange('tools/call', { name: 'talk', arguments: {} });
      expect(messages.map(({ params }) => params?.data).filter((data) => data !== undefined)).toEqual(['error', 'end']);
    }
    expect((await session.request('logging/setLevel', { level: 'loud' })).error).toBeDefined();
  });
});

describe('a resource', () => {
  const uri = 'thing://mine';
  const change = { uris: [uri] };
  const updates = (messages: ReadonlyArray<{ method?: string }>) =>
    messages.filter(({ method }) => method === 'notifications/resources/updated');

  it('is followed at one replica and told at the one where the client listens, once', async () => {
    const session = await open();
    const stream = await session.listen();
    await session.at(other.url).request('resources/subscribe', { uri });
    for (const { changes } of [one, other]) changes.hear(change);
    expect((await stream.next(({ method }) => method === 'notifications/resources/updated')).params).toMatchObject({
      uri,
    });
    await session.at(other.url).request('resources/unsubscribe', { uri });
    for (const { changes } of [one, other]) changes.hear(change);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(updates(stream.messages)).toHaveLength(1);
    stream.close();
  });

  it('that the caller may not read is not followed', async () => {
    const session = await open();
    for (const gone of ['thing://others', 'nothing://at-all'])
      expect((await session.request('resources/subscribe', { uri: gone })).error).toMatchObject({
        data: { uri: gone },
      });
  });

  it('that changed while nobody listened is told to who comes back, here or elsewhere', async () => {
    const session = await open();
    await session.request('resources/subscribe', { uri });
    const first = await session.listen();
    one.changes.hear(change);
    await first.next(({ method }) => method === 'notifications/resources/updated');
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.changes.hear(change);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const again = await session.listen(first.events.at(-1)?.id);
    await again.next(({ method }) => method === 'notifications/resources/updated');
    const second = await session.at(other.url).listen(first.events.at(-1)?.id);
    await again.ended;
    await second.next(({ method }) => method === 'notifications/resources/updated');
    for (const { changes } of [one, other]) changes.hear({ uris: [], listOf: null });
    await second.next(({ method }) => method === 'notifications/resources/list_changed');
    second.close();
  });
});

it('a credential that is withdrawn takes its open stream along', async () => {
  const session = await open();
  const stream = await session.listen();
  one.revoked.add(['cred_1']);
  await stream.ended;
});
