// What this process tells of itself to the Mechanic: how long calls took, the places where it keeps things, and what other parts
// add. Figures only, read when they are asked for. Every process of the lab answers.
import { hostname } from 'node:os';
import { STATE_SUBJECT } from '@labmesh/bus';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { Metrics } from '../metrics.js';
import { type DiskFigures, measureDisk, type Place } from './disk.js';
import type { RecentFigures } from './recent-calls.js';

export interface PlaceFigures extends DiskFigures {
  readonly place: Place['name'];
}

export interface StateOfProcess {
  /** Its name in the log, such as `curator`. */
  readonly process: string;
  /** Its machine, as that calls itself. */
  readonly host: string;
  readonly recent: readonly RecentFigures[];
  readonly places: readonly PlaceFigures[];
  readonly [more: string]: unknown;
}

interface StateSources {
  readonly name: string;
  readonly metrics: Pick<Metrics, 'recent'>;
  readonly places: readonly Place[];
}

/** A file system that hangs must not keep the rest from being told. */
const DISK_MS = 200;

export class ProcessState {
  readonly #more = new Map<string, () => unknown>();

  constructor(private readonly sources: StateSources) {}

  /** One more thing to tell, under a name of its own. */
  add(name: string, read: () => unknown): void {
    this.#more.set(name, read);
  }

  async tell(): Promise<StateOfProcess> {
    const { name, metrics, places } = this.sources;
    const measured = await Promise.all(places.map(measuredPlace));
    return {
      ...Object.fromEntries([...this.#more].map(([what, read]) => [what, read()])),
      process: name,
      host: hostname(),
      recent: metrics.recent.figures(),
      places: measured.filter((place) => place !== undefined),
    };
  }
}

async function measuredPlace({ name: place, path }: Place): Promise<PlaceFigures | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), DISK_MS);
  });
  const measured = measureDisk(path).then(
    (figures) => ({ place, ...figures }),
    () => undefined,
  );
  return Promise.race([measured, late]).finally(() => clearTimeout(timer));
}

@Controller()
export class ProcessStateTeller {
  constructor(@Inject(ProcessState) private readonly state: ProcessState) {}

  @MessagePattern(STATE_SUBJECT, { queue: '' })
  tell(): Promise<StateOfProcess> {
    return this.state.tell();
  }
}
