// The agent that the oracle talks to: a tool for every way in which a call can go, resources and prompts beside them.
// For tests only; it owns no data.
import { agentModule } from '@labmesh/agent';
import { AppError, defineAgent, defineTool, ERROR_CODES, type ErrorCodeName, type Handlers } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { promptHandlers, prompts, resourceHandlers, resources } from './fixture-offers.js';

export const FAILURES = Object.keys(ERROR_CODES) as [ErrorCodeName, ...ErrorCodeName[]];

/** Everyday, so that the gateway lists what the agent's own endpoint does. */
const reads = { effect: 'read', everyday: true, permission: 'agent:read', errors: [], timeoutMs: 20_000 } as const;

export const fixture = defineAgent({
  name: 'oracle',
  title: 'The oracle’s fixture',
  description: 'For tests.',
  resources,
  prompts,
  tools: {
    echo: defineTool({
      ...reads,
      title: 'Answer what came',
      description: 'Answers any JSON as it is.',
      input: z.object({ value: z.unknown() }),
      output: z.object({ value: z.unknown() }),
    }),
    add: defineTool({
      ...reads,
      title: 'Add',
      description: 'Adds two numbers, größer als nötig: 日本語 🧪.',
      input: z.object({ a: z.number(), b: z.number().default(1) }),
      output: z.object({ sum: z.number() }),
    }),
    stamp: defineTool({
      ...reads,
      title: 'Stamp',
      description: 'Answers an id and a time that it makes itself.',
      input: z.object({}),
      output: z.object({ id: z.string(), at: z.string() }),
    }),
    big: defineTool({
      ...reads,
      title: 'Answer much',
      description: 'Answers a text of so many characters.',
      input: z.object({ size: z.number().int().min(0).max(2_000_000), text: z.string().min(1).max(8).default('x') }),
      output: z.object({ text: z.string() }),
    }),
    count: defineTool({
      ...reads,
      title: 'Count',
      description: 'Counts up and tells each step; fails after `failAt` steps.',
      input: z.object({
        to: z.number().int().min(0).max(100),
        failAt: z.number().int().optional(),
        style: z.enum(['numbers', 'words', 'odd']).default('numbers'),
        label: z.string().default(''),
      }),
      progress: z.record(z.string(), z.unknown()),
      output: z.object({ done: z.number() }),
    }),
    fail: defineTool({
      ...reads,
      title: 'Fail',
      description: 'Fails with the code it is told.',
      errors: FAILURES,
      input: z.object({ code: z.enum(FAILURES), details: z.unknown().optional() }),
      output: z.object({}),
    }),
    crash: defineTool({
      ...reads,
      title: 'Crash',
      description: 'Throws what no handler should, or answers what its contract does not allow.',
      input: z.object({ how: z.enum(['throw', 'answer']) }),
      output: z.object({ n: z.number() }),
    }),
    wait: defineTool({
      ...reads,
      title: 'Wait',
      description: 'Waits until it is cancelled, under a key that `peek` knows.',
      input: z.object({ key: z.string() }),
      progress: z.record(z.string(), z.unknown()),
      output: z.object({}),
    }),
    peek: defineTool({
      ...reads,
      title: 'Peek',
      description: 'How the call of `wait` with this key is doing.',
      input: z.object({ key: z.string() }),
      output: z.object({ state: z.enum(['unknown', 'running', 'cancelled']) }),
    }),
    write: defineTool({
      title: 'Write',
      description: 'Needs a right that a narrow token lacks.',
      effect: 'destroy',
      everyday: true,
      permission: 'dataset:write',
      errors: [],
      timeoutMs: 20_000,
      input: z.object({ value: z.unknown() }),
      output: z.object({ written: z.boolean() }),
    }),
    secret: defineTool({
      ...reads,
      visibility: 'internal',
      title: 'Secret',
      description: 'Nobody reaches it from outside.',
      input: z.object({}),
      output: z.object({}),
    }),
  },
});

/** Keys of waiting calls; the oldest are forgotten. */
const waiting = new Map<string, 'running' | 'cancelled'>();
const KEYS_MAX = 10_000;

interface Counting {
  readonly style: 'numbers' | 'words' | 'odd';
  readonly to: number;
  readonly label: string;
}

const chunkOf = ({ style, to, label }: Counting, at: number): Record<string, unknown> => {
  switch (style) {
    case 'numbers':
      return { progress: at, total: to, message: `${label}${at} of ${to}` };
    case 'words':
      return { at, note: 'Schritt – 第' };
    case 'odd':
      return { progress: at % 2 === 0 ? -at : String(at), total: null, message: at };
  }
};

const handlers: Handlers<typeof fixture.tools> = {
  echo: ({ value }) => ({ value }),
  add: ({ a, b }) => ({ sum: a + b }),
  stamp: () => ({ id: crypto.randomUUID(), at: new Date().toISOString() }),
  big: ({ size, text }) => ({ text: text.repeat(Math.ceil(size / text.length)).slice(0, size) }),
  count: async function* ({ failAt, ...counting }) {
    const { to } = counting;
    for (let at = 1; at <= to; at++) {
      if (at === failAt) throw new AppError('conflict', `Cannot count on: told to stop at ${at}`);
      yield chunkOf(counting, at);
      if (at % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return { done: to };
  },
  fail: ({ code, details }) => {
    throw new AppError(code, `Cannot do it: told to fail with ${code}`, details === undefined ? {} : { details });
  },
  crash: ({ how }) => {
    if (how === 'throw') throw new TypeError('the cause that nobody outside may read');
    return { n: 'not a number' } as never;
  },
  wait: async function* ({ key }, call) {
    waiting.set(key, 'running');
    const oldest = waiting.size > KEYS_MAX ? waiting.keys().next().value : undefined;
    if (oldest !== undefined) waiting.delete(oldest);
    call.signal.addEventListener('abort', () => waiting.set(key, 'cancelled'), { once: true });
    yield { progress: 1, message: 'waiting' };
    await new Promise((resolve) => call.signal.addEventListener('abort', resolve, { once: true }));
    return {};
  },
  peek: ({ key }) => ({ state: waiting.get(key) ?? 'unknown' }),
  write: () => ({ written: true }),
  secret: () => ({}),
};

@Module(
  agentModule(fixture, {
    tools: { inject: [], useFactory: () => handlers },
    resources: { inject: [], useFactory: () => resourceHandlers },
    prompts: { inject: [], useFactory: () => promptHandlers },
  }),
)
export class FixtureModule {}
