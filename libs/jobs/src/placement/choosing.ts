// Which jobs begin now, and where. Pure: the same view gives the same choice, so a question about it is answered by making it.
//
// The owner with the least use of the last while comes first, and of its jobs the one of the highest priority, the oldest. A job that
// does not fit lets those behind it pass, until it has waited long: then the nodes it needs are kept for it. A gang is one unit.
import { emptyRoom, fit, type Room } from './fitting.js';
import { type Unit, unitsOf } from './units.js';
import type { Missing, WaitingJob } from './waiting-job.js';

/** What a wallet has now, and has used of the lab: seconds times the largest share of any resource. */
export interface OwnerUse {
  readonly owner: string;
  readonly running: number;
  readonly cpuMilli: number;
  readonly gpus: number;
  readonly use: number;
}

/** What a wallet may have at once; what is left out has no limit. */
export interface JobQuota {
  readonly waiting?: number;
  readonly running?: number;
  readonly cpus?: number;
  readonly gpus?: number;
}

export interface View {
  readonly rooms: readonly Room[];
  /** Of each owner those that come first, in their order. */
  readonly waiting: readonly WaitingJob[];
  readonly uses: readonly OwnerUse[];
  readonly quotaOf: (role: string) => JobQuota;
  readonly now: Date;
  /** After so long a job that does not fit keeps nodes. */
  readonly reserveAfterMs: number;
}

export interface Placing {
  readonly jobId: string;
  readonly node: string;
  readonly gpus: readonly number[];
  /** Of a gang: all of its jobs or none. */
  readonly unit: string;
}

export interface Choice {
  readonly placings: readonly Placing[];
  /** Of each job that does not begin, the one thing that it lacks. */
  readonly missing: ReadonlyMap<string, Missing>;
  /** Nodes that are kept for one that has waited long. */
  readonly kept: readonly string[];
}

/** An attempt counts for at least so many seconds, so that wallets without any use take turns. */
const TURN_SECONDS = 60;

export function choose(view: View): Choice {
  const standing = new Map(view.uses.map((use) => [use.owner, { ...use }]));
  const { units, missing } = unitsOf(view.waiting);
  const placings: Placing[] = [];
  const kept = new Set<string>();
  const totals = totalsOf(view.rooms);
  let rooms = view.rooms;
  for (let unit = next(units, standing); unit !== undefined; unit = next(units, standing)) {
    const mine = standing.get(unit.owner) ?? { owner: unit.owner, running: 0, cpuMilli: 0, gpus: 0, use: 0 };
    standing.set(unit.owner, mine);
    if (overQuota(unit, mine, view.quotaOf(unit.role))) {
      tell(missing, unit, 'quota');
      continue;
    }
    const open = rooms.filter(({ node }) => !kept.has(node));
    const fitted = fit(unit.jobs, open);
    if (fitted === undefined) {
      tell(missing, unit, whatLacks(unit, { open, rooms, first: view.rooms }));
      if (kept.size === 0 && view.now.getTime() - unit.readyAt.getTime() >= view.reserveAfterMs)
        for (const node of nodesFor(unit, rooms)) kept.add(node);
      continue;
    }
    for (const { job, node, gpus } of fitted.places) {
      placings.push({ jobId: job.jobId, node, gpus, unit: unit.id });
      mine.running += 1;
      mine.cpuMilli += job.cpuMilli;
      mine.gpus += job.gpus;
      mine.use += shareOf(job, totals) * TURN_SECONDS;
    }
    rooms = rooms.map((room) => fitted.rooms.get(room.node) ?? room);
  }
  return { placings, missing, kept: [...kept] };
}

/** Of what all nodes have together. */
export const shareOf = (
  job: Pick<WaitingJob, 'cpuMilli' | 'memoryMb' | 'gpus'>,
  totals: Pick<Room, 'cpuMilli' | 'memoryMb'> & { readonly gpuCount: number },
): number =>
  Math.max(
    job.cpuMilli / Math.max(1, totals.cpuMilli),
    job.memoryMb / Math.max(1, totals.memoryMb),
    job.gpus / Math.max(1, totals.gpuCount),
  );

const totalsOf = (rooms: readonly Room[]) => ({
  cpuMilli: rooms.reduce((sum, { total }) => sum + total.cpuMilli, 0),
  memoryMb: rooms.reduce((sum, { total }) => sum + total.memoryMb, 0),
  gpuCount: rooms.reduce((sum, { total }) => sum + total.gpus, 0),
});

/** Takes the first unit of the owner whose turn it is. */
function next(units: Map<string, Unit[]>, uses: ReadonlyMap<string, OwnerUse>): Unit | undefined {
  let turn: { use: number; unit: Unit; left: Unit[] } | undefined;
  for (const left of units.values()) {
    const [unit] = left;
    if (unit === undefined) continue;
    const use = uses.get(unit.owner)?.use ?? 0;
    if (turn === undefined || use < turn.use || (use === turn.use && isOlder(unit, turn.unit)))
      turn = { use, unit, left };
  }
  return turn?.left.shift();
}

const isOlder = (one: Unit, other: Unit): boolean =>
  one.readyAt.getTime() - other.readyAt.getTime() < 0 ||
  (one.readyAt.getTime() === other.readyAt.getTime() && one.id < other.id);

function overQuota({ jobs }: Unit, mine: OwnerUse, quota: JobQuota): boolean {
  const sum = (of: (job: WaitingJob) => number): number => jobs.reduce((all, job) => all + of(job), 0);
  return (
    mine.running + jobs.length > (quota.running ?? Number.POSITIVE_INFINITY) ||
    mine.cpuMilli + sum((job) => job.cpuMilli) > (quota.cpus ?? Number.POSITIVE_INFINITY) * 1_000 ||
    mine.gpus + sum((job) => job.gpus) > (quota.gpus ?? Number.POSITIVE_INFINITY)
  );
}

function tell(missing: Map<string, Missing>, { jobs }: Unit, what: Missing): void {
  for (const { jobId } of jobs) missing.set(jobId, what);
}

const emptied = ({ node: id, executors, total }: Room): Room => emptyRoom({ id, executors, ...total });

/** The nodes that it would have if they were empty, those with the most room now first. */
function nodesFor({ jobs }: Unit, rooms: readonly Room[]): string[] {
  const roomiest = rooms.toSorted((a, b) => b.gpus.length - a.gpus.length || b.cpuMilli - a.cpuMilli).map(emptied);
  return [...new Set(fit(jobs, roomiest, 'first')?.places.map(({ node }) => node) ?? [])];
}

interface Rooms {
  readonly open: readonly Room[];
  readonly rooms: readonly Room[];
  /** Before anything was chosen. */
  readonly first: readonly Room[];
}

function whatLacks({ jobs }: Unit, { open, rooms, first }: Rooms): Missing {
  if (first.length === 0) return 'node';
  if (fit(jobs, first.map(emptied)) === undefined)
    return fit(jobs.map(light), first.map(emptied)) === undefined ? 'executor' : 'node';
  if (open.length < rooms.length && fit(jobs, rooms) !== undefined) return 'reservation';
  if (fit(jobs, first) !== undefined) return 'share';
  const without = (one: Partial<WaitingJob>): boolean =>
    fit(
      jobs.map((job) => ({ ...job, ...one })),
      rooms,
    ) !== undefined;
  if (without({ gpus: 0 })) return 'gpus';
  if (without({ memoryMb: 0 })) return 'memory';
  if (without({ cpuMilli: 0 })) return 'cpus';
  return jobs.some(({ gpus }) => gpus > 0) ? 'gpus' : 'cpus';
}

const light = (job: WaitingJob): WaitingJob => ({ ...job, cpuMilli: 0, memoryMb: 0, gpus: 0 });
