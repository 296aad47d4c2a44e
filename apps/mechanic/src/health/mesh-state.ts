// Asks every process of the lab how it is, once, and makes one picture of the answers. Who does not answer in time is left out.
import { type Bus, STATE_SUBJECT } from '@labmesh/bus';
import { BUS, LOGGER, type Logger, percentile, sumOfRanges } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { rounded } from './check.js';
import { grouped } from './grouped.js';
import type { SystemHealth } from './measurements.js';

/** How long answers are collected, milliseconds. */
const WINDOW_MS = 300;

const State = z.object({
  process: z.string(),
  host: z.string(),
  recent: z.array(
    z.object({
      name: z.string(),
      calls: z.number(),
      failed: z.number(),
      ranges: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  places: z.array(
    z.object({
      place: z.enum(['home', 'blobs']),
      path: z.string(),
      totalBytes: z.number(),
      availableBytes: z.number(),
    }),
  ),
  circuits: z.record(z.string(), z.object({ circuit: z.enum(['closed', 'half_open', 'open']) })).default({}),
});
type State = z.output<typeof State>;

export type MeshFigures = Pick<SystemHealth, 'latency' | 'circuits' | 'disks'>;

@Injectable()
export class MeshState {
  constructor(
    @Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Never rejects. */
  async ask(): Promise<MeshFigures> {
    try {
      const answers = await this.bus.scatter(STATE_SUBJECT, {}, { headers: {}, windowMs: WINDOW_MS });
      const states = answers.flatMap(({ body }) => State.safeParse(body).data ?? []);
      return { latency: latencyOf(states), circuits: circuitsOf(states), disks: disksOf(states) };
    } catch (error) {
      this.log.warn({ err: error }, 'the processes of the lab could not be asked');
      return { latency: [], circuits: [], disks: [] };
    }
  }
}

function latencyOf(states: readonly State[]): MeshFigures['latency'] {
  const by = grouped(
    states.flatMap(({ recent }) => recent),
    ({ name }) => name,
  );
  return [...by].map(([name, all]) => {
    const ranges = sumOfRanges(all.map((one) => one.ranges));
    const at = (share: number): number => rounded(percentile(ranges, share) ?? 0);
    const sum = (of: 'calls' | 'failed'): number => all.reduce((total, one) => total + one[of], 0);
    return { name, calls: sum('calls'), failed: sum('failed'), p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
  });
}

const circuitsOf = (states: readonly State[]): MeshFigures['circuits'] =>
  states.flatMap(({ process, host, circuits }) =>
    Object.entries(circuits).flatMap(([agent, { circuit: state }]) =>
      state === 'closed' ? [] : [{ process, host, agent, state }],
    ),
  );

/** Replicas on one machine share a folder: it is told once. */
function disksOf(states: readonly State[]): MeshFigures['disks'] {
  const told = states.flatMap(({ process, host, places }) => places.map((place) => ({ process, host, ...place })));
  const by = grouped(told, ({ host, place, path }) => `${host} ${place} ${path}`);
  return [...by.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { process, ...disk } = first;
    return [{ ...disk, processes: [...new Set([process, ...others.map((other) => other.process)])].sort() }];
  });
}
