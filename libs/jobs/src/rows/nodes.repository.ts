// Nodes as they are now: what they have, what is taken, who works there; and what computing costs.
import type { ExecutorReport } from '../executor.js';
import { type Changed, changedOf } from './attempts.repository.js';
import type { Prices } from './new-job.js';
import { type Pool, rowsOf } from './statements.repository.js';

export interface NodeRow {
  readonly id: string;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly executors: readonly ExecutorReport[];
  readonly drainedAt: Date | null;
  readonly drainReason: string | null;
  readonly seenAt: Date;
  /** Whose lease runs. */
  readonly workers: number;
  /** Attempts there that have not ended hold this. */
  readonly running: number;
  readonly takenCpuMilli: number;
  readonly takenMemoryMb: number;
  readonly takenGpus: readonly number[];
}

/** What a node has, whatever is taken of it. */
export type NodeSize = Pick<NodeRow, 'id' | 'cpuMilli' | 'memoryMb' | 'gpus' | 'executors'>;

export interface LabForSubmission {
  readonly sizes: readonly NodeSize[];
  readonly prices: Prices;
  /** Jobs of the wallet that have not ended. */
  readonly alive: number;
}

/** A version of the lab's parameters, and who set it. */
export interface PricesSet {
  readonly version: number;
  readonly by: string | null;
}

const NODES = `
  SELECT id, cpu_milli AS "cpuMilli", memory_mb AS "memoryMb", gpus, executors, drained_at AS "drainedAt", drain_reason AS "drainReason",
         seen_at AS "seenAt", workers, running, taken_cpu_milli AS "takenCpuMilli", taken_memory_mb AS "takenMemoryMb",
         taken_gpus AS "takenGpus"
    FROM mechanic.node_standings() n`;

const FOR_SUBMISSION = `
  SELECT (SELECT coalesce(json_agg(json_build_object('id', n.id, 'cpuMilli', n.cpu_milli, 'memoryMb', n.memory_mb, 'gpus', n.gpus,
                                                     'executors', n.executors) ORDER BY n.id), '[]') FROM mechanic.nodes n) AS sizes,
         (SELECT coalesce(json_object_agg(p.unit, p.micro::text), '{}') FROM mechanic.prices p) AS prices,
         (SELECT count(*)::int FROM mechanic.jobs WHERE owner = $1 AND ended_at IS NULL) AS alive`;

/** Nothing starts there while its row says so: placements take the same lock. */
const DRAIN = `
  WITH turn AS (SELECT pg_advisory_xact_lock(hashtextextended('mechanic:placement', 0)))
  UPDATE mechanic.nodes n SET drained_at = coalesce(n.drained_at, clock_timestamp()), drain_reason = $2, drain_ends = $3
    FROM turn WHERE n.id = $1 RETURNING n.id`;
const TAKE_BACK = `
  SELECT e.id, e.state FROM (SELECT job_id, number FROM mechanic.job_attempts WHERE node_id = $1 AND state = 'placed' ORDER BY job_id) a,
         LATERAL mechanic.end_attempt(a.job_id, a.number, NULL, 'lost', 'drained', 'Its node is being emptied.', NULL, NULL, 0, 0, 0) e`;
const RESUME = `UPDATE mechanic.nodes SET drained_at = NULL, drain_reason = NULL, drain_ends = false WHERE id = $1 RETURNING id`;

export class NodeRows {
  constructor(private readonly database: Pool) {}

  all(): Promise<NodeRow[]> {
    return rowsOf(this.database, `${NODES} ORDER BY n.id`);
  }

  async find(node: string): Promise<NodeRow | undefined> {
    return (await rowsOf<NodeRow>(this.database, `${NODES} WHERE n.id = $1`, [node]))[0];
  }

  /** Nothing starts there any more. What was placed and not begun goes back; `end`: what runs is ended too, by its workers. */
  async drain(node: string, reason: string | null, end: boolean): Promise<Changed[] | undefined> {
    if ((await rowsOf(this.database, DRAIN, [node, reason, end])).length === 0) return undefined;
    return changedOf(await rowsOf(this.database, TAKE_BACK, [node]));
  }

  async resume(node: string): Promise<boolean> {
    return (await rowsOf(this.database, RESUME, [node])).length === 1;
  }

  /** All that a submission asks about, in one statement; of no wallet none is alive. */
  async forSubmission(owner: string | null): Promise<LabForSubmission> {
    const [row] = await rowsOf<
      Omit<LabForSubmission, 'prices'> & { readonly prices: Readonly<Record<string, string>> }
    >(this.database, FOR_SUBMISSION, [owner]);
    const { sizes = [], prices = {}, alive = 0 } = row ?? {};
    return { sizes, prices: pricesOf(prices), alive };
  }

  async prices(): Promise<Prices> {
    return (await this.forSubmission(null)).prices;
  }

  /** Those that are left out stay as they are, and so does each that a newer version of the lab's parameters has set. */
  async setPrices({ cpuSecond, gpuSecond, gbSecond }: Partial<Prices>, { version, by }: PricesSet): Promise<void> {
    const sql = `
      UPDATE mechanic.prices p SET micro = n.micro, set_at = clock_timestamp(), set_by = $3, version = $4
        FROM unnest($1::text[], $2::bigint[]) AS n(unit, micro)
       WHERE p.unit = n.unit AND n.micro IS NOT NULL AND p.version < $4`;
    const micro = [cpuSecond, gpuSecond, gbSecond].map((one) => one?.toString() ?? null);
    await rowsOf(this.database, sql, [['cpu_second', 'gpu_second', 'gb_second'], micro, by, version]);
  }
}

const pricesOf = (micro: Readonly<Record<string, string>>): Prices => {
  const of = (unit: string): bigint => BigInt(micro[unit] ?? 0);
  return { cpuSecond: of('cpu_second'), gpuSecond: of('gpu_second'), gbSecond: of('gb_second') };
};
