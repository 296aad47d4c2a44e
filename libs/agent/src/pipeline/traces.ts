// What a run of a tool leaves behind for people who look: its span and its log lines, all under the call's id.
// None of it may hold an argument, a result or a token.
import { gatewayName, type Outcome } from '@labmesh/contracts';
import {
  ATTRIBUTES,
  callAttributes,
  type Hop,
  type Logger,
  parseTrace,
  SPAN_KIND,
  type Tracer,
} from '@labmesh/runtime';
import type { ToolRun } from './tool-run.js';

/** The run's place in the trace that came with it; undefined when none did. */
export function agentHop(tracer: Tracer, { agent, tool, headers }: ToolRun): Hop | undefined {
  if (headers.traceparent === undefined) return undefined;
  return tracer.follow(parseTrace(headers.traceparent, headers.tracestate), () => ({
    name: `${agent}/${tool}`,
    kind: SPAN_KIND.server,
    attributes: {
      ...callAttributes(agent, tool, headers.callId),
      [ATTRIBUTES.operation]: 'execute_tool',
      [ATTRIBUTES.tool]: gatewayName(agent, tool),
    },
  }));
}

export function endHop(hop: Hop | undefined, outcome: Outcome): void {
  if (outcome === 'ok') hop?.end();
  else hop?.end({ failed: true, attributes: { [ATTRIBUTES.errorType]: outcome } });
}

const idsOf = (run: ToolRun): object => ({
  callId: run.headers.callId,
  ...(run.trace === undefined ? {} : { traceId: run.trace.traceId }),
  tool: gatewayName(run.agent, run.tool),
});

export function logFailure(log: Logger, run: ToolRun, error: unknown): void {
  log.error({ ...idsOf(run), err: error }, 'tool failed');
}

export function logRun(log: Logger, run: ToolRun, ended: { outcome: Outcome; seconds: number }): void {
  if (log.isLevelEnabled('debug')) log.debug({ ...idsOf(run), ...ended }, 'tool run');
}
