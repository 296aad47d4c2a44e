// Prometheus metrics of this process. Labels are bounded: agents, tools and codes come from the contracts.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const METRICS = Symbol('METRICS');

export interface Metrics {
  readonly registry: Registry;
  /** One finished call; `outcome` is "ok" or an error code. */
  call(agent: string, tool: string, outcome: string, seconds: number): void;
  /** One answered HTTP request. */
  http(route: string, status: number): void;
  readonly openStreams: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'labmesh_calls_total',
    help: 'Tool calls run by this process',
    labelNames: ['agent', 'tool', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'labmesh_call_duration_seconds',
    help: 'Time a tool call took in this process',
    labelNames: ['agent', 'tool'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'labmesh_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const openStreams = new Gauge({ name: 'labmesh_open_streams', help: 'Open event streams', registers: [registry] });
  return {
    registry,
    openStreams,
    call(agent, tool, outcome, duration) {
      calls.inc({ agent, tool, outcome });
      seconds.observe({ agent, tool }, duration);
    },
    http: (route, status) => requests.inc({ route, status: String(status) }),
  };
}
