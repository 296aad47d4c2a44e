// Makes spans where a trace is recorded, and otherwise only hands its context on. Without an exporter no span is ever made.
import type { Attributes } from './conventions.js';
import { childOf, newTrace, type TraceContext } from './trace-context.js';

/** As OTLP numbers them. */
export const SPAN_KIND = { server: 2, client: 3 } as const;

export interface FinishedSpan {
  readonly context: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: (typeof SPAN_KIND)[keyof typeof SPAN_KIND];
  /** Unix milliseconds, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly failed: boolean;
}

export interface SpanDescription {
  readonly name: string;
  readonly kind: FinishedSpan['kind'];
  readonly attributes: Attributes;
}

/** A hop of a trace. `end` does nothing when the trace is not recorded here. */
export interface Hop {
  readonly context: TraceContext;
  /** `failed` marks the span as an error; its attributes say which. */
  end(outcome?: { failed: boolean; attributes?: Attributes }): void;
}

export interface SpanSink {
  add(span: FinishedSpan): void;
}

const now = (): number => performance.timeOrigin + performance.now();

export class Tracer {
  /** @param ratio share of traces begun here that are recorded, 0 to 1 */
  constructor(
    private readonly sink?: SpanSink | undefined,
    private readonly ratio = 1,
  ) {}

  /** At an entrance: goes on with the client's trace, or begins one when traces are recorded here. */
  enter(parent: TraceContext | undefined, describe: () => SpanDescription): Hop | undefined {
    if (parent !== undefined) return this.follow(parent, describe);
    if (this.sink === undefined) return undefined;
    return this.#hop(newTrace(Math.random() < this.ratio), undefined, describe);
  }

  /** Behind the entrance: one span further in a trace that came along; nothing when none did. */
  follow(parent: TraceContext | undefined, describe: () => SpanDescription): Hop | undefined {
    return parent === undefined ? undefined : this.#hop(childOf(parent), parent, describe);
  }

  /** As `follow`, where a hop that is not recorded need not show: the context is handed on as it is. */
  within(parent: TraceContext | undefined, describe: () => SpanDescription): Hop | undefined {
    return this.sink === undefined || parent?.sampled !== true ? undefined : this.follow(parent, describe);
  }

  /** True when `within` may have something to do. */
  get records(): boolean {
    return this.sink !== undefined;
  }

  #hop(context: TraceContext, parent: TraceContext | undefined, describe: () => SpanDescription): Hop {
    const { sink } = this;
    if (sink === undefined || !context.sampled) return { context, end: () => {} };
    const { name, kind, attributes } = describe();
    const startMs = now();
    return {
      context,
      end({ failed, attributes: more } = { failed: false }) {
        sink.add({
          context,
          parentSpanId: parent?.spanId,
          name,
          kind,
          startMs,
          endMs: now(),
          attributes: { ...attributes, ...more },
          failed,
        });
      },
    };
  }
}
