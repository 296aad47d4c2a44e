// Bodies that are no message at all: broken JSON, batches, depth, bytes that are no text.
import type { Random } from './random.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** Larger than any endpoint reads (10 MiB). */
const HUGE = 10 * 1024 * 1024 + 1;

const BODIES: ReadonlyArray<readonly [string, () => string | Buffer | Array<string | Buffer>]> = [
  ['nothing', () => ''],
  ['blanks', () => ' \n'],
  ['half an object', () => '{"jsonrpc":"2.0","id":1,'],
  ['no JSON', () => 'hello'],
  ['a number', () => '7'],
  ['null', () => 'null'],
  ['a text', () => '"tools/list"'],
  ['true', () => 'true'],
  ['an empty object', () => '{}'],
  ['an empty batch', () => '[]'],
  ['a batch', () => '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]'],
  ['a batch of nothing', () => '[1,2]'],
  ['a result', () => '{"jsonrpc":"2.0","id":1,"result":{}}'],
  ['an error', () => '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x"}}'],
  ['a request without a version', () => '{"id":1,"method":"tools/list"}'],
  ['an unknown notification', () => '{"jsonrpc":"2.0","method":"notifications/x"}'],
  ['a request without params', () => '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
  ['a request with a list as params', () => '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}'],
  ['a key twice', () => '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list","params":{}}'],
  ['a __proto__', () => '{"jsonrpc":"2.0","id":1,"method":"tools/list","__proto__":{"x":1},"params":{"__proto__":1}}'],
  ['a huge number', () => '{"jsonrpc":"2.0","id":1e999,"method":"tools/list"}'],
  ['a NUL', () => '{"jsonrpc":"2.0","id":1,"method":"tools/\\u0000list"}'],
  ['raw NULs', () => Buffer.from([0, 0, 0])],
  ['invalid UTF-8', () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a byte order mark', () => '\ufeff{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
  ['depth 128', () => nested(128)],
  ['depth 129', () => nested(129)],
  ['depth 100,000', () => nested(100_000)],
  ['objects 100,000 deep', () => '{"a":'.repeat(100_000)],
  ['too many bytes', () => Buffer.alloc(HUGE, 32)],
  ['pieces', () => ['{"jsonrpc":"2.0",', '"id":1,"meth', 'od":"tools/list"}']],
];

export const anyBody = (random: Random): { what: string; body: string | Buffer | Array<string | Buffer> } => {
  const [what, make] = random.pick(BODIES);
  return { what, body: make() };
};
