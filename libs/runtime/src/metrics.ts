// Prometheus metrics of this process. Labels are bounded: agents, tools and codes come from the contracts, methods from the
// protocol, routes from this code. Nothing that a client wrote ever becomes a label.

import type { CallRecord, Severity } from '@labmesh/contracts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Readings } from './readings.js';
import { RecentCalls } from './state/recent-calls.js';

export const LIMITS = ['rate', 'concurrency', 'authentication', 'restriction'] as const;
export type LimitName = (typeof LIMITS)[number] | 'connections' | 'slow_reader' | 'slow_writer';

export const METRICS = Symbol('METRICS');

export interface Metrics {
  readonly registry: Registry;
  readonly readings: Readings;
  /** How long what ended lately took; what streams is left out. */
  readonly recent: RecentCalls;
  /** A call of an agent's tool begins; the result says that it ended. */
  callBegins(agent: string): () => void;
  /** One finished call; `outcome` is "ok" or an error code. */
  call(agent: string, tool: string, outcome: string, seconds: number): void;
  /** One answered HTTP request. */
  http(route: string, status: number): void;
  /** One call, request or connection that a limit turned away or ended. */
  refused(limit: LimitName): void;
  /** New anomalies; `mode` is "enforced" or "shadow". */
  anomaly(model: string, response: string, mode: string, count: number): void;
  /** Unusual calls, however many of them are one anomaly. */
  unusualCalls(model: string, count: number): void;
  /** One answered MCP request; `method` is the protocol's or "other", `outcome` "ok", an error code or `http_<status>`. */
  request(method: string, outcome: string, seconds: number): void;
  /** One record that the audit log took. */
  auditRecord(severity: Severity, decision: CallRecord['decision']): void;
  /** One event that was stored, and that the bus has taken. */
  published(agent: string, event: string): void;
  /** One request over the bus and its answer. */
  busRequest(agent: string, outcome: string, seconds: number): void;
}

/** The lag that prom-client shows has this in it. */
const LAG_PRECISION_MS = 100;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

export function createMetrics(build: { name: string; version: string } = { name: '', version: '' }): Metrics {
  const registry = new Registry();
  // Every look at the loop's lag wakes the process, a hundred times a second unless told otherwise: most of what an idle lab would do.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
  const readings = new Readings(registry);
  const recent = new RecentCalls();
  buildInfo(registry, build);
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [registry] });
  const calls = counter('labmesh_calls_total', 'Tool calls run by this process', ['agent', 'tool', 'outcome']);
  const seconds = histogram('labmesh_call_duration_seconds', 'Time a tool call took in this process', [
    'agent',
    'tool',
  ]);
  const requests = histogram('labmesh_mcp_request_duration_seconds', 'Time an MCP request took, streams left out', [
    'method',
    'outcome',
  ]);
  const asked = histogram('labmesh_bus_request_duration_seconds', 'Time until a bus request was answered', [
    'agent',
    'outcome',
  ]);
  const running = new Map<string, number>();
  const refusals = counter(
    'labmesh_refusals_total',
    'Calls, requests and connections that a limit turned away or ended',
    ['limit'],
  );
  const records = counter('labmesh_audit_records_total', 'Records that the audit log took', ['severity', 'decision']);
  const published = counter('labmesh_outbox_published_total', 'Stored events that the bus has taken', [
    'agent',
    'event',
  ]);
  const unusual = counter('labmesh_unusual_calls_total', 'Calls that a model found unusual', ['model']);
  const anomalies = counter('labmesh_anomalies_total', 'Anomalies, by what the policy asked for', [
    'model',
    'response',
    'mode',
  ]);
  return {
    registry,
    readings,
    recent,
    unusualCalls: (model, count) => unusual.inc({ model }, count),
    anomaly: (model, response, mode, count) => anomalies.inc({ model, response, mode }, count),
    callBegins(agent) {
      if (!running.has(agent)) readings.add('calls', () => running.get(agent) ?? 0, { agent });
      running.set(agent, (running.get(agent) ?? 0) + 1);
      return () => void running.set(agent, (running.get(agent) ?? 1) - 1);
    },
    call(agent, tool, outcome, duration) {
      calls.inc({ agent, tool, outcome });
      seconds.observe({ agent, tool }, duration);
    },
    refused: (limit) => refusals.inc({ limit }),
    http: servedIn(readings),
    request(method, outcome, duration) {
      requests.observe({ method, outcome }, duration);
      recent.add('mcp', outcome, duration);
    },
    auditRecord: (severity, decision) => records.inc({ severity, decision }),
    published: (agent, event) => published.inc({ agent, event }),
    busRequest: (agent, outcome, duration) => asked.observe({ agent, outcome }, duration),
  };
}

/** A number of its own for each route and status: a counter of prom-client would look its labels up for every request. */
function servedIn(readings: Readings): Metrics['http'] {
  const served = new Map<string, { count: number }>();
  return (route, status) => {
    const key = `${status} ${route}`;
    let known = served.get(key);
    if (known === undefined) {
      const counted = { count: 0 };
      readings.add('served', () => counted.count, { route, status: String(status) });
      served.set(key, counted);
      known = counted;
    }
    known.count += 1;
  };
}

function buildInfo(registry: Registry, { name, version }: { name: string; version: string }): void {
  new Gauge({
    name: 'labmesh_build_info',
    help: 'Always 1; what runs here',
    labelNames: ['process', 'version', 'node'],
    registers: [registry],
  }).set({ process: name, version, node: process.versions.node }, 1);
}
