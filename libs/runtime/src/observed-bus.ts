// The bus as this process uses it: each request is measured and, where its trace is recorded, leaves a span of its own; stored events
// that it has taken are counted.
import { type Bus, type RequestOptions, readCallHeaders, withTrace } from '@labmesh/bus';
import { errorShape } from '@labmesh/contracts';
import type { Metrics } from './metrics.js';
import { ATTRIBUTES, callAttributes } from './tracing/conventions.js';
import { parseTrace } from './tracing/trace-context.js';
import { type Hop, SPAN_KIND, type Tracer } from './tracing/tracer.js';

/** Everything of `bus`, with `request` and `publishEnvelope` watched. */
export function observedBus(bus: Bus, services: { metrics: Metrics; tracer: Tracer }): Bus {
  const { metrics, tracer } = services;
  const request = (subject: string, body: unknown, options: RequestOptions): Promise<unknown> => {
    const [agent, tool] = partsOf(subject);
    const started = performance.now();
    const hop = tracer.records ? clientHop(tracer, { agent, tool }, options) : undefined;
    const answer = bus.request(
      subject,
      body,
      hop === undefined ? options : { ...options, headers: withTrace(options.headers, hop.context) },
    );
    const done = (outcome: string): void => {
      metrics.busRequest(agent, outcome, (performance.now() - started) / 1_000);
      hop?.end(
        outcome === 'ok' ? { failed: false } : { failed: true, attributes: { [ATTRIBUTES.errorType]: outcome } },
      );
    };
    answer.then(
      () => done('ok'),
      (error: unknown) => done(errorShape(error).code),
    );
    return answer;
  };
  return {
    kind: bus.kind,
    request,
    scatter: (...asked) => bus.scatter(...asked),
    publish: (...told) => bus.publish(...told),
    publishEnvelope: async (subject, envelope) => {
      await bus.publishEnvelope(subject, envelope);
      metrics.published(...partsOf(subject.replace('.event.', '.')));
    },
    broadcast: (...told) => bus.broadcast(...told),
    keyValue: (options) => bus.keyValue(options),
    eventLog: (options) => bus.eventLog(options),
    ping: () => bus.ping(),
    close: () => bus.close(),
  };
}

/** Agent and tool of `labmesh.<agent>.<tool>`. */
function partsOf(subject: string): [agent: string, tool: string] {
  const agentAt = subject.indexOf('.') + 1;
  const toolAt = subject.indexOf('.', agentAt) + 1;
  return toolAt === 0 ? [subject.slice(agentAt), ''] : [subject.slice(agentAt, toolAt - 1), subject.slice(toolAt)];
}

function clientHop(
  tracer: Tracer,
  { agent, tool }: { agent: string; tool: string },
  { headers }: RequestOptions,
): Hop | undefined {
  const { callId, traceparent, tracestate } = readCallHeaders(headers);
  return tracer.within(parseTrace(traceparent, tracestate), () => ({
    name: `${agent}/${tool}`,
    kind: SPAN_KIND.client,
    attributes: callAttributes(agent, tool, callId),
  }));
}
