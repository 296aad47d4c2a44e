// Puts waiting jobs on nodes, in one transaction under one lock: what a node has free follows from its attempts that have not ended,
// so nothing is given twice, and nothing has to be given back. Two trips to the database: one that looks, one that writes and commits.
import { type Database, poolTransaction } from '@labmesh/db';
import type { PlacedAttempt } from '../queue/attempt-queues.js';
import type { NodeRow } from '../rows/nodes.repository.js';
import { type Choice, choose, type JobQuota, type OwnerUse, type View } from './choosing.js';
import { emptyRoom, type Room } from './fitting.js';
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

/**
 * Not waited for on the disk: what goes by it is a worker's claim, which is, and is never there without what was committed before it.
 */
const UNHURRIED = 'SET LOCAL synchronous_commit TO OFF';
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('mechanic:placement', 0))`;
const VIEW = `SELECT * FROM mechanic.placement_view(${WHILE_SECONDS}, ${EACH_OWNER})`;
const PLACE = `SELECT job_id AS "jobId", number, node_id AS node FROM mechanic.place_jobs`;
const READY = `SELECT EXISTS (SELECT 1 FROM mechanic.jobs WHERE state = 'waiting' AND unmet = 0 AND ready_at <= clock_timestamp()) AS ready`;

interface Client {
  query(sql: string): Promise<unknown>;
  escapeLiteral(text: string): string;
}
interface Rows<Row> {
  readonly rows: Row[];
}

/** As JSON has it: times are text. */
type Looked = Omit<WaitingJob, 'submittedAt' | 'readyAt'> & { readonly submittedAt: string; readonly readyAt: string };
interface Lab {
  readonly living: readonly LivingNode[];
  readonly waiting: readonly Looked[];
  readonly uses: readonly OwnerUse[];
}
type LivingNode = Pick<
  NodeRow,
  'id' | 'cpuMilli' | 'memoryMb' | 'gpus' | 'executors' | 'takenCpuMilli' | 'takenMemoryMb' | 'takenGpus'
>;

export class Placement {
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly settings: PlacementSettings,
  ) {}

  /** Answers what begins now: each is to be put into its node's queue. `isReady`: something waits, which need not be looked for. */
  async place(isReady = false): Promise<Placed[]> {
    if (!isReady && !(await this.#isReady())) return [];
    const work = async (client: Client, begun: unknown): Promise<Placed[]> => {
      const { placings } = choose(this.#viewOf((begun as unknown[]).at(-1)));
      const chosen = client.escapeLiteral(JSON.stringify(placings));
      const answers = await client.query(placings.length === 0 ? 'COMMIT' : `${PLACE}(${chosen}); COMMIT`);
      return placings.length === 0 ? [] : (answers as [Rows<Placed>, unknown])[0].rows;
    };
    return poolTransaction(this.database, work, { begin: `BEGIN; ${UNHURRIED}; ${LOCK}; ${VIEW}`, commits: true });
  }

  async #isReady(): Promise<boolean> {
    return (await this.database.pool.query<{ ready: boolean }>(READY)).rows[0]?.ready === true;
  }

  /** What would be chosen now, with one more job that waits when given. Changes nothing. */
  async look(more?: WaitingJob): Promise<Choice> {
    const view = this.#viewOf(await this.database.pool.query(VIEW));
    return choose(more === undefined ? view : { ...view, waiting: [...view.waiting, more] });
  }

  #viewOf(looked: unknown): View {
    const [lab = { living: [], waiting: [], uses: [] }] = (looked as Rows<Lab>).rows;
    const { quotaOf, reserveAfterMs } = this.settings;
    const waiting = lab.waiting.map((job) => ({
      ...job,
      submittedAt: new Date(job.submittedAt),
      readyAt: new Date(job.readyAt),
    }));
    return { rooms: lab.living.map(roomOf), waiting, uses: lab.uses, quotaOf, reserveAfterMs, now: new Date() };
  }
}

function roomOf(node: LivingNode): Room {
  const taken = new Set(node.takenGpus);
  const empty = emptyRoom(node);
  return {
    ...empty,
    cpuMilli: node.cpuMilli - node.takenCpuMilli,
    memoryMb: node.memoryMb - node.takenMemoryMb,
    gpus: empty.gpus.filter((index) => !taken.has(index)),
  };
}
