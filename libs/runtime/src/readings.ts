// Figures that somebody keeps anyway and that are read only when a scraper asks: no cost on the path of a call.
// A figure that cannot be read within a second is left out of that scrape; it never holds one up.
import { Counter, Gauge, type Registry } from 'prom-client';

const FIGURES = {
  calls: { name: 'labmesh_calls_in_flight', help: 'Tool calls this process runs now', labels: ['agent'] },
  requests: { name: 'labmesh_mcp_requests_in_flight', help: 'MCP requests being answered now', labels: [] },
  served: {
    name: 'labmesh_http_requests_total',
    help: 'HTTP requests answered',
    labels: ['route', 'status'],
    total: true,
  },
  streams: { name: 'labmesh_open_streams', help: 'Open event streams of clients', labels: [] },
  sessions: { name: 'labmesh_open_sessions', help: 'Open sessions of the 2025 protocol eras', labels: [] },
  auditBuffer: { name: 'labmesh_audit_buffer_records', help: 'Audit records not yet sent', labels: [] },
  auditLag: { name: 'labmesh_audit_lag_seconds', help: 'Age of the oldest audit record not yet sent', labels: [] },
  auditDropped: { name: 'labmesh_audit_dropped_total', help: 'Audit records given up', labels: [], total: true },
  outbox: { name: 'labmesh_outbox_events', help: 'Events stored and not yet published', labels: ['agent'] },
  outboxAge: { name: 'labmesh_outbox_oldest_event_seconds', help: 'Age of the oldest such event', labels: ['agent'] },
  lookups: {
    name: 'labmesh_auth_lookups_total',
    help: 'Questions for a verdict or a pass, by whether the answer was still known',
    labels: ['cache', 'result'],
    total: true,
  },
  scores: {
    name: 'labmesh_anomaly_scores_total',
    help: 'Calls that a model scored, and those given up because there was no thread or too much to do',
    labels: ['result'],
    total: true,
  },
  scoringTime: {
    name: 'labmesh_anomaly_scoring_seconds_total',
    help: 'How long the scoring thread has worked',
    labels: [],
    total: true,
  },
  scoring: { name: 'labmesh_anomaly_scoring', help: '1 for the state of the scoring thread', labels: ['state'] },
  diskTotal: {
    name: 'labmesh_disk_total_bytes',
    help: 'Size of the file system of each place where this process keeps things',
    labels: ['place'],
  },
  diskAvailable: { name: 'labmesh_disk_available_bytes', help: 'Free space there', labels: ['place'] },
  jobs: { name: 'labmesh_jobs', help: 'Jobs that have not ended, as the Mechanic knows them', labels: ['state'] },
  oldestJob: {
    name: 'labmesh_oldest_waiting_job_seconds',
    help: 'How long the oldest job that may start has waited; 0 when none does',
    labels: [],
  },
  nodes: { name: 'labmesh_nodes', help: 'Machines that run jobs', labels: ['state'] },
  gpuLeft: {
    name: 'labmesh_gpu_processes_left',
    help: 'Processes that hold GPU memory for attempts that have ended',
    labels: [],
  },
  traceQueue: { name: 'labmesh_trace_queue_spans', help: 'Spans waiting for the collector', labels: [] },
  traceDropped: { name: 'labmesh_trace_spans_dropped_total', help: 'Spans given up', labels: [], total: true },
} as const;

export type Figure = keyof typeof FIGURES;
type Labels = Readonly<Record<string, string>>;
interface Source {
  readonly labels: Labels;
  readonly read: () => number | Promise<number>;
}

const READ_MS = 1_000;

export class Readings {
  readonly #sources = new Map<Figure, Source[]>();

  constructor(registry: Registry) {
    for (const figure of Object.keys(FIGURES) as Figure[]) this.#register(figure, registry);
  }

  /** One more source; several with the same labels add up. */
  add(figure: Figure, read: Source['read'], labels: Labels = {}): void {
    const sources = this.#sources.get(figure) ?? [];
    sources.push({ labels, read });
    this.#sources.set(figure, sources);
  }

  #register(figure: Figure, registry: Registry): void {
    const described = FIGURES[figure];
    const sources = (): readonly Source[] => this.#sources.get(figure) ?? [];
    const settings = { name: described.name, help: described.help, labelNames: [...described.labels] as string[] };
    const metric =
      'total' in described
        ? new Counter({ ...settings, registers: [registry], collect: () => collect() })
        : new Gauge({ ...settings, registers: [registry], collect: () => collect() });
    const collect = async (): Promise<void> => {
      const values = await Promise.all(
        sources().map(async ({ labels, read }) => ({ labels, value: await within(read) })),
      );
      metric.reset();
      for (const { labels, value } of values) if (value !== undefined) metric.inc(labels, value);
    };
  }
}

async function within(read: Source['read']): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), READ_MS);
    });
    return await Promise.race([Promise.resolve(read()).catch(() => undefined), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
