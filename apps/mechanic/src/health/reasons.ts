// What is not right with the lab, in sentences, each with what to do. The state of the lab follows from them: it is degraded when one
// of them is critical.
import { RECENT_MINUTES } from '@labmesh/runtime';
import { grouped } from './grouped.js';
import type { SystemHealth } from './measurements.js';

export type Reason = SystemHealth['reasons'][number];
type Measured = Omit<SystemHealth, 'prometheus' | 'reasons' | 'status'>;

/** From here on there is something to say. */
export const LIMITS = {
  diskFreeRatio: 0.1,
  diskFullRatio: 0.03,
  memoryFreeRatio: 0.05,
  slowMs: 5_000,
  failedRatio: 0.05,
  /** Fewer calls are no ratio. */
  callsMin: 20,
  waitingSeconds: 900,
  placedSeconds: 60,
} as const;

/** The worst first. */
export function reasonsOf(measured: Measured): Reason[] {
  const all = [
    ...ofServices(measured),
    ...ofCalls(measured),
    ...ofRoom(measured),
    ...ofJobs(measured),
    ...ofGpus(measured),
  ];
  return [
    ...all.filter(({ severity }) => severity === 'critical'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
}

const reason = (part: string, severity: Reason['severity'], message: string, advice: string): Reason => ({
  part,
  severity,
  message,
  advice,
});

const REMEDIES = {
  database: 'See that PostgreSQL runs at DATABASE_URL and takes connections.',
  queue: 'See that what the queue stands on runs: Redis at REDIS_URL, else the database.',
  bus: 'See that NATS runs at NATS_URL; the processes connect again by themselves.',
} as const;

function ofServices({ services, database, queue, bus }: Measured): Reason[] {
  const silent = services
    .filter(({ status }) => status === 'down')
    .map(({ name }) =>
      reason(
        `service:${name}`,
        'critical',
        `The agent ${name} does not answer: its tools are refused.`,
        `Start it, or look at its log when it runs. The other agents are not affected.`,
      ),
    );
  const checks = Object.entries({ database, queue, bus }) as Array<[keyof typeof REMEDIES, Measured['database']]>;
  const down = checks
    .filter(([, { status }]) => status === 'down')
    .map(([name, { kind, message }]) =>
      reason(name, 'critical', `The ${name} (${kind}) does not work: ${message ?? 'no reason came'}`, REMEDIES[name]),
    );
  return [...silent, ...down];
}

function ofCalls({ latency, circuits }: Measured): Reason[] {
  const enough = latency.filter(({ calls }) => calls >= LIMITS.callsMin);
  const failing = enough
    .filter(({ calls, failed }) => failed / calls > LIMITS.failedRatio)
    .map(({ name, calls, failed }) =>
      reason(
        `calls:${name}`,
        'warning',
        `${failed} of ${calls} calls of ${name} failed by the lab’s doing within ${RECENT_MINUTES} minutes.`,
        'The log of its processes has the cause of each, under the call’s id.',
      ),
    );
  const slow = enough
    .filter(({ p95Ms }) => p95Ms > LIMITS.slowMs)
    .map(({ name, p95Ms }) =>
      reason(
        `latency:${name}`,
        'warning',
        `One call of ${name} in twenty takes longer than ${seconds(p95Ms / 1_000)}.`,
        'See what it waits for: CPU, database or another agent. Where it is only busy, run one more of it.',
      ),
    );
  const open = [...grouped(circuits, ({ agent }) => agent)].map(([agent, all]) =>
    reason(
      `circuit:${agent}`,
      'warning',
      `Calls to ${agent} are refused without asking it, at ${[...new Set(all.map(({ process }) => process))].join(', ')}: it left the last ones unanswered.`,
      'It is tried again within seconds by itself. Where it stays so, look at its log; mechanic_automated_recovery lets the next call through at once.',
    ),
  );
  return [...failing, ...slow, ...open];
}

function ofRoom({ disk, disks, memory }: Measured): Reason[] {
  const here = { host: 'this machine', place: 'home' as const, ...disk };
  const told = disks.some(({ path }) => path === disk.path) ? disks : [here, ...disks];
  const full = told
    .filter(({ totalBytes, availableBytes }) => totalBytes > 0 && availableBytes / totalBytes < LIMITS.diskFreeRatio)
    .map(({ host, place, path, totalBytes, availableBytes }) =>
      reason(
        `disk:${place}`,
        availableBytes / totalBytes < LIMITS.diskFullRatio ? 'critical' : 'warning',
        `${percent(availableBytes / totalBytes)} of the disk is left at ${path} on ${host}.`,
        'Withdraw datasets and artefacts that nobody needs, or move the folder to a larger disk (LABMESH_HOME, BLOBS_URL).',
      ),
    );
  const { totalBytes, availableBytes } = memory;
  if (totalBytes > 0 && availableBytes / totalBytes < LIMITS.memoryFreeRatio)
    full.push(
      reason(
        'memory',
        'warning',
        `${percent(availableBytes / totalBytes)} of this machine’s memory is left.`,
        'See what takes it (top); give jobs smaller limits, or run them on another machine.',
      ),
    );
  return full;
}

function ofJobs({ jobs, nodes }: Measured): Reason[] {
  const waiting = jobs?.waiting ?? 0;
  const reasons: Reason[] = [];
  const oldest = jobs?.oldestWaitingSeconds ?? 0;
  if (waiting > 0 && nodes.every(({ state }) => state !== 'ready'))
    reasons.push(
      reason(
        'nodes',
        'critical',
        `${waiting} jobs wait, and no machine takes any: all are gone or drained.`,
        'Start a worker, or take a node into use again with mechanic_drain_node and resume.',
      ),
    );
  else if (oldest > LIMITS.waitingSeconds)
    reasons.push(
      reason(
        'queue:age',
        'warning',
        `A job that may start has waited for ${seconds(oldest)}.`,
        'mechanic_why_pending says what it lacks. Add a worker where it is room.',
      ),
    );
  for (const { node, state, placed, running, oldestPlacedSeconds } of nodes) {
    if (state === 'gone' && placed + running > 0)
      reasons.push(
        reason(
          `node:${node}`,
          'critical',
          `The node ${node} is gone, with ${placed + running} attempts on it.`,
          'They go on elsewhere when its leases are over. Start its worker again, or look why the machine is away.',
        ),
      );
    else if ((oldestPlacedSeconds ?? 0) > LIMITS.placedSeconds)
      reasons.push(
        reason(
          `node:${node}`,
          'warning',
          `An attempt has waited on ${node} for ${seconds(oldestPlacedSeconds ?? 0)}, and no worker took it.`,
          'mechanic_automated_recovery puts it into the queue again; see the worker’s log.',
        ),
      );
  }
  return reasons;
}

const ofGpus = ({ gpuProcesses }: Measured): Reason[] =>
  [
    ...grouped(
      gpuProcesses.filter(({ of }) => of === 'gone'),
      ({ node, host }) => node ?? host,
    ),
  ].map(([where, all]) =>
    reason(
      `gpu:${where}`,
      'warning',
      `${all.length} processes on ${where} hold GPU memory for attempts that have ended.`,
      'mechanic_automated_recovery ends them.',
    ),
  );

const percent = (ratio: number): string => `${Math.round(ratio * 1_000) / 10} %`;
const seconds = (many: number): string => `${Math.round(many * 10) / 10} s`;
