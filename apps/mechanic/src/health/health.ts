// The state of the lab, measured now: everything is asked at once, and nothing that fails keeps the rest from being told.

import type { Bus } from '@labmesh/bus';
import { BUS, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Machine } from '../machine/machine.js';
import { JobQueueRepository } from '../queue/job-queue.repository.js';
import { check, type Probe, within } from './check.js';
import { DatabaseRepository } from './database.repository.js';
import { GpuHolders } from './gpu-holders.js';
import { JobFiguresRepository } from './job-figures.repository.js';
import type { Measurements, SystemHealth } from './measurements.js';
import { MeshState } from './mesh-state.js';
import { prometheusText } from './prometheus.js';
import { reasonsOf } from './reasons.js';
import { RollCall } from './roll-call.js';

const DATABASE_TIMEOUT_MS = 2_000;
const BUS_TIMEOUT_MS = 2_000;
/** The first check may have to connect and to make the queue's tables. */
const QUEUE_TIMEOUT_MS = 4_000;

/** What is asked, each in a file of its own. */
@Injectable()
export class HealthSources {
  constructor(
    @Inject(RollCall) readonly rollCall: RollCall,
    @Inject(MeshState) readonly mesh: MeshState,
    @Inject(JobFiguresRepository) readonly figures: Pick<JobFiguresRepository, 'jobs' | 'nodes' | 'ended'>,
    @Inject(GpuHolders) readonly gpus: GpuHolders,
    @Inject(DatabaseRepository) readonly database: DatabaseRepository,
    @Inject(JobQueueRepository) readonly queue: JobQueueRepository,
    @Inject(Machine) readonly machine: Machine,
  ) {}
}

@Injectable()
export class Health {
  constructor(
    @Inject(HealthSources) private readonly sources: HealthSources,
    @Inject(BUS) private readonly bus: Pick<Bus, 'kind' | 'ping'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Takes about as long as the slowest check; never rejects because something is down. */
  async measure(): Promise<SystemHealth> {
    const { rollCall, mesh, queue, machine } = this.sources;
    const pings = this.#pings();
    const [services, figures, queueCheck, [database, bus], work, here] = await Promise.all([
      rollCall.take(),
      mesh.ask(),
      this.#check('queue', { kind: queue.kind, timeoutMs: QUEUE_TIMEOUT_MS, ask: () => queue.counts() }),
      pings,
      this.#work(),
      // Afterwards, because starting nvidia-smi holds this process up for longer than a ping takes.
      pings.then(() => machine.measure()),
    ]);
    const measured = {
      at: new Date().toISOString(),
      services,
      database,
      queue: { ...queueCheck.verdict, ...(queueCheck.answer ?? { waiting: null, active: null, failed: null }) },
      bus,
      ...here,
      ...figures,
      ...work,
    };
    const reasons = reasonsOf(measured);
    const status = reasons.some(({ severity }) => severity === 'critical') ? 'degraded' : 'healthy';
    const whole: Measurements = { status, ...measured, reasons };
    return { ...whole, prometheus: await prometheusText(whole) };
  }

  async #pings() {
    const { database } = this.sources;
    const took = (ms: number): number => ms;
    const ask = (): Promise<number> => database.ping();
    const pinged = await Promise.all([
      this.#check('database', { kind: database.kind, timeoutMs: DATABASE_TIMEOUT_MS, ask, took }),
      this.#check('bus', { kind: this.bus.kind, timeoutMs: BUS_TIMEOUT_MS, ask: () => this.bus.ping(), took }),
    ]);
    return [pinged[0].verdict, pinged[1].verdict] as const;
  }

  /** Nothing is known of jobs while the database does not answer; its own check says so. */
  async #work(): Promise<Pick<Measurements, 'jobs' | 'nodes' | 'gpuProcesses'>> {
    const { figures, gpus } = this.sources;
    const ask = () => Promise.all([figures.jobs(), figures.nodes()]);
    const [jobs, nodes] = await within(DATABASE_TIMEOUT_MS, ask).catch(() => [null, []] as const);
    const alive = nodes.reduce((sum, { workers }) => sum + workers.length, 0);
    return { jobs, nodes: [...nodes], gpuProcesses: await gpus.find(alive) };
  }

  #check<T>(what: string, probe: Probe<T>) {
    const ask = (): Promise<T> =>
      probe.ask().catch((error: unknown) => {
        this.log.warn({ err: error, what }, 'does not answer');
        throw error;
      });
    return check({ ...probe, ask });
  }
}
