// The state of the lab, measured now: everything is asked at once, and nothing that fails keeps the rest from being told.

import type { Bus } from '@labmesh/bus';
import { BUS, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Machine } from '../machine/machine.js';
import { JobQueueRepository } from '../queue/job-queue.repository.js';
import { check, type Probe } from './check.js';
import { DatabaseRepository } from './database.repository.js';
import type { Measurements, SystemHealth } from './measurements.js';
import { prometheusText } from './prometheus.js';
import { RollCall } from './roll-call.js';

const DATABASE_TIMEOUT_MS = 2_000;
const BUS_TIMEOUT_MS = 2_000;
/** The first check may have to connect and to make the queue's tables. */
const QUEUE_TIMEOUT_MS = 4_000;

@Injectable()
export class Health {
  constructor(
    @Inject(RollCall) private readonly rollCall: RollCall,
    @Inject(DatabaseRepository) private readonly database: DatabaseRepository,
    @Inject(JobQueueRepository) private readonly queue: JobQueueRepository,
    @Inject(BUS) private readonly bus: Pick<Bus, 'kind' | 'ping'>,
    @Inject(Machine) private readonly machine: Machine,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Takes about as long as the slowest check; never rejects because something is down. */
  async measure(): Promise<SystemHealth> {
    const { database, queue, bus } = this;
    const took = (ms: number): number => ms;
    const pings = Promise.all([
      this.#check('database', {
        kind: database.kind,
        timeoutMs: DATABASE_TIMEOUT_MS,
        ask: () => database.ping(),
        took,
      }),
      this.#check('bus', { kind: bus.kind, timeoutMs: BUS_TIMEOUT_MS, ask: () => bus.ping(), took }),
    ]);
    const [services, queueCheck, [databaseCheck, busCheck], figures] = await Promise.all([
      this.rollCall.take(),
      this.#check('queue', { kind: queue.kind, timeoutMs: QUEUE_TIMEOUT_MS, ask: () => queue.counts() }),
      pings,
      // Afterwards, because starting nvidia-smi holds this process up for longer than a ping takes.
      pings.then(() => this.machine.measure()),
    ]);
    const counts = queueCheck.answer ?? { waiting: null, active: null, failed: null };
    const parts = [...services, databaseCheck.verdict, queueCheck.verdict, busCheck.verdict];
    const measured: Measurements = {
      status: parts.every(({ status }) => status === 'up') ? 'healthy' : 'degraded',
      at: new Date().toISOString(),
      services,
      database: databaseCheck.verdict,
      queue: { ...queueCheck.verdict, ...counts },
      bus: busCheck.verdict,
      ...figures,
    };
    return { ...measured, prometheus: await prometheusText(measured) };
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
