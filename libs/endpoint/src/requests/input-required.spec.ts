// A tool that asks the client something, seen by clients of both eras; and what becomes of states that are not what was given.

import { type Bus, decodeAnswers, readCallHeaders } from '@labmesh/bus';
import {
  AppError,
  askForm,
  asUser,
  type Call,
  defineAgent,
  definePrompt,
  defineTool,
  formAnswer,
  InputRequired,
  logMessage,
  ToolContent,
  textBlock,
} from '@labmesh/contracts';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeSentinel, type ServedEndpoint, serveEndpoint } from '../endpoint.testing.js';

const face = { title: 'T', description: 'D', permission: 'agent:read', timeoutMs: 60_000 } as const;
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For this test.',
  tools: {
    book: defineTool({
      ...face,
      effect: 'write',
      input: z.object({ instrument: z.string() }),
      output: z.object({ text: z.string() }),
      errors: ['input_required'],
    }),
    show: defineTool({
      ...face,
      effect: 'read',
      input: z.object({}),
      output: ToolContent,
      progress: z.object({ message: z.string() }),
      errors: [],
    }),
  },
  prompts: { greet: definePrompt({ ...face, arguments: z.object({}) }) },
});

const Hours = z.object({ hours: z.int().min(1).max(8) });
const Who = z.object({ name: z.string().min(1) });

/** Asks twice: for the hours, then who answers for them; between the two it remembers the hours in its state. */
function book({ instrument }: { instrument: string }, call: Pick<Call, 'answers'>): { text: string } {
  const asked = call.answers?.state === undefined ? formAnswer(call, 'hours', Hours) : undefined;
  if (asked?.action === 'decline') return { text: 'not booked' };
  const hours = asked?.action === 'accept' ? asked.values.hours : Number(call.answers?.state ?? 0);
  if (hours === 0) throw new InputRequired({ hours: askForm(`How long do you need ${instrument}?`, Hours) });
  const who = formAnswer(call, 'who', Who);
  if (who?.action !== 'accept')
    throw new InputRequired({ who: askForm('Who answers for it?', Who) }, { state: String(hours) });
  return { text: `${instrument} for ${hours} h, ${who.values.name}` };
}

const answer: Bus['request'] = async (subject, body, { headers, onProgress }) => {
  const answers = decodeAnswers(readCallHeaders(headers).answers);
  const call = answers === undefined ? {} : { answers };
  if (subject === 'labmesh.demo.book') return book(body as { instrument: string }, call);
  if (subject === 'labmesh.demo.show') {
    onProgress?.(logMessage('debug', 'quiet'));
    onProgress?.(logMessage('warning', 'loud', 'lamp'));
    onProgress?.({ message: 'half' });
    return { content: [textBlock('seen')], structured: { lux: 3 } };
  }
  if (subject === 'labmesh.demo.prompt:greet') {
    const who = formAnswer(call, 'who', Who);
    if (who?.action !== 'accept') throw new InputRequired({ who: askForm('Who are you?', Who) });
    return asUser(`Greet ${who.values.name}`);
  }
  throw new AppError('not_found', subject);
};

let served: ServedEndpoint;
beforeAll(async () => {
  const sentinel = fakeSentinel();
  served = await serveEndpoint([demo], (subject, body, options) =>
    (subject.startsWith('labmesh.sentinel.') ? sentinel : answer)(subject, body, options),
  );
});
afterAll(() => served[Symbol.asyncDispose]());

type Fill = (message: string) => Record<string, unknown>;
const fill: Fill = (message) => ({
  action: 'accept',
  content: message.startsWith('How long') ? { hours: 3 } : { name: 'Ada' },
});

async function client(era: 'legacy' | 'modern', answering?: Fill): Promise<Client> {
  const made = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: answering === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
    },
  );
  if (answering !== undefined)
    made.setRequestHandler('elicitation/create', ({ params }) => answering(params.message) as never);
  await made.connect(
    new StreamableHTTPClientTransport(new URL(served.url), {
      requestInit: { headers: { authorization: 'Bearer ada' } },
    }),
  );
  return made;
}

describe.each(['modern', 'legacy'] as const)('a client of the %s era', (era) => {
  it('is asked until the tool has what it needs', async () => {
    const asking = await client(era, fill);
    const result = await asking.callTool({ name: 'book', arguments: { instrument: 'AFM' } });
    expect(result.structuredContent).toEqual({ text: 'AFM for 3 h, Ada' });
    await asking.close();
  });

  it('may decline', async () => {
    const asking = await client(era, () => ({ action: 'decline' }));
    const result = await asking.callTool({ name: 'book', arguments: { instrument: 'AFM' } });
    expect(result.structuredContent).toEqual({ text: 'not booked' });
    await asking.close();
  });

  it('is asked by a prompt too', async () => {
    const asking = await client(era, fill);
    const { messages } = await asking.getPrompt({ name: 'greet', arguments: {} });
    expect(messages[0]?.content).toEqual({ type: 'text', text: 'Greet Ada' });
    await asking.close();
  });

  it('gets content to look at, what programs read, and the log as loud as it asked for', async () => {
    const listening = await client(era);
    const log: unknown[] = [];
    listening.setNotificationHandler('notifications/message', ({ params }) => void log.push(params));
    const _meta = era === 'modern' ? { 'io.modelcontextprotocol/logLevel': 'info' } : {};
    if (era === 'legacy') await listening.setLoggingLevel('info');
    const result = await listening.callTool({ name: 'show', arguments: {}, _meta } as never);
    expect(result.content).toEqual([{ type: 'text', text: 'seen' }]);
    expect(result.structuredContent).toEqual({ lux: 3 });
    expect(log).toEqual([{ level: 'warning', data: 'loud', logger: 'lamp' }]);
    await listening.close();
  });
});

describe('a client that cannot be asked', () => {
  it('is told which capability is missing, in the words of its era', async () => {
    const modern = await client('modern');
    await expect(modern.callTool({ name: 'book', arguments: { instrument: 'AFM' } })).rejects.toMatchObject({
      code: -32021,
    });
    const legacy = await client('legacy');
    const result = await legacy.callTool({ name: 'book', arguments: { instrument: 'AFM' } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('elicitation') as string }],
    });
    await Promise.all([modern.close(), legacy.close()]);
  });
});

const META = 'io.modelcontextprotocol';
/** A call of `book` as the wire has it. */
async function raw(extra: object, { token = 'ada', instrument = 'AFM' } = {}): Promise<Record<string, never>> {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'book',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'book',
        arguments: { instrument },
        ...extra,
        _meta: {
          [`${META}/protocolVersion`]: '2026-07-28',
          [`${META}/clientCapabilities`]: { elicitation: { form: {} } },
        },
      },
    }),
  });
  return (await response.json()) as Record<string, never>;
}

describe('the state of a call in between', () => {
  const hours = { inputResponses: { hours: { action: 'accept', content: { hours: 2 } } } };
  const who = { who: { action: 'accept', content: { name: 'Bo' } } };
  const stateOf = async (): Promise<string> => {
    const { result } = (await raw(hours)) as unknown as { result: { resultType: string; requestState: string } };
    expect(result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { who: { method: 'elicitation/create' } },
    });
    return result.requestState;
  };

  it('goes on where it stopped', async () => {
    const requestState = await stateOf();
    const answered = await raw({ requestState, inputResponses: who });
    expect(answered).toMatchObject({ result: { structuredContent: { text: 'AFM for 2 h, Bo' } } });
  });

  it.each([
    ['another wallet', {}, { token: 'eve' }],
    ['other arguments', {}, { instrument: 'SEM' }],
    ['a state that nobody gave', { requestState: 'sealed-9999' }, {}],
    ['a state of another type', { requestState: 7 }, {}],
  ])('does not go on for %s', async (_, extra, other) => {
    const requestState = await stateOf();
    const answered = await raw({ requestState, inputResponses: who, ...extra }, other);
    expect(answered).toMatchObject({ error: { code: -32602 } });
  });
});
