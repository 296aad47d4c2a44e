// What reads the wire, against anything at all: it answers or declines, and throws nothing but what it says it throws.

import { AppError, defineAgent, defineTool } from '@labmesh/contracts';
import { builtIn } from '@labmesh/identity/policy.testing';
import { classifyInboundRequest } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf } from '../callers/authenticator.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { plain } from '../catalogue/listing.js';
import type { McpServices } from '../endpoint-services.js';
import { asFastCall } from '../fast-call.js';
import { asFastList } from '../fast-list.js';
import { isClientMeta, onlyRequestMembers } from './envelope.js';
import { isRequestId, tooDeep } from './json-rpc.js';

const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol';
const runs = { numRuns: 1_000 };

const echo = defineTool({
  title: 'Echo',
  description: '',
  effect: 'read',
  permission: 'agent:read',
  input: z.object({}),
  output: z.object({}),
  errors: [],
  timeoutMs: 60_000,
});
const demo = defineAgent({ name: 'demo', title: 'Demo', description: '', tools: { echo } });
const services = { catalogue: new Catalogue([demo], plain, { policies: builtIn }) } as unknown as McpServices;

/** Any value, or one that is often right: chance alone would never get past the first check. */
const or = <T>(right: T) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 19 }, { arbitrary: fc.jsonValue(), weight: 1 });
const meta = fc.oneof(
  fc.record(
    {
      [`${META}/protocolVersion`]: or(VERSION),
      [`${META}/clientCapabilities`]: or({}),
      [`${META}/clientInfo`]: or({ name: 'c', version: '1' }),
      [`${META}/logLevel`]: or('info'),
      progressToken: or(1),
    },
    { requiredKeys: [`${META}/protocolVersion`, `${META}/clientCapabilities`] },
  ),
  fc.jsonValue(),
);
const message = fc.record(
  {
    jsonrpc: or('2.0'),
    id: or(1),
    method: or('tools/call'),
    params: fc.oneof(
      { arbitrary: fc.record({ name: or('echo'), arguments: or({}), _meta: meta }), weight: 6 },
      { arbitrary: fc.jsonValue(), weight: 1 },
    ),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ['jsonrpc', 'id', 'method', 'params'] },
);
const value = fc.oneof(
  { arbitrary: fc.constant('application/json'), weight: 2 },
  fc.constantFrom(VERSION, 'tools/call', 'echo'),
  fc.string({ unit: 'binary' }),
);
const right = {
  'content-type': 'application/json',
  'mcp-protocol-version': VERSION,
  'mcp-method': 'tools/call',
  'mcp-name': 'echo',
};
const headers = fc.oneof(
  { arbitrary: fc.constant<Record<string, string>>(right), weight: 3 },
  { arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(right)), value), weight: 1 },
);

describe('the readers of the wire', () => {
  it('take a call only when the SDK routes it to the same era and method', () => {
    let taken = 0;
    fc.assert(
      fc.property(message, headers, (body, given) => {
        const call = asFastCall({ headers: given } as never, body, services);
        if (call === undefined) return;
        taken += 1;
        const route = classifyInboundRequest({
          httpMethod: 'POST',
          body,
          protocolVersionHeader: given['mcp-protocol-version'] as string,
          mcpMethodHeader: given['mcp-method'] as string,
          mcpNameHeader: given['mcp-name'] as string,
        });
        expect(route).toMatchObject({ kind: 'modern', messageKind: 'request', message: { method: 'tools/call' } });
        expect(call).toMatchObject({ id: body.id, entry: { name: 'echo' } });
      }),
      runs,
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('take a list that asks for all of it, and no other', () => {
    const given = { ...right, 'mcp-method': 'tools/list' } as Record<string, string>;
    delete given['mcp-name'];
    const _meta = { [`${META}/protocolVersion`]: VERSION, [`${META}/clientCapabilities`]: {} };
    const ask = (params: object) =>
      asFastList({ headers: given } as never, { jsonrpc: '2.0', id: 7, method: 'tools/list', params });
    expect(ask({ _meta })).toEqual({ id: 7 });
    expect(ask({ _meta, cursor: 'x' })).toBeUndefined();
    expect(ask({})).toBeUndefined();
  });

  it('decline anything else without throwing', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), headers, (body, given) => {
        expect(asFastCall({ headers: given } as never, body, services)).toBeUndefined();
        expect(asFastList({ headers: given } as never, body)).toBeUndefined();
      }),
      runs,
    );
  });

  it('judge what a client says of itself without throwing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.anything(), (some, any) => {
        expect(typeof isClientMeta(some)).toBe('boolean');
        expect(typeof isRequestId(any)).toBe('boolean');
        expect(onlyRequestMembers(some)).toBe(
          Object.keys(some).every((key) => ['jsonrpc', 'id', 'method', 'params'].includes(key)),
        );
      }),
      runs,
    );
  });

  it('find a credential in a header, or say that there is none', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((token) => `Bearer ${token}`),
      fc.stringMatching(/^[Bb]earer +[A-Za-z0-9._~+/=-]{1,64}$/),
      fc.constant(`Bearer ${'x'.repeat(8_193)}`),
    );
    fc.assert(
      fc.property(fc.option(header, { nil: undefined }), (given) => {
        try {
          expect(bearerOf(given)).toMatch(/^[A-Za-z0-9._~+/=-]{1,8192}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: 'unauthenticated' });
        }
      }),
      runs,
    );
  });

  it('bound the depth of any text before it is parsed', () => {
    const bracket = fc.constantFrom('[', ']', '{', '}', '"', '\\', '\\"', ':', ',', 'a');
    fc.assert(
      fc.property(fc.array(bracket, { maxLength: 2_000 }), (parts) => {
        const text = parts.join('');
        if (!tooDeep(text)) return;
        expect((text.match(/[[{]/g) ?? []).length).toBeGreaterThan(128);
      }),
      runs,
    );
  });
});
