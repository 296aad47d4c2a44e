// The measurements as Prometheus text, for a scraper that is fed through the tool.
// Labels are bounded: names of agents, checks, states, the disk and the GPUs. Each text has a registry of its own.
import { Gauge, Registry } from 'prom-client';
import type { Measurements } from './measurements.js';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number | null, labels?: Labels];

/** Text format 0.0.4; a figure that is not known is left out. */
export function prometheusText(measured: Measurements): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, samples: readonly Sample[]): void => {
    const known = samples.filter(([value]) => value !== null);
    if (known.length === 0) return;
    const labelNames = Object.keys(known[0]?.[1] ?? {});
    const made = new Gauge({ name: `labmesh_${name}`, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of known) made.set(labels, value ?? 0);
  };
  gauge('healthy', '1 when every service and everything they need is up', [[up(measured.status === 'healthy')]]);
  services(measured, gauge);
  work(measured, gauge);
  machine(measured, gauge);
  return registry.metrics();
}

type AddGauge = (name: string, help: string, samples: readonly Sample[]) => void;

const up = (is: boolean): number => (is ? 1 : 0);
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);

function services({ services, database, queue, bus }: Measurements, gauge: AddGauge): void {
  const checks = Object.entries({ database, queue, bus });
  gauge(
    'service_up',
    '1 when a replica of the agent answers',
    services.map(({ name, status }) => [up(status === 'up'), { service: name }]),
  );
  gauge(
    'service_instances',
    'Replicas of the agent that answer',
    services.map(({ name, instances }) => [instances, { service: name }]),
  );
  gauge(
    'service_latency_seconds',
    'Time the quickest replica took to answer',
    services.map(({ name, latencyMs }) => [seconds(latencyMs), { service: name }]),
  );
  gauge(
    'dependency_up',
    '1 when it answers',
    checks.map(([name, { kind, status }]) => [up(status === 'up'), { dependency: name, kind }]),
  );
  gauge(
    'dependency_latency_seconds',
    'Time it took to answer',
    checks.map(([name, { kind, latencyMs }]) => [seconds(latencyMs), { dependency: name, kind }]),
  );
  gauge('queue_jobs', 'Jobs in the queue by state', [
    [queue.waiting, { state: 'waiting' }],
    [queue.active, { state: 'active' }],
    [queue.failed, { state: 'failed' }],
  ]);
}

function work({ jobs, nodes, latency, gpuProcesses }: Measurements, gauge: AddGauge): void {
  gauge('jobs', 'Jobs that have not ended, by state', [
    [jobs?.waiting ?? null, { state: 'waiting' }],
    [jobs?.starting ?? null, { state: 'starting' }],
    [jobs?.running ?? null, { state: 'running' }],
  ]);
  gauge('oldest_waiting_job_seconds', 'How long the oldest job that may start has waited', [
    [jobs === null ? null : (jobs.oldestWaitingSeconds ?? 0)],
  ]);
  const states = ['ready', 'draining', 'drained', 'gone'] as const;
  gauge(
    'nodes',
    'Nodes by state',
    states.map((state) => [nodes.filter((node) => node.state === state).length, { state }]),
  );
  gauge(
    'recent_call_seconds',
    'Time that a share of the calls of the last minutes did not pass',
    latency.flatMap(({ name, p50Ms, p95Ms, p99Ms }): Sample[] =>
      Object.entries({ '0.5': p50Ms, '0.95': p95Ms, '0.99': p99Ms }).map(([quantile, ms]) => [
        ms / 1_000,
        { name, quantile },
      ]),
    ),
  );
  gauge('gpu_processes_left', 'Processes that hold GPU memory for attempts that have ended', [
    [gpuProcesses.filter(({ of }) => of === 'gone').length],
  ]);
}

function machine({ cpu, memory, disk, gpus }: Measurements, gauge: AddGauge): void {
  gauge('cpu_cores', 'Cores of the machine', [[cpu.cores]]);
  gauge('cpu_load1', 'Runnable processes, average of one minute', [[cpu.load1m]]);
  gauge('cpu_used_ratio', 'Share of all cores in use, 0 to 1', [[cpu.usedRatio]]);
  gauge('memory_total_bytes', 'Memory of the machine', [[memory.totalBytes]]);
  gauge('memory_available_bytes', 'Memory that programs may still take', [[memory.availableBytes]]);
  gauge('process_resident_memory_bytes', 'Resident set of the Mechanic’s process', [[memory.processBytes]]);
  gauge('disk_total_bytes', 'Size of the file system that holds the data folder', [[disk.totalBytes]]);
  gauge('disk_available_bytes', 'Free space of the file system that holds the data folder', [[disk.availableBytes]]);
  const each = (pick: (gpu: Measurements['gpus'][number]) => number | null): Sample[] =>
    gpus.map((gpu) => [pick(gpu), { gpu: String(gpu.index), name: gpu.name }]);
  gauge(
    'gpu_memory_total_bytes',
    'Memory of the GPU',
    each((gpu) => gpu.memoryTotalBytes),
  );
  gauge(
    'gpu_memory_used_bytes',
    'Memory of the GPU in use',
    each((gpu) => gpu.memoryUsedBytes),
  );
  gauge(
    'gpu_utilization_ratio',
    'Share of time a kernel ran, 0 to 1',
    each((gpu) => gpu.utilizationRatio),
  );
  gauge(
    'gpu_temperature_celsius',
    'Temperature of the GPU',
    each((gpu) => gpu.temperatureC),
  );
}
