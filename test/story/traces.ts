// The story of a trace, told of a lab in one process and of separate ones alike.
import type { CollectedSpan, Collector } from '@labmesh/testing';
import { expect } from 'vitest';
import type { Lab } from '../harness/lab-under-test.js';
import { rawMcp } from '../harness/raw-mcp.js';

const CLIENT_SPAN = '00f067aa0ba902b7';
const newTraceId = (): string => crypto.randomUUID().replaceAll('-', '');

const inTrace = async (collector: Collector, traceId: string, most: number): Promise<CollectedSpan[]> => {
  const found = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => found().length).toBeGreaterThanOrEqual(most);
  return found();
};

/** Every span but the first has its parent in the same trace. */
function expectLinked(spans: readonly CollectedSpan[], root: string | undefined): void {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  expect(ids.size).toBe(spans.length);
  expect(spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? '')).map((span) => span.parentSpanId)).toEqual([
    root,
  ]);
}

const named = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const [found, ...more] = spans.filter((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name} among ${spans.map((span) => span.name).join(', ')}`);
  expect(more.every(({ kind }) => kind !== found.kind)).toBe(true);
  return found;
};

/** One call, one trace, gateway and agent linked; the client's context is taken up. */
export async function expectOneTrace(lab: Lab, collector: Collector): Promise<CollectedSpan[]> {
  const traceId = newTraceId();
  const { text } = await rawMcp({
    url: `${lab.url}/mcp`,
    token: lab.operatorToken(),
    params: { name: 'architect_get_template_readme', arguments: { name: 'astronomer-vial' } },
    meta: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01`, tracestate: 'vendor=opaque' },
    headers: { traceparent: `00-${newTraceId()}-${CLIENT_SPAN}-01` },
  });
  expect(text).toContain('structuredContent');
  const spans = await inTrace(collector, traceId, 3);
  expect(spans.length).toBe(3);
  expectLinked(spans, CLIENT_SPAN);
  const gateway = named(spans, 'tools/call architect_get_template_readme');
  expect(gateway).toMatchObject({ parentSpanId: CLIENT_SPAN, kind: 2, status: {}, traceState: 'vendor=opaque' });
  expect(gateway.attributes).toMatchObject({
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'architect_get_template_readme',
    'gen_ai.operation.name': 'execute_tool',
    'http.response.status_code': 200,
  });
  const [asked, ran] = [3, 2].map((kind) =>
    spans.find((s) => s.name === 'architect/get_template_readme' && s.kind === kind),
  );
  expect(asked?.parentSpanId).toBe(gateway.spanId);
  expect(ran?.parentSpanId).toBe(asked?.spanId);
  expect(new Set(spans.map((span) => span.attributes['labmesh.call.id'])).size).toBe(1);
  for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  return spans;
}

/** An agent that calls another: both are in the trace, and the error is marked at every hop that it went through. */
export async function expectAgentsLinked(lab: Lab, collector: Collector): Promise<CollectedSpan[]> {
  const traceId = newTraceId();
  const nobody = 'wal_00000000-0000-7000-8000-00000000dead';
  await rawMcp({
    url: `${lab.url}/mcp`,
    token: lab.operatorToken(),
    params: { name: 'sentinel_generate_wallet_token', arguments: { walletId: nobody } },
    headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` },
  });
  const spans = await inTrace(collector, traceId, 7);
  expectLinked(spans, CLIENT_SPAN);
  expect(spans.map(({ name, kind, status }) => `${name} ${kind} ${status.code ?? 'ok'}`).sort()).toEqual([
    'chancellor/get_wallet 2 2',
    'chancellor/get_wallet 3 2',
    'sentinel/generate_wallet_token 2 2',
    'sentinel/generate_wallet_token 3 2',
    'sentinel/issue_pass 2 ok',
    'sentinel/issue_pass 3 ok',
    'tools/call sentinel_generate_wallet_token 2 2',
  ]);
  const failed = spans.filter(({ status }) => status.code === 2);
  expect(new Set(failed.map(({ attributes }) => attributes['error.type']))).toEqual(
    new Set(['tool_error', 'not_found']),
  );
  expect(JSON.stringify(spans)).not.toContain(nobody);
  return spans;
}
