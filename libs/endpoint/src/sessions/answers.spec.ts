// How requests are answered: as JSON where nothing comes before the answer, whatever its size; as a stream elsewhere, none of
// whose events is too large for a client. And several requests in one, in the protocols that have it.

import { type Bus, decodeAnswers, readCallHeaders } from '@labmesh/bus';
import { askForm, defineAgent, defineResource, defineTool, InputRequired, logMessage } from '@labmesh/contracts';
import { RawSession, RawStream } from '@labmesh/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeSentinel, type ServedEndpoint, serveEndpoint } from '../endpoint.testing.js';

/** What Python's client takes of an event at most, its lines altogether. */
const CLIENT_MAX = 1024 * 1024;
const LARGE = 2_500_000;

const face = { title: 'T', description: 'D', permission: 'agent:read', effect: 'read', timeoutMs: 60_000 } as const;
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    fill: defineTool({
      ...face,
      input: z.object({
        bytes: z.int(),
        before: z.enum(['nothing', 'progress', 'log', 'large progress', 'large log', 'question', 'large question']),
      }),
      output: z.object({ text: z.string() }),
      progress: z.record(z.string(), z.unknown()),
      errors: ['input_required'],
    }),
    wait: defineTool({ ...face, input: z.object({}), output: z.object({ done: z.boolean() }), errors: [] }),
  },
  resources: { thing: defineResource({ ...face, uri: 'thing://{id}', mimeType: 'text/plain', listed: false }) },
});

let waiting: () => void;
let release: () => void;
let goOn: Promise<void>;
let isWaiting: Promise<void>;

const text = (bytes: number): string => '"é'.repeat(bytes / 3);
const answer: Bus['request'] = async (subject, body, { headers, onProgress }) => {
  if (subject === 'labmesh.demo.thing:read') return { text: text(LARGE) };
  if (subject === 'labmesh.demo.wait') {
    waiting();
    await goOn;
    return { done: true };
  }
  const { bytes, before } = body as { bytes: number; before: string };
  const asked = decodeAnswers(readCallHeaders(headers).answers) !== undefined;
  if (before === 'progress') onProgress?.({ message: 'soon' });
  if (before === 'log') onProgress?.(logMessage('warning', 'soon'));
  if (before === 'large progress') onProgress?.({ message: text(LARGE) });
  if (before === 'large log') onProgress?.(logMessage('warning', { text: text(LARGE) }));
  if (before === 'question' && !asked)
    throw new InputRequired({ who: askForm('Who?', z.object({ name: z.string() })) });
  if (before === 'large question' && !asked)
    throw new InputRequired({ who: askForm(text(LARGE), z.object({ name: z.string() })) });
  return { text: text(bytes) };
};

let served: ServedEndpoint;
beforeEach(async () => {
  goOn = new Promise((resolve) => {
    release = resolve;
  });
  isWaiting = new Promise((resolve) => {
    waiting = resolve;
  });
  const sentinel = fakeSentinel();
  served = await serveEndpoint([demo], (subject, body, options) =>
    (subject.startsWith('labmesh.sentinel.') ? sentinel : answer)(subject, body, options),
  );
});
afterEach(async () => {
  release();
  await served[Symbol.asyncDispose]();
});

const open = (version = '2025-11-25') =>
  RawSession.open(served.url, { version, capabilities: { elicitation: { form: {} } } });

const fill = (before: string, bytes: number) => ({
  name: 'fill',
  arguments: { bytes, before },
  _meta: { progressToken: 'p' },
});
const TOO_LARGE = {
  result: {
    isError: true,
    _meta: { 'labmesh/error': { code: 'too_large', message: expect.stringContaining('carried out') } },
  },
};
const largest = ({ events }: RawStream): number => Math.max(...events.map(({ data }) => Buffer.byteLength(data)));

/** A call of protocol 2026-07-28; one that names a log level is not on the hot path. */
function modern(before: string, bytes: number, level: object = {}): RawStream {
  const params = fill(before, bytes);
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { ...params, _meta: { ...params._meta, ...meta, ...level } },
  };
  return new RawStream((signal) =>
    fetch(served.url, {
      method: 'POST',
      headers: {
        authorization: 'Bearer ada',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'fill',
      },
      body: JSON.stringify(body),
      signal,
    }),
  );
}
const LEVEL = { 'io.modelcontextprotocol/logLevel': 'debug' };

describe('an answer with nothing before it', () => {
  it.each(['2025-03-26', '2025-06-18', '2025-11-25'])('is JSON in %s, also when it is large', async (version) => {
    const session = await open(version);
    for (const method of ['ping', 'tools/list']) {
      const answered = await session.send('POST', { jsonrpc: '2.0', id: 'one', method });
      expect(answered.headers.get('content-type')).toBe('application/json');
      expect(await answered.json()).toMatchObject({ id: 'one', result: {} });
    }
    const call = await session.exchange('tools/call', fill('nothing', LARGE));
    expect(call.events).toHaveLength(1);
    expect(call.messages[0]).toMatchObject({ result: { structuredContent: { text: text(LARGE) } } });
    const read = await session.request('resources/read', { uri: 'thing://x' });
    expect(read).toMatchObject({ result: { contents: [{ text: text(LARGE) }] } });
  });

  it('is JSON in 2026-07-28, on either path', async () => {
    for (const level of [{}, LEVEL]) {
      const call = modern('nothing', LARGE, level);
      await call.ended;
      expect(call.events.map(({ id }) => id)).toEqual([undefined]);
      expect(call.messages[0]).toMatchObject({ result: { structuredContent: { text: text(LARGE) } } });
    }
  });
});

describe('an event', () => {
  it.each(['progress', 'log', 'large progress', 'large log'])('is never too large in a session: %s', async (before) => {
    const session = await open();
    const call = await session.exchange('tools/call', fill(before, LARGE));
    expect(call.messages).toHaveLength(2);
    expect(call.messages.at(-1)).toMatchObject(TOO_LARGE);
    expect(largest(call)).toBeLessThan(CLIENT_MAX);
    // Nor when it comes from the log.
    const again = await session.listen(call.events[0]?.id);
    await again.ended;
    expect(again.messages).toEqual(call.messages);
    expect((await session.exchange('tools/call', fill(before, 30))).messages.at(-1)).toMatchObject({
      result: { structuredContent: { text: text(30) } },
    });
  });

  it.each(['progress', 'large progress', 'log', 'large log'])(
    'is never too large in 2026-07-28: %s',
    async (before) => {
      for (const level of before.endsWith('log') ? [LEVEL] : [{}, LEVEL]) {
        const call = modern(before, LARGE, level);
        await call.ended;
        expect(call.messages).toHaveLength(2);
        expect(call.messages.at(-1)).toMatchObject(TOO_LARGE);
        expect(largest(call)).toBeLessThan(CLIENT_MAX);
        if (before.startsWith('large')) expect(JSON.stringify(call.messages[0]?.params)).toContain('Left out');
      }
    },
  );

  it('holds a question, and one that is too large is told as the call’s error', async () => {
    const session = await open();
    const call = session.stream('tools/call', fill('question', LARGE));
    const { id } = await call.next(({ method }) => method === 'elicitation/create');
    await session.send('POST', { jsonrpc: '2.0', id, result: { action: 'accept', content: { name: 'Ada' } } });
    await call.ended;
    expect(call.messages.at(-1)).toMatchObject(TOO_LARGE);
    const large = await session.request('tools/call', fill('large question', 30));
    expect(JSON.stringify(large)).toContain('Cannot ask the client');
  });
});

describe('a batch', () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const note = { jsonrpc: '2.0', method: 'notifications/initialized' };
  const call = (id: string, before: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: fill(before, 30) });

  it('of 2025-03-26 is answered by an array, and what is no message by an error of its own', async () => {
    const session = await open('2025-03-26');
    const answered = await session.send('POST', [list, note, 7, call('two', 'nothing'), { ...list, id: null }, list]);
    expect(answered.headers.get('content-type')).toBe('application/json');
    const answers = (await answered.json()) as Array<Record<string, unknown>>;
    expect(answers).toHaveLength(5);
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 1, result: expect.anything() }),
        expect.objectContaining({ id: 'two', result: expect.anything() }),
        expect.objectContaining({ id: 1, error: expect.objectContaining({ code: -32600 }) }),
      ]),
    );
    expect(answers.filter(({ id }) => id === null)).toHaveLength(2);
    expect(await (await session.send('POST', [list])).json()).toHaveLength(1);
    expect((await session.send('POST', [note, note])).status).toBe(202);
    expect(await (await session.send('POST', [7])).json()).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });

  it('streams all of its answers when one of them does', async () => {
    const session = await open('2025-03-26');
    const stream = new RawStream((signal) =>
      session.send('POST', [list, call('two', 'progress'), call('three', 'nothing')], {}, signal),
    );
    await stream.ended;
    expect(stream.messages.flatMap(({ id }) => id ?? []).sort()).toEqual([1, 'three', 'two']);
    expect(stream.events.every(({ id }) => id !== undefined)).toBe(true);
  });

  it('is refused whole when it is empty, too long, opens a session or is of another protocol', async () => {
    const session = await open('2025-03-26');
    const initialize = {
      jsonrpc: '2.0',
      id: 9,
      method: 'initialize',
      params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    };
    for (const body of [[], Array.from({ length: 101 }, () => note), [initialize, note]]) {
      const answered = await session.send('POST', body);
      expect([answered.status, await answered.json()]).toMatchObject([400, { error: { code: -32600 } }]);
    }
    for (const version of ['2025-06-18', '2025-11-25']) {
      const answered = await (await open(version)).send('POST', [list]);
      expect([answered.status, await answered.json()]).toMatchObject([
        400,
        { error: { code: -32600, message: expect.stringContaining('2025-03-26') } },
      ]);
    }
  });
});

describe('a request', () => {
  it('with the id of one that is still being answered is refused, and later taken', async () => {
    const session = await open();
    const first = session.stream('tools/call', { name: 'wait', arguments: {} }, 'same');
    await isWaiting;
    expect(await session.stream('ping', {}, 'same').next(() => true)).toMatchObject({
      id: 'same',
      error: { code: -32600 },
    });
    release();
    await first.ended;
    expect(first.messages).toMatchObject([{ id: 'same', result: { structuredContent: { done: true } } }]);
    expect((await session.stream('ping', {}, 'same').next(() => true)).result).toEqual({});
  });

  it('that is given up before anything came of it ends without an answer', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'wait', arguments: {} }, 'gone');
    await isWaiting;
    await session.send('POST', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'gone' } });
    await call.ended;
    expect(call.messages).toEqual([]);
  });

  it('is answered when the session ends meanwhile', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'wait', arguments: {} }, 'last');
    await isWaiting;
    await session.send('DELETE');
    await call.ended;
    expect(call.messages).toMatchObject([{ id: 'last', error: { data: { code: 'unavailable' } } }]);
  });

  it('is answered before its replica stops', async () => {
    const session = await open();
    const call = session.stream('tools/call', { name: 'wait', arguments: {} });
    await isWaiting;
    const stopped = served[Symbol.asyncDispose]();
    release();
    await Promise.all([call.ended, stopped]);
    expect(call.messages).toMatchObject([{ result: { structuredContent: { done: true } } }]);
  });

  it.each([
    ['*/*', 200, 200],
    ['APPLICATION/JSON, Text/Event-Stream', 200, 200],
    ['application/*, text/*; q=0.1', 200, 200],
    ['application/json', 406, 406],
    ['application/json, text/event-stream;q=0', 406, 406],
    ['text/event-stream', 406, 200],
  ])('that accepts %s', async (accept, posted, got) => {
    const session = await open();
    expect((await session.send('POST', { jsonrpc: '2.0', id: 1, method: 'ping' }, { accept })).status).toBe(posted);
    const stream = await session.send('GET', undefined, { accept });
    expect(stream.status).toBe(got);
    await stream.body?.cancel();
  });
});
