// Random calls of the fixture's tools, good and bad, as plain values: the same on both sides and in both eras.
import { FAILURES } from './fixture.js';
import type { Message } from './leg.js';
import { anyJson, anyText, type Random } from './random.js';

const call = (name: string, args: unknown): Message => ({
  method: 'tools/call',
  params: { name, ...(args === undefined ? {} : { arguments: args }) },
});

const good = (random: Random): Message =>
  random.weighted<() => Message>([
    [6, () => call('echo', { value: anyJson(random) })],
    [3, () => call('add', { a: random.int(-9, 9), ...(random.chance(0.5) ? { b: 0.1 } : {}) })],
    [1, () => call('stamp', random.chance(0.5) ? {} : undefined)],
    [
      1,
      () =>
        call('big', { size: random.pick([0, 1, 1_000, 70_000, 300_000]), text: random.pick(['x', '日', '🧪', '"\\']) }),
    ],
    [1, () => call('count', { to: random.int(0, 6) })],
    [1, () => call('write', { value: anyText(random) })],
  ])();

const bad = (random: Random): Message =>
  random.weighted<() => Message>([
    [
      4,
      () => call('fail', { code: random.pick(FAILURES), ...(random.chance(0.3) ? { details: anyJson(random) } : {}) }),
    ],
    [1, () => call('crash', { how: random.pick(['throw', 'answer']) })],
    [2, () => call('add', { a: anyJson(random), b: anyJson(random) })],
    [2, () => call(random.pick(['echo', 'add', 'count', 'fail']), anyJson(random))],
    [1, () => call(random.pick(['no_such_tool', 'Echo', 'echo ', '', 'toString', '__proto__', 'echo2']), {})],
    [1, () => call('secret', {})],
    [1, () => call('count', { to: 5, failAt: random.int(1, 5) })],
    [1, () => call('big', { size: 3_000_000 })],
  ])();

const METAS: ReadonlyArray<Record<string, unknown>> = [
  {},
  { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  { traceparent: 'not one', tracestate: 'a=b' },
  { 'org.example/other': { deep: [1] } },
  { 'io.modelcontextprotocol/clientInfo': { name: 'oracle', version: '1' } },
  { progressToken: null },
  { progressToken: { not: 'a token' } },
  { progressToken: 1.5 },
];

/** Request ids as clients choose them; some are not allowed. */
export const anyId = (random: Random): unknown =>
  random.weighted<unknown>([
    [8, random.int(0, 99)],
    [4, `id-${random.int(0, 99)}`],
    [1, ''],
    [1, '日本'],
    [1, -1],
    [1, 2 ** 53],
    [0.5, 1.5],
    [0.5, null],
    [0.5, true],
    [0.5, [1]],
  ]);

export function anyCall(random: Random): Message {
  const message = random.chance(0.55) ? good(random) : bad(random);
  return { ...message, ...(random.chance(0.3) ? { meta: random.pick(METAS) } : {}) };
}

/** A call that tells its progress. */
export function progressCall(random: Random): Message {
  const args = {
    to: random.int(0, 12),
    style: random.pick(['numbers', 'words', 'odd']),
    ...(random.chance(0.25) ? { failAt: random.int(1, 12) } : {}),
  };
  const token = random.pick<unknown>(['token', '', 0, 7, 'データ', -3]);
  return { ...call('count', args), meta: { progressToken: token } };
}
