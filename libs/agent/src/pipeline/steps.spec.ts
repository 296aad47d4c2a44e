// The steps of the pipeline, one at a time and in their order. What they do to a whole call over a bus is in agent.spec.ts.
import { Cancellation, readCallHeaders } from '@labmesh/bus';
import {
  AppError,
  blobId,
  blobLink,
  type CallRecord,
  defineTool,
  linkBlock,
  ToolContent,
  toAppError,
} from '@labmesh/contracts';
import { BUILT_IN } from '@labmesh/identity/policy.testing';
import { createLogger, createMetrics, Tracer } from '@labmesh/runtime';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compose, type StepServices, stepsOf } from './steps.js';
import { NOBODY, type Step, type ToolRun } from './tool-run.js';

const spec = defineTool({
  title: 'Double a number',
  description: 'Twice a number.',
  effect: 'read',
  permission: null,
  input: z.object({ value: z.number() }),
  output: z.object({ doubled: z.number() }),
  errors: [],
  timeoutMs: 60_000,
});

const runOf = (over: Partial<ToolRun> = {}): ToolRun => ({
  agent: 'demo',
  tool: 'double',
  spec,
  headers: readCallHeaders({}),
  body: { value: 2 },
  handler: (input) => ({ doubled: (input as { value: number }).value * 2 }),
  onProgress: () => {},
  cancelled: new Cancellation(),
  principal: NOBODY,
  chain: [],
  input: undefined,
  deadline: 0,
  ...over,
});

function services(): { services: StepServices; records: CallRecord[]; durable: CallRecord[] } {
  const [records, durable]: [CallRecord[], CallRecord[]] = [[], []];
  const recorder = {
    record: (record: CallRecord) => void records.push(record),
    recordAnswered: (make: () => CallRecord) => void records.push(make()),
    recordDurably: async (record: CallRecord) => void durable.push(record),
  };
  const passes = { verify: async () => Promise.reject(new AppError('unauthenticated', 'no good pass')) };
  const rest = { recorder, passes, policies: { current: BUILT_IN } };
  const seen = { metrics: createMetrics(), tracer: new Tracer(), log: createLogger('test', 'silent') };
  const receipts = { of: () => ({ leafHash: 'ab'.repeat(32), log: 'labmesh/test' }) };
  const publicUrl = 'https://lab.example/at';
  return { services: { ...rest, ...seen, receipts, publicUrl } as unknown as StepServices, records, durable };
}

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'ok',
    (error: unknown) => toAppError(error).code,
  );

describe('steps put together', () => {
  const noting =
    (name: string, notes: string[]): Step =>
    async (_run, next) => {
      notes.push(`${name} in`);
      const answer = await next();
      notes.push(`${name} out`);
      return answer;
    };

  it('run around each other, the first outermost', async () => {
    const notes: string[] = [];
    const run = compose([noting('a', notes), noting('b', notes), async () => 'done']);
    expect(await run(runOf())).toBe('done');
    expect(notes).toEqual(['a in', 'b in', 'b out', 'a out']);
  });

  it('let no step call next twice: a handler runs once', async () => {
    let handled = 0;
    const twice: Step = async (_run, next) => {
      await next();
      return next();
    };
    const handle: Step = async () => {
      handled += 1;
    };
    await expect(compose([twice, handle])(runOf())).rejects.toThrow('called twice');
    const atOnce: Step = (_run, next) => Promise.all([next(), next()]);
    await expect(compose([atOnce, handle])(runOf())).rejects.toThrow('called twice');
    expect(handled).toBe(2);
  });

  it('may run again for another call', async () => {
    const run = compose([(_run, next) => next(), async () => 'done']);
    expect([await run(runOf()), await run(runOf())]).toEqual(['done', 'done']);
  });

  it('end with a step that calls nobody', () =>
    expect(compose([(_run, next) => next()])(runOf())).rejects.toThrow('must not call next'));
});

describe('the pipeline', () => {
  const piped = (over: Partial<ToolRun> = {}) => {
    const parts = services();
    return { ...parts, answer: compose(stepsOf(parts.services))(runOf(over)) };
  };

  it('puts the gateway’s address to links, in what it answers and not in what the handler keeps', async () => {
    const id = blobId('demo', '01920000-0000-7000-8000-000000000001');
    const link = { blobId: id, name: 'flares.csv', mediaType: 'text/csv', bytes: 3 };
    const url = `https://lab.example/at/blobs/${id}`;
    const linking = { ...spec, output: z.object({ link: blobLink('The file').optional() }) };
    expect(await piped({ spec: linking, handler: () => ({ link }) }).answer).toEqual({ link: { ...link, url } });
    expect(await piped({ spec: linking, handler: () => ({}) }).answer).toEqual({});
    expect(link).not.toHaveProperty('url');
    const showing = { ...spec, output: ToolContent };
    const shown = { content: [linkBlock(link), { type: 'resource_link', uri: 'https://x.example/a', name: 'a' }] };
    expect(await piped({ spec: showing, handler: () => shown }).answer).toMatchObject({
      content: [{ type: 'resource_link', uri: url, name: 'flares.csv', mimeType: 'text/csv', size: 3 }, { name: 'a' }],
    });
    expect(await codeOf(piped({ spec: showing, handler: () => ({}) }).answer)).toBe('internal');
  });

  it('answers, and leaves one record without the data', async () => {
    const { answer, records } = piped();
    expect(await answer).toEqual({ doubled: 4 });
    expect(records).toMatchObject([{ agent: 'demo', tool: 'double', outcome: 'ok', decision: 'allow' }]);
    expect(JSON.stringify(records)).not.toContain('doubled');
  });

  it('records what changes something before it answers', async () => {
    const { answer, records, durable } = piped({ spec: { ...spec, effect: 'write' } });
    await answer;
    expect([records.length, durable.length]).toEqual([0, 1]);
  });

  it('records a read that stored what it fetched before it answers, and no other read so', async () => {
    const stored = ({ doubled }: { doubled: number }) => doubled > 4;
    const reading = (value: number) => piped({ spec: { ...spec, stored } as never, body: { value } });
    const [kept, looked] = [reading(3), reading(2)];
    await Promise.all([kept.answer, looked.answer]);
    expect([kept.records.length, kept.durable.length]).toEqual([0, 1]);
    expect([looked.records.length, looked.durable.length]).toEqual([1, 0]);
    const failed = piped({ spec: { ...spec, stored } as never, handler: () => Promise.reject(new Error('a bug')) });
    await codeOf(failed.answer);
    expect([failed.records.length, failed.durable.length]).toEqual([1, 0]);
  });

  it('leaves no record of internal tools', async () => {
    const { answer, records } = piped({ spec: { ...spec, visibility: 'internal' } });
    await answer;
    expect(records).toEqual([]);
  });

  it.each([
    ['invalid_input', { body: { value: 'two' } }],
    ['invalid_input', { body: { value: 2, text: 'a\0b' } }],
    ['invalid_input', { body: { value: 2, text: ['a\ud83d'] } }],
    ['invalid_input', { body: { value: 2, 'a\udc00': 'b' } }],
    ['unauthenticated', { headers: readCallHeaders({ pass: 'a.b.c' }) }],
    ['unauthenticated', { spec: { ...spec, permission: 'dataset:read' } }],
    ['deadline_exceeded', { headers: readCallHeaders({ deadline: '1' }), handler: () => new Promise(() => {}) }],
    ['internal', { handler: () => ({ doubled: 'four' }) }],
    ['internal', { handler: () => Promise.reject(new Error('a bug')) }],
  ] as ReadonlyArray<[string, Partial<ToolRun>]>)('answers %s, and records it', async (code, over) => {
    const { answer, records } = piped(over);
    expect(await codeOf(answer)).toBe(code);
    expect(records.map(({ outcome }) => outcome)).toEqual([code]);
  });

  it('gives up a call whose caller is gone, before its handler and in it', async () => {
    const gone = new Cancellation();
    gone.abort();
    expect(await codeOf(piped({ cancelled: gone, handler: () => Promise.reject(new Error('ran')) }).answer)).toBe(
      'cancelled',
    );
    const leaving = new Cancellation();
    const waiting = piped({ cancelled: leaving, handler: () => new Promise(() => {}) });
    setImmediate(() => leaving.abort());
    expect(await codeOf(waiting.answer)).toBe('cancelled');
  });

  it('bounds the deadline by the contract, whatever the caller asks', async () => {
    let deadline = 0;
    const handler: ToolRun['handler'] = (_input, call) => {
      deadline = call.deadline;
      return { doubled: 0 };
    };
    const before = Date.now();
    await piped({ handler, headers: readCallHeaders({ deadline: String(before + 3_600_000) }) }).answer;
    expect(deadline - Date.now()).toBeLessThanOrEqual(spec.timeoutMs);
    expect(deadline).toBeGreaterThanOrEqual(before + spec.timeoutMs);
  });

  it('gives a receipt where one is wanted', async () => {
    const parts = services();
    const run = runOf({ headers: readCallHeaders({ receipt: '1' }) });
    await compose(stepsOf(parts.services))(run);
    expect(run.receipt).toEqual({ leafHash: 'ab'.repeat(32), log: 'labmesh/test' });
  });
});
