// Mcp-Param headers: what a contract may declare, what a request must send. The cases are those of the protocol's own suite.

import { defineAgent, defineTool } from '@labmesh/contracts';
import { builtIn } from '@labmesh/identity/policy.testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Catalogue } from '../catalogue/catalogue.js';
import { plain } from '../catalogue/listing.js';
import { mentionsHeader, paramMismatch } from './param-headers.js';

const header = (name: string) => ({ 'x-mcp-header': name });

const catalogueOf = (input: z.ZodObject) =>
  new Catalogue(
    [
      defineAgent({
        name: 'demo',
        title: 'D',
        description: 'D',
        tools: {
          ask: defineTool({
            title: 'T',
            description: 'D',
            effect: 'read',
            permission: 'agent:read',
            input,
            output: z.object({}),
            errors: [],
            timeoutMs: 60_000,
          }),
        },
      }),
    ],
    plain,
    { policies: builtIn },
  );

const { paramHeaders } = catalogueOf(
  z.object({
    region: z.string().optional().meta(header('Region')),
    count: z.int().nullish(),
    size: z.int().optional().meta(header('X-Size')),
    deep: z.object({ dry: z.boolean().optional().meta(header('Dry')) }).optional(),
    free: z.string().optional(),
  }),
);

const VERSION = '2026-07-28';
const bodyWith = (args: unknown, version = VERSION) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'ask', arguments: args, _meta: { 'io.modelcontextprotocol/protocolVersion': version } },
});
const told = (args: unknown, headers: Record<string, string> = {}) =>
  paramMismatch({ 'mcp-protocol-version': VERSION, ...headers }, bodyWith(args), paramHeaders)?.message;
const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('a header', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['is the text', { region: 'eu-1' }, { 'mcp-param-region': 'eu-1' }],
    ['is the text in base64', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8=?=' }],
    ['holds any text in base64', { region: 'Köln 日本 🧪' }, { 'mcp-param-region': base64('Köln 日本 🧪') }],
    ['is a text that only looks like base64', { region: 'SGVsbG8=' }, { 'mcp-param-region': 'SGVsbG8=' }],
    ['is a text without its end', { region: '=?base64?SGVsbG8=' }, { 'mcp-param-region': '=?base64?SGVsbG8=' }],
    ['is a number', { size: 42 }, { 'mcp-param-x-size': '42' }],
    ['is the same number in another form', { size: 42 }, { 'mcp-param-x-size': '42.0' }],
    ['is a truth value at some depth', { deep: { dry: false } }, { 'mcp-param-dry': 'false' }],
    ['is not asked for without the argument', {}, {}],
    ['is not asked for when the argument is null', { region: null, deep: null }, {}],
    ['is not looked at without the argument', {}, { 'mcp-param-region': 'x' }],
    ['is not asked for by what the schema refuses anyway', { region: ['x'], size: 1.5 }, {}],
    ['is not asked for by other arguments', { free: 'x', count: 3 }, {}],
    ['is not asked for without arguments', undefined, {}],
  ])('%s', (_what, args, headers) => {
    expect(told(args, headers)).toBeUndefined();
  });

  it.each<[string, unknown, Record<string, string>, RegExp]>([
    [
      'is missing',
      { region: 'test-value' },
      {},
      /argument region is given, so the header Mcp-Param-Region is required/,
    ],
    ['is missing for an empty text', { region: '' }, {}, /is required/],
    ['is another text', { region: 'a' }, { 'mcp-param-region': 'A' }, /is not the argument region/],
    ['is padded wrongly', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8?=' }, /no valid base64/],
    ['has other characters', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVs!!!bG8=?=' }, /no valid base64/],
    ['is no UTF-8', { region: 'Hello' }, { 'mcp-param-region': '=?base64?/w==?=' }, /no valid base64/],
    ['is another number', { size: 42 }, { 'mcp-param-x-size': '43' }, /is not the argument size/],
    ['is a number in a form that is none', { size: 16 }, { 'mcp-param-x-size': '0x10' }, /is not the argument size/],
    ['is another truth value', { deep: { dry: true } }, { 'mcp-param-dry': 'TRUE' }, /is not the argument deep.dry/],
  ])('disagrees when it %s', (_what, args, headers, why) => {
    expect(told(args, headers)).toMatch(why);
  });

  it('holds whatever text an argument holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, other) => {
        expect(told({ region: text }, { 'mcp-param-region': base64(text) })).toBeUndefined();
        if (other !== text) expect(told({ region: text }, { 'mcp-param-region': base64(other) })).toBeDefined();
      }),
    );
  });

  it('is of the current protocol only, and of calls of such tools', () => {
    const args = { region: 'x' };
    const of = (headers: Record<string, string>, body: unknown) => paramMismatch(headers, body, paramHeaders);
    expect(of({}, bodyWith(args))).toBeDefined();
    expect(of({ 'mcp-protocol-version': '2025-11-25' }, bodyWith(args, '2025-11-25'))).toBeUndefined();
    const current = { 'mcp-protocol-version': VERSION };
    for (const body of [null, 'x', { method: 'tools/call' }, { ...bodyWith(args), method: 'tools/list' }])
      expect(of(current, body)).toBeUndefined();
    const other = bodyWith(args);
    expect(of(current, { ...other, params: { ...other.params, name: 'toString' } })).toBeUndefined();
  });
});

describe('a contract is refused at start', () => {
  it.each<[string, z.ZodObject, RegExp]>([
    [
      'with a name that is no header',
      z.object({ a: z.string().meta(header('a b')) }),
      /tool ask: x-mcp-header of a is no name/,
    ],
    ['with an empty name', z.object({ a: z.string().meta(header('')) }), /is no name/],
    ['with a name that is no text', z.object({ a: z.string().meta({ 'x-mcp-header': 1 }) }), /is no name/],
    ['for a fraction', z.object({ a: z.number().meta(header('A')) }), /type string, integer or boolean/],
    ['for an object', z.object({ a: z.object({}).meta(header('A')) }), /type string, integer or boolean/],
    ['for one of several types', z.object({ a: z.string().nullable().meta(header('A')) }), /type string/],
    ['within a list', z.object({ a: z.array(z.string().meta(header('A'))) }), /not within lists or choices/],
    ['within a choice', z.object({ a: z.string().meta(header('A')).nullable() }), /not within lists or choices/],
    ['twice', z.object({ a: z.string().meta(header('A')), b: z.string().meta(header('a')) }), /"a" is declared twice/],
  ])('%s', (_what, input, why) => {
    expect(() => catalogueOf(input)).toThrow(why);
  });

  it('but not for a property that is called so', () => {
    const input = z.object({ 'x-mcp-header': z.string().default('x'), b: z.string().meta(header('B')) });
    expect(catalogueOf(input).paramHeaders.get('ask')).toEqual([{ name: 'B', path: ['b'], type: 'string' }]);
  });
});

describe('a schema that mentions a header', () => {
  const marked = z.string().meta(header('A'));
  interface Tree {
    readonly name: string;
    readonly below: readonly Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({ name: marked, below: z.lazy(() => z.array(tree)) });

  it.each<[string, z.ZodType]>([
    ['on itself', marked],
    ['and a check more', z.string().meta(header('A')).min(1)],
    ['on a member', z.object({ a: marked })],
    ['on a member that may be left out', z.object({ a: marked.optional() })],
    ['on a member with a default', z.object({ a: marked.default('x') })],
    ['in an extended object', z.object({ b: z.int() }).extend({ a: marked })],
    ['on what else an object may have', z.object({}).catchall(marked)],
    ['in a list', z.array(z.object({ a: marked }))],
    ['in a tuple', z.tuple([z.int(), marked])],
    ['in a record', z.record(z.string(), marked)],
    ['in a choice', z.union([z.int(), marked])],
    ['in a choice by a member', z.discriminatedUnion('k', [z.object({ k: z.literal('x'), a: marked })])],
    ['in both of two', z.object({ b: z.int() }).and(z.object({ a: marked }))],
    ['before it is altered', marked.transform((text) => text.length)],
    ['in what is within itself', z.object({ a: tree })],
  ])('%s', (_where, schema) => {
    expect(mentionsHeader(schema)).toBe(true);
  });

  it('is told apart from one that is only called so', () => {
    expect(mentionsHeader(z.object({ 'x-mcp-header': z.string().meta({ title: 'T' }), at: z.date() }))).toBe(false);
  });
});
