// Puts waiting jobs on nodes, in one transaction under one lock: what a node has free follows from its attempts that have not ended,
// so nothing is given twice, and nothing has to be given back.
import { type Database, poolTransaction } from '@labmesh/db';
import type { PlacedAttempt } from '../queue/attempt-queues.js';
import { NODES, type NodeRow } from '../rows/nodes.repository.js';
import { type Choice, choose, type JobQuota, type OwnerUse, type Placing, type View } from './choosing.js';
import type { Room } from './fitting.js';
import type { WaitingJob } from './waiting-job.js';

export interface PlacementSettings {
  readonly quotaOf: (role: string) => JobQuota;
  /** A job that does not fit keeps nodes for itself after so long, milliseconds. */
  readonly reserveAfterMs: number;
}

export interface Placed extends PlacedAttempt {
  readonly node: string;
}

/** How long what a wallet has used counts, seconds. */
const WHILE_SECONDS = 3_600;
/** Jobs of one owner that are looked at in one turn; those behind them come when these have begun. */
const EACH_OWNER = 256;

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('mechanic:placement', 0))`;
const LIVING = `SELECT * FROM (${NODES}) living WHERE living.workers > 0 AND living."drainedAt" IS NULL ORDER BY living.id`;
/** From owner to owner along the index, and of each the first few. */
const WAITING = `
  WITH RECURSIVE owners AS (
    (SELECT owner FROM mechanic.jobs WHERE state = 'waiting' AND unmet = 0 ORDER BY owner LIMIT 1)
    UNION ALL
    SELECT (SELECT j.owner FROM mechanic.jobs j WHERE j.state = 'waiting' AND j.unmet = 0 AND j.owner > o.owner ORDER BY j.owner LIMIT 1)
      FROM owners o WHERE o.owner IS NOT NULL)
  SELECT w.* FROM owners o, LATERAL (
    SELECT j.id AS "jobId", j.owner, j.role, j.executor, (j.spec ->> 'network')::boolean AS network,
           (j.spec #>> '{resources,diskMb}')::int AS "diskMb", j.cpu_milli AS "cpuMilli", j.memory_mb AS "memoryMb", j.gpus, j.priority,
           j.submitted_at AS "submittedAt", j.ready_at AS "readyAt", j.gang, j.gang_size AS "gangSize", j.attempts
      FROM mechanic.jobs j
     WHERE j.owner = o.owner AND j.state = 'waiting' AND j.unmet = 0 AND j.ready_at <= clock_timestamp()
     ORDER BY j.priority DESC, j.submitted_at, j.id LIMIT ${EACH_OWNER}) w
   WHERE o.owner IS NOT NULL`;
/** What each has now, and has used: its largest share of what the lab has, times seconds. */
const USES = `
  SELECT j.owner, count(*) FILTER (WHERE a.state <> 'ended')::int AS running,
         coalesce(sum(a.cpu_milli) FILTER (WHERE a.state <> 'ended'), 0)::int AS "cpuMilli",
         coalesce(sum(cardinality(a.gpu_indexes)) FILTER (WHERE a.state <> 'ended'), 0)::int AS gpus,
         coalesce(sum(greatest(a.cpu_milli / greatest($2::float8, 1), a.memory_mb / greatest($3::float8, 1),
                               cardinality(a.gpu_indexes) / greatest($4::float8, 1))
                      * (60 + extract(epoch FROM coalesce(a.ended_at, clock_timestamp()) - a.placed_at))), 0)::float8 AS use
    FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id
   WHERE j.owner = ANY($1::text[]) AND (a.state <> 'ended' OR a.ended_at > clock_timestamp() - interval '${WHILE_SECONDS} seconds')
   GROUP BY j.owner`;
const STILL = `
  SELECT id FROM mechanic.jobs WHERE id = ANY($1::text[]) AND state = 'waiting' AND unmet = 0 ORDER BY id FOR UPDATE`;
const PLACE = `
  WITH begun AS (
    UPDATE mechanic.jobs j SET state = 'starting', attempts = j.attempts + 1, node_id = p.node
      FROM unnest($1::text[], $2::text[], $3::text[]) AS p(id, node, gpus) WHERE j.id = p.id
    RETURNING j.id, j.attempts, j.cpu_milli, j.memory_mb, p.node, p.gpus)
  INSERT INTO mechanic.job_attempts (job_id, number, node_id, cpu_milli, memory_mb, gpu_indexes)
  SELECT id, attempts, node, cpu_milli, memory_mb, gpus::int[] FROM begun
  RETURNING job_id AS "jobId", number, node_id AS node`;
const READY = `SELECT EXISTS (SELECT 1 FROM mechanic.jobs WHERE state = 'waiting' AND unmet = 0 AND ready_at <= clock_timestamp()) AS ready`;

/** A client in its transaction, or the pool. */
interface Asks {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Rows<Row>>;
}
interface Rows<Row> {
  readonly rows: Row[];
}

export class Placement {
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly settings: PlacementSettings,
  ) {}

  /** Answers what begins now: each is to be put into its node's queue. `isReady`: something waits, which need not be looked for. */
  async place(isReady = false): Promise<Placed[]> {
    if (!isReady && !(await this.#isReady())) return [];
    const work = async (client: Asks): Promise<Placed[]> => {
      const { placings } = choose(await this.#view(client));
      return placings.length === 0 ? [] : await this.#write(client, placings);
    };
    return poolTransaction(this.database, work, { begin: `BEGIN; ${LOCK}` });
  }

  async #isReady(): Promise<boolean> {
    return (await this.database.pool.query<{ ready: boolean }>(READY)).rows[0]?.ready === true;
  }

  /** What would be chosen now, with one more job that waits when given. Changes nothing. */
  async look(more?: WaitingJob): Promise<Choice> {
    const view = await this.#view(this.database.pool, more);
    return choose(view);
  }

  async #view(asks: Asks, more?: WaitingJob): Promise<View> {
    // Two statements that go together, and so come with two results.
    const both = (await asks.query(`${LIVING}; ${WAITING}`)) as unknown as [Rows<NodeRow>, Rows<WaitingJob>];
    const [rooms, found] = [both[0].rows.map(roomOf), both[1].rows];
    const waiting = more === undefined ? found : [...found, more];
    const sum = (of: (room: Room) => number): number => rooms.reduce((all, room) => all + of(room), 0);
    const totals = [
      sum(({ total }) => total.cpuMilli),
      sum(({ total }) => total.memoryMb),
      sum(({ total }) => total.gpus),
    ];
    const owners = [...new Set(waiting.map(({ owner }) => owner))];
    const uses = (await asks.query<OwnerUse>(USES, [owners, ...totals])).rows;
    const { quotaOf, reserveAfterMs } = this.settings;
    return { rooms, waiting, uses, quotaOf, reserveAfterMs, now: new Date() };
  }

  async #write(client: Asks, placings: readonly Placing[]): Promise<Placed[]> {
    const ids = placings.map(({ jobId }) => jobId);
    const still = new Set((await client.query<{ id: string }>(STILL, [ids])).rows.map((row) => row.id));
    const broken = new Set(placings.filter(({ jobId }) => !still.has(jobId)).map(({ unit }) => unit));
    const whole = placings.filter(({ unit }) => !broken.has(unit));
    if (whole.length === 0) return [];
    const values = [
      whole.map(({ jobId }) => jobId),
      whole.map(({ node }) => node),
      whole.map(({ gpus }) => `{${gpus.join(',')}}`),
    ];
    return (await client.query<Placed>(PLACE, values)).rows;
  }
}

function roomOf(node: NodeRow): Room {
  const taken = new Set(node.takenGpus);
  return {
    node: node.id,
    cpuMilli: node.cpuMilli - node.takenCpuMilli,
    memoryMb: node.memoryMb - node.takenMemoryMb,
    gpus: Array.from({ length: node.gpus }, (_, index) => index).filter((index) => !taken.has(index)),
    executors: node.executors,
    total: { cpuMilli: node.cpuMilli, memoryMb: node.memoryMb, gpus: node.gpus },
  };
}
