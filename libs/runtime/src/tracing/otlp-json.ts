// Spans in the JSON encoding of OTLP (opentelemetry-proto, trace/v1): ids in hex, 64-bit numbers as text, kinds as numbers.
import type { Attributes, Resource } from './conventions.js';
import type { FinishedSpan } from './tracer.js';

const STATUS_ERROR = 2;

type KeyValue = { readonly key: string; readonly value: { stringValue: string } | { intValue: string } };

const keyValues = (attributes: Attributes | Resource): KeyValue[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(Math.round(value)) } : { stringValue: value },
  }));

/** Unix nanoseconds; microseconds are what the clock gives. */
const nanos = (ms: number): string => `${Math.round(ms * 1_000)}000`;

/** The body of `POST /v1/traces`. */
export function otlpJson(resource: Resource, spans: readonly FinishedSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource) },
        scopeSpans: [{ scope: { name: 'labmesh' }, spans: spans.map(encoded) }],
      },
    ],
  });
}

const encoded = ({ context, parentSpanId, ...span }: FinishedSpan) => ({
  traceId: context.traceId,
  spanId: context.spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  ...(context.tracestate === undefined ? {} : { traceState: context.tracestate }),
  flags: 1,
  name: span.name,
  kind: span.kind,
  startTimeUnixNano: nanos(span.startMs),
  endTimeUnixNano: nanos(span.endMs),
  attributes: keyValues(span.attributes),
  status: span.failed ? { code: STATUS_ERROR } : {},
});
