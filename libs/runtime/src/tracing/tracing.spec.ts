// Trace contexts as W3C writes them, spans only where a trace is recorded, and an exporter that no collector can hold up.

import { withTrace } from '@labmesh/bus';
import { otlpCollector } from '@labmesh/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ATTRIBUTES, methodLabel } from './conventions.js';
import { OtlpExporter } from './otlp-exporter.js';
import { otlpJson } from './otlp-json.js';
import { childOf, newTrace, parseTrace } from './trace-context.js';
import { type FinishedSpan, SPAN_KIND, Tracer } from './tracer.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const parent = parseTrace(`00-${TRACE}-${SPAN}-01`, 'vendor=1');
const described = () => ({ name: 'n', kind: SPAN_KIND.server, attributes: { [ATTRIBUTES.mcpMethod]: 'ping' } });

describe('a trace context', () => {
  it.each([
    undefined,
    '',
    7,
    'nonsense',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01\r\nevil: 1`,
  ])('is absent when it is malformed: %s', (text) => {
    expect(parseTrace(text)).toBeUndefined();
  });

  it('of a later version is read as far as it is known', () => {
    expect(parseTrace(`cc-${TRACE}-${SPAN}-09-what-comes`)).toMatchObject({
      traceparent: `00-${TRACE}-${SPAN}-01`,
      sampled: true,
    });
  });

  it('drops a tracestate that could end a header line', () => {
    expect(parseTrace(`00-${TRACE}-${SPAN}-00`, 'a=1\r\nx: y')).toMatchObject({ sampled: false });
    expect(parseTrace(`00-${TRACE}-${SPAN}-00`, 'a=1\r\nx: y')?.tracestate).toBeUndefined();
  });

  it('goes on under a new span id, whatever it was', () => {
    fc.assert(
      fc.property(fc.boolean(), (sampled) => {
        const first = newTrace(sampled);
        const next = childOf(first);
        expect(parseTrace(first.traceparent)).toEqual(first);
        expect(next).toMatchObject({ traceId: first.traceId, sampled });
        expect(next.spanId).not.toBe(first.spanId);
      }),
    );
  });

  it('is never more than text that fits a header', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
        const headers = {
          ...withTrace({}, parseTrace(traceparent, tracestate) ?? {}),
          ...withTrace({}, parseTrace(`00-${TRACE}-${SPAN}-01`, tracestate) ?? {}),
        };
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });
});

describe('a tracer', () => {
  it('makes nothing when it is off, and hands a trace on under a new span id', () => {
    const off = new Tracer();
    const never = () => {
      throw new Error('described');
    };
    expect(off.enter(undefined, never)).toBeUndefined();
    expect(off.follow(undefined, never)).toBeUndefined();
    expect(off.within(parent, never)).toBeUndefined();
    const hop = off.enter(parent, never);
    expect(hop?.context).toMatchObject({ traceId: TRACE, tracestate: 'vendor=1' });
    expect(hop?.context.spanId).not.toBe(SPAN);
    hop?.end();
  });

  it('records what the client records, and of its own what the ratio says', () => {
    const spans: FinishedSpan[] = [];
    const tracer = new Tracer({ add: (span) => void spans.push(span) }, 0);
    expect(tracer.enter(undefined, described)?.context.sampled).toBe(false);
    tracer.enter(undefined, described)?.end();
    tracer.enter(parseTrace(`00-${TRACE}-${SPAN}-00`), described)?.end();
    expect(spans).toEqual([]);
    tracer.enter(parent, described)?.end({ failed: true, attributes: { [ATTRIBUTES.errorType]: 'not_found' } });
    expect(spans).toMatchObject([
      { parentSpanId: SPAN, failed: true, attributes: { 'mcp.method.name': 'ping', 'error.type': 'not_found' } },
    ]);
  });

  it('names no method that a client made up', () => {
    expect(methodLabel('tools/list')).toBe('tools/list');
    for (const made of ['tools/list ', 'x', 7, undefined]) expect(methodLabel(made)).toBe('other');
  });
});

const span = (name: string): FinishedSpan => ({
  context: newTrace(true),
  parentSpanId: undefined,
  name,
  kind: 2,
  startMs: 1_700_000_000_000.123,
  endMs: 1_700_000_000_001.5,
  attributes: { [ATTRIBUTES.httpStatus]: 200 },
  failed: false,
});

it('OTLP JSON has 64-bit numbers as text and ids in hex', () => {
  const [sent] = JSON.parse(otlpJson({ 'service.name': 's' }, [span('a')])).resourceSpans[0].scopeSpans[0].spans;
  expect(sent).toMatchObject({
    name: 'a',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    startTimeUnixNano: '1700000000000123000',
    endTimeUnixNano: '1700000000001500000',
    attributes: [{ key: 'http.response.status_code', value: { intValue: '200' } }],
  });
});

describe('the exporter', () => {
  const lines: string[] = [];
  const log = {
    warn: (_: object, text: string) => void lines.push(text),
    info: (_: object, text: string) => void lines.push(text),
  };
  afterEach(() => void lines.splice(0));
  const exporterTo = (url: string) =>
    new OtlpExporter({ url: `${url}/v1/traces`, headers: { 'x-key': 'k' } }, { 'service.name': 's' }, log as never);

  it('sends what is left when it closes, with its headers', async () => {
    await using collector = await otlpCollector();
    const exporter = exporterTo(collector.url);
    for (let n = 0; n < 1_000; n++) exporter.add(span(`s${n}`));
    await exporter.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(Array.from({ length: 1_000 }, (_, n) => `s${n}`));
    expect(collector.headers[0]).toMatchObject({ 'x-key': 'k', 'content-type': 'application/json' });
    expect([exporter.sent, exporter.dropped]).toEqual([1_000, 0]);
  });

  it('drops and counts what the collector refuses, and says so once', async () => {
    await using collector = await otlpCollector();
    collector.status = 400;
    const exporter = exporterTo(collector.url);
    for (let n = 0; n < 600; n++) exporter.add(span('x'));
    await expect.poll(() => exporter.dropped).toBe(600);
    collector.status = 200;
    exporter.add(span('y'));
    await exporter.close();
    expect([exporter.sent, exporter.dropped]).toEqual([1, 600]);
    expect(lines).toEqual(['traces cannot be sent; they are dropped and counted', 'traces reach the collector again']);
  });

  it('keeps no more than its bound while the collector is away', async () => {
    const exporter = exporterTo('http://127.0.0.1:9');
    for (let n = 0; n < 10_000; n++) exporter.add(span('x'));
    expect(exporter.queued).toBeLessThanOrEqual(4_096);
    expect(exporter.dropped).toBeGreaterThan(5_000);
    await exporter.close();
    exporter.add(span('late'));
    expect(exporter.queued).toBeLessThanOrEqual(4_096);
  });
});
