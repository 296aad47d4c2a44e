// The gate of calls: what stands before an agent, in which order, and what is recorded of a call that does not reach one.
import { type Bus, Cancellation, readCallHeaders, toAnswer } from '@labmesh/bus';
import {
  AppError,
  type CallRecord,
  defineAgent,
  defineTool,
  ERROR_META_KEY,
  type Principal,
  RECEIPT_META_KEY,
  ROLE_PERMISSIONS,
  refusedPass,
} from '@labmesh/contracts';
import { builtIn } from '@labmesh/identity/policy.testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../callers/caller.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { plain } from '../catalogue/listing.js';
import { type ToolCallServices, ToolCalls } from './tool-calls.js';
import type { ToolRequest } from './tool-request.js';

const tool = defineTool({
  title: 'Read',
  description: 'Reads a dataset.',
  effect: 'read',
  permission: 'dataset:read',
  input: z.object({}),
  output: z.object({ rows: z.number() }),
  errors: [],
  timeoutMs: 5_000,
});
const demo = defineAgent({
  name: 'demo',
  title: 'Demo',
  description: 'For tests.',
  tools: { read: tool, govern: { ...tool, permission: 'policy:write' } },
});

const principal: Principal = {
  walletId: 'wal_1',
  role: 'researcher',
  permissions: [...ROLE_PERMISSIONS.researcher],
  credentialId: 'cred_1',
};
const caller: Caller = { principal, credential: 'lmk_x' };
const receipt = { leafHash: 'ab'.repeat(32), log: 'labmesh/test' };

let steps: string[];
let records: CallRecord[];
let noted: string[];
let left: number;
let blocked: AppError | undefined;
let refusal: AppError | undefined;
let answer: Bus['request'];
let calls: ToolCalls;

/** Notes that the call came here, and goes on. */
function met<T>(step: string, go: () => T): T {
  steps.push(step);
  return go();
}

beforeEach(() => {
  steps = [];
  records = [];
  noted = [];
  left = 0;
  blocked = undefined;
  refusal = undefined;
  answer = async (_subject, _body, { headers }) => toAnswer(readCallHeaders(headers), { output: { rows: 3 }, receipt });
  const leave = (): void => {
    left += 1;
  };
  const services = {
    bus: { request: (...asked: Parameters<Bus['request']>) => met('bus', () => answer(...asked)) },
    authenticator: {
      passFor: () => met('pass', () => 'a.b.c'),
      forgetPass: () => void steps.push('forget pass'),
    },
    recorder: { record: (record: CallRecord) => void records.push(record) },
    reach: { to: (_agent: string, call: () => Promise<unknown>) => met('reach', call) },
    metrics: { call: (...counted: unknown[]) => void steps.push(`counted ${String(counted[2])}`) },
    limits: {
      enter: () => met('limits', () => (refusal === undefined ? { place: { leave } } : { refusal })),
    },
    refusals: { note: (_who: unknown, error: AppError) => void noted.push(error.code) },
    restrictions: { blocked: () => met('restrictions', () => blocked) },
    texts: { see: () => void steps.push('texts') },
  } as unknown as ToolCallServices;
  calls = new ToolCalls(new Catalogue([demo], plain, { policies: builtIn, search: true }), services);
});

const asking = (name: string, over: Partial<ToolRequest> = {}): ToolRequest => {
  const entry = new Catalogue([demo], plain, { policies: builtIn, search: true }).find(name);
  if (entry === undefined) throw new Error(`no tool ${name}`);
  return { caller, entry, args: {}, signal: new Cancellation(), ...over };
};

describe('a call that is let in', () => {
  it('meets restrictions, texts, limits, a pass and the agent, in this order, and leaves its place', async () => {
    expect(await calls.call(asking('read'))).toMatchObject({
      result: { structuredContent: { rows: 3 } },
      meta: { [RECEIPT_META_KEY]: receipt },
    });
    expect(steps).toEqual(['restrictions', 'texts', 'limits', 'pass', 'reach', 'bus']);
    expect([left, records, noted]).toEqual([1, [], []]);
  });

  it('of the endpoint’s own tools asks no agent, and is counted and recorded here', async () => {
    const { result } = await calls.call(asking('search_tools', { args: { query: 'read a dataset' } }));
    expect(result.structuredContent).toMatchObject({ tools: [{ name: 'read' }] });
    expect(steps).toEqual(['restrictions', 'texts', 'limits', 'counted ok']);
    expect(records).toMatchObject([{ tool: 'search_tools', outcome: 'ok' }]);
    await calls.call(asking('search_tools', { args: {} }));
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'invalid_input']);
    expect(left).toBe(2);
  });

  it('without a receipt answers what the agent answers', async () =>
    expect(await calls.ask(asking('read'))).toEqual({ rows: 3 }));
});

describe('a call that is turned away', () => {
  it('by a restriction is seen by nobody further in, and noted by the limits', async () => {
    blocked = new AppError('forbidden', 'held up');
    expect((await calls.call(asking('read'))).result.isError).toBe(true);
    expect([steps, noted, records]).toEqual([['restrictions'], ['forbidden'], []]);
  });

  it('for want of a right is recorded, and takes no place', async () => {
    expect((await calls.call(asking('govern'))).result.isError).toBe(true);
    expect(steps).toEqual(['restrictions', 'texts']);
    expect(records).toMatchObject([{ tool: 'govern', outcome: 'forbidden', decision: 'deny' }]);
  });

  it('by a limit asks no agent', async () => {
    refusal = new AppError('rate_limited', 'too many');
    await calls.call(asking('read'));
    expect([steps.at(-1), noted, left]).toEqual(['limits', ['rate_limited'], 0]);
  });
});

describe('a call that fails', () => {
  it.each([
    ['unavailable', ['unavailable']],
    ['unauthenticated', ['unauthenticated']],
    ['not_found', []],
  ] as const)('with %s is recorded here only where no agent did', async (code, recorded) => {
    answer = () => Promise.reject(new AppError(code, 'no'));
    expect((await calls.call(asking('read'))).result.isError).toBe(true);
    expect(records.map(({ outcome }) => outcome)).toEqual(recorded);
    // What a tool says itself is no word on the pass: nothing is done twice.
    expect([left, steps.filter((step) => step === 'bus'), steps.includes('forget pass')]).toEqual([1, ['bus'], false]);
  });

  it.each([
    [1, 'ok'],
    [3, 'ok'],
    [4, 'unauthenticated'],
  ])('for a pass that is refused %s times comes again with another, within bounds', async (refusals, outcome) => {
    const good = answer;
    let refused = 0;
    answer = (...asked) =>
      ++refused > refusals ? good(...asked) : Promise.reject(refusedPass(new AppError('unauthenticated', 'old key')));
    const { result } = await calls.call(asking('read'));
    expect(result.isError ?? false).toBe(outcome !== 'ok');
    expect(steps.filter((step) => step === 'pass')).toHaveLength(Math.min(refusals + 1, 4));
    expect(steps.filter((step) => step === 'forget pass')).toHaveLength(refusals);
    expect(records.map((record) => record.outcome)).toEqual(outcome === 'ok' ? [] : [outcome]);
  });

  it('says why in words of its own and in `_meta`, and nothing that a client would hold to the tool’s output schema', async () => {
    answer = () => Promise.reject(new AppError('unavailable', 'away', { details: { rows: 3 }, receipt }));
    const { hint, ...said } = { code: 'unavailable', message: 'away', hint: 'The same call may succeed later.' };
    expect(await calls.call(asking('read'))).toEqual({
      result: { content: [{ type: 'text', text: `unavailable: away\n${hint}` }], isError: true },
      meta: { [ERROR_META_KEY]: { ...said, details: { rows: 3 }, hint }, [RECEIPT_META_KEY]: receipt },
    });
  });

  it('with a question is thrown where the client can be asked, and an error elsewhere', async () => {
    answer = () => Promise.reject(new AppError('input_required', 'which one?'));
    await expect(calls.call(asking('read', { canAsk: true }))).rejects.toMatchObject({ code: 'input_required' });
    expect((await calls.call(asking('read'))).result.isError).toBe(true);
  });
});
