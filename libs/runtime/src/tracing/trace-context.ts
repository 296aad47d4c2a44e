// W3C Trace Context: reads `traceparent` and `tracestate` as they come, and makes the ones that travel on.
// What a client sends is never trusted: anything that is not exactly well-formed counts as absent.
import { randomFillSync } from 'node:crypto';

/** What travels in `_meta`, HTTP headers and bus headers. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** One span's place in a trace. */
export interface TraceContext extends TraceHeaders {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
/** Printable ASCII; nothing that could end a header line. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** Undefined when there is none, or none that is well-formed. */
export function parseTrace(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  const found = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  if (found === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = found;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const state = typeof tracestate === 'string' && TRACESTATE.test(tracestate) ? tracestate : undefined;
  return contextOf({ traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }, state);
}

/** The same trace, one span further. */
export const childOf = (parent: TraceContext): TraceContext =>
  contextOf({ traceId: parent.traceId, spanId: newId(8), sampled: parent.sampled }, parent.tracestate);

/** A trace that begins here. */
export const newTrace = (sampled: boolean): TraceContext =>
  contextOf({ traceId: newId(16), spanId: newId(8), sampled }, undefined);

function contextOf(
  ids: { traceId: string; spanId: string; sampled: boolean },
  tracestate: string | undefined,
): TraceContext {
  const traceparent = `00-${ids.traceId}-${ids.spanId}-${ids.sampled ? '01' : '00'}`;
  return { ...ids, traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}

/** Random bytes are drawn a page at a time: one system call serves hundreds of ids. */
const page = Buffer.alloc(4_096);
let used = page.length;

/** Random; all zeros means "invalid" in W3C's words and is drawn again. */
function newId(bytes: number): string {
  for (;;) {
    if (used + bytes > page.length) {
      randomFillSync(page);
      used = 0;
    }
    used += bytes;
    const id = page.toString('hex', used - bytes, used);
    if (!/^0+$/.test(id)) return id;
  }
}
