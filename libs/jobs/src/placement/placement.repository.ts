// Puts waiting jobs on nodes, in one transaction under one lock: what a node has free follows from its attempts that have not ended,
// so nothing is given twice, and nothing has to be given back. Two trips to the database: one that looks, one that writes and commits.
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
const LAB = `SELECT sum(cpu_milli) AS cpu, sum(memory_mb) AS memory, sum(gpus) AS gpus FROM mechanic.nodes n WHERE n.drained_at IS NULL
  AND EXISTS (SELECT 1 FROM mechanic.workers w WHERE w.node_id = n.id AND w.stopped_at IS NULL AND w.lease_until > clock_timestamp())`;
/** What each has now, and has used: its largest share of what the lab has, times seconds. */
const USES = `
  SELECT j.owner, count(*) FILTER (WHERE a.state <> 'ended')::int AS running,
         coalesce(sum(a.cpu_milli) FILTER (WHERE a.state <> 'ended'), 0)::int AS "cpuMilli",
         coalesce(sum(cardinality(a.gpu_indexes)) FILTER (WHERE a.state <> 'ended'), 0)::int AS gpus,
         coalesce(sum(greatest(a.cpu_milli / greatest(lab.cpu, 1)::float8, a.memory_mb / greatest(lab.memory, 1)::float8,
                               cardinality(a.gpu_indexes) / greatest(lab.gpus, 1)::float8)
                      * (60 + extract(epoch FROM coalesce(a.ended_at, clock_timestamp()) - a.placed_at))), 0)::float8 AS use
    FROM mechanic.job_attempts a JOIN mechanic.jobs j ON j.id = a.job_id, (${LAB}) lab
   WHERE a.state <> 'ended' OR a.ended_at > clock_timestamp() - interval '${WHILE_SECONDS} seconds'
   GROUP BY j.owner`;
/** Statements that go together come with a result each. */
const VIEW = `${LIVING}; ${WAITING}; ${USES}`;
const READY = `SELECT EXISTS (SELECT 1 FROM mechanic.jobs WHERE state = 'waiting' AND unmet = 0 AND ready_at <= clock_timestamp()) AS ready`;

interface Client {
  query(sql: string): Promise<unknown>;
  escapeLiteral(text: string): string;
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
    const work = async (client: Client, begun: unknown): Promise<Placed[]> => {
      const { placings } = choose(this.#viewOf(begun));
      if (placings.length > 0) return placedOf(await client.query(writes(client, placings)));
      await client.query('COMMIT');
      return [];
    };
    return poolTransaction(this.database, work, { begin: `BEGIN; ${LOCK}; ${VIEW}`, commits: true });
  }

  async #isReady(): Promise<boolean> {
    return (await this.database.pool.query<{ ready: boolean }>(READY)).rows[0]?.ready === true;
  }

  /** What would be chosen now, with one more job that waits when given. Changes nothing. */
  async look(more?: WaitingJob): Promise<Choice> {
    const view = this.#viewOf(await this.database.pool.query(VIEW));
    return choose(more === undefined ? view : { ...view, waiting: [...view.waiting, more] });
  }

  #viewOf(results: unknown): View {
    const [living, waiting, uses] = (results as Array<Rows<unknown>>).slice(-3) as [
      Rows<NodeRow>,
      Rows<WaitingJob>,
      Rows<OwnerUse>,
    ];
    const { quotaOf, reserveAfterMs } = this.settings;
    const rooms = living.rows.map(roomOf);
    return { rooms, waiting: waiting.rows, uses: uses.rows, quotaOf, reserveAfterMs, now: new Date() };
  }
}

/**
 * What still waits is locked first, so that the statement behind it sees it as it stays: a unit of which one has ended meanwhile does
 * not begin. It commits.
 */
function writes(client: Client, placings: readonly Placing[]): string {
  const ids = `ARRAY[${placings.map(({ jobId }) => client.escapeLiteral(jobId)).join(',')}]::text[]`;
  const asked = `jsonb_to_recordset(${client.escapeLiteral(JSON.stringify(placings))}::jsonb) AS p("jobId" text, node text, gpus int[], unit text)`;
  return `
    SELECT id FROM mechanic.jobs WHERE id = ANY(${ids}) AND state = 'waiting' AND unmet = 0 ORDER BY id FOR UPDATE;
    WITH p AS (SELECT * FROM ${asked}), broken AS (
      SELECT p.unit FROM p WHERE NOT EXISTS (
        SELECT 1 FROM mechanic.jobs w WHERE w.id = p."jobId" AND w.state = 'waiting' AND w.unmet = 0)
    ), begun AS (
      UPDATE mechanic.jobs j SET state = 'starting', attempts = j.attempts + 1, node_id = p.node FROM p
       WHERE j.id = ANY(${ids}) AND j.id = p."jobId" AND p.unit NOT IN (SELECT unit FROM broken)
      RETURNING j.id, j.attempts, j.cpu_milli, j.memory_mb, p.node, p.gpus)
    INSERT INTO mechanic.job_attempts (job_id, number, node_id, cpu_milli, memory_mb, gpu_indexes)
    SELECT id, attempts, node, cpu_milli, memory_mb, gpus FROM begun
    RETURNING job_id AS "jobId", number, node_id AS node;
    COMMIT`;
}

const placedOf = (results: unknown): Placed[] => (results as [unknown, Rows<Placed>, unknown])[1].rows;

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
