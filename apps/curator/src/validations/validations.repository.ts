// Validations in the database. Every reading names who asks: what is about a dataset that they may not read, and that they had no part
// in, is not there. Each change is one transaction, with the events that tell of it.
import { curator, type VALIDATION_LISTS } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, isUniqueViolation, Outbox, Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { LAB } from '../datasets/dataset.js';
import { SHARED } from '../datasets/shared-versions.js';
import type { Settled } from './agreement.js';
import type { NewReport, NewValidation, Report, Reportable, Validation } from './validation.js';

type Transaction = Prisma.TransactionClient;

export interface Page {
  readonly which: (typeof VALIDATION_LISTS)[number];
  readonly limit: number;
  /** The last one of the page before. */
  readonly after: string | undefined;
}

/** What a report does: nothing, as it was made before; or it is added, and may settle the claim. */
export type Decision =
  | { readonly before: Report }
  | { readonly add: NewReport & { readonly place: number }; readonly settled: Settled<Placed> | undefined };
export interface Placed {
  readonly place: number;
  readonly measured: string;
  readonly walletId: string;
}

const IS_OPEN = `(s.state = 'open' AND s.deadline > clock_timestamp())`;
const READABLE = `(d.withdrawn_at IS NULL AND (d.owner = ANY (ARRAY['${LAB}', $1::text]) OR ${SHARED}))`;
const REPORTED =
  'EXISTS (SELECT 1 FROM curator.validation_reports r WHERE r.validation_id = s.id AND r.wallet_id = $1)';
const VISIBLE = `(s.asked_by = $1 OR ${READABLE} OR ${REPORTED})`;
// An open one whose deadline is over needs nobody to write that down.
const FIELDS = `s.id, s.asked_by AS "askedBy", s.title, s.method, s.dataset_id AS "datasetId", s.version,
  s.model_sha256 AS "modelSha256", s.metric, s.claimed, s.tolerance, s.reports_wanted AS "reportsWanted",
  s.shares_data AS "sharesData", s.agreed, s.asked_at AS "askedAt", s.deadline, v.sha256 AS "datasetSha256",
  v.row_count AS "datasetRows", CASE WHEN s.state = 'open' AND NOT ${IS_OPEN} THEN 'undecided' ELSE s.state END AS state,
  CASE WHEN s.state = 'open' AND NOT ${IS_OPEN} THEN s.deadline ELSE s.ended_at END AS "endedAt",
  (SELECT count(*)::int FROM curator.validation_reports c WHERE c.validation_id = s.id) AS "reportsMade",
  ${REPORTED} AS reported`;
const FROM = `FROM curator.validations s JOIN curator.dataset_versions v ON v.dataset_id = s.dataset_id AND v.version = s.version
  JOIN curator.datasets d ON d.id = s.dataset_id`;
const oneWith = (fields: string): string => `SELECT ${fields} ${FROM} WHERE s.id = $2 AND ${VISIBLE}`;
const ONE = oneWith(FIELDS);
const ONE_TO_REPORT = oneWith(`${FIELDS}, ${READABLE} AS readable`);
const WHICH: Readonly<Record<Page['which'], string>> = {
  open: `${IS_OPEN} AND s.asked_by <> $1 AND ${READABLE} AND NOT ${REPORTED}`,
  asked: 's.asked_by = $1',
  reported: `s.id IN (SELECT r.validation_id FROM curator.validation_reports r WHERE r.wallet_id = $1)`,
  ended: `NOT ${IS_OPEN} AND ${VISIBLE}`,
};
const OPEN_OF = `SELECT count(*)::int AS count FROM curator.validations s WHERE s.asked_by = $1 AND ${IS_OPEN}`;
const REPORTS = `SELECT place, wallet_id AS "walletId", measured, row_count AS rows, evidence, public_key AS "publicKey", signature,
  agrees, reported_at AS "reportedAt" FROM curator.validation_reports WHERE validation_id = $1 ORDER BY place`;

type Raw<V extends Validation> = Omit<V, 'datasetRows'> & { readonly datasetRows: string | bigint };
type ReportRow = Omit<Report, 'rows'> & { readonly rows: string | bigint };

@Injectable()
export class ValidationsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Pick<Database, 'pool' | 'prisma'>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** Undefined when there is none, or none that this wallet may see. */
  async find(id: string, walletId: string): Promise<Validation | undefined> {
    const { rows } = await this.database.pool.query<Raw<Validation>>(ONE, [walletId, id]);
    return rows.map((row) => validationOf<Validation>(row))[0];
  }

  /** Newest first. */
  async page(walletId: string, { which, limit, after }: Page): Promise<Validation[]> {
    const { rows } = await this.database.pool.query<Raw<Validation>>(
      `SELECT ${FIELDS} ${FROM} WHERE ${WHICH[which]} AND ($2::text IS NULL OR s.id < $2) ORDER BY s.id DESC LIMIT $3::int`,
      [walletId, after ?? null, limit],
    );
    return rows.map((row) => validationOf<Validation>(row));
  }

  /** In order. */
  async reports(id: string): Promise<Report[]> {
    return (await this.database.pool.query<ReportRow>(REPORTS, [id])).rows.map(reportOf);
  }

  /** The id of the same claim of this wallet, unless nobody could tell, or it was taken back. */
  async sameClaim(askedBy: string, claimHash: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT s.id FROM curator.validations s WHERE s.asked_by = $1 AND s.claim_hash = $2
         AND (s.state IN ('confirmed', 'refuted') OR ${IS_OPEN})`,
      [askedBy, claimHash],
    );
    return rows[0]?.id;
  }

  /** `there` when the same claim of this wallet is, `too_many` when as many of its are open as may be. */
  async add({ days, ...given }: NewValidation, openMax: number): Promise<'added' | 'there' | 'too_many'> {
    try {
      return await this.database.prisma.$transaction(async (tx) => {
        // Claims of one wallet take turns, so that they are counted right.
        await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`validations ${given.askedBy}`}, 0))::text`;
        const [open] = await tx.$queryRawUnsafe<Array<{ count: number }>>(OPEN_OF, given.askedBy);
        if ((open?.count ?? 0) >= openMax) return 'too_many';
        // Its place is free again once the deadline of the one before is over.
        await tx.$executeRaw`UPDATE curator.validations SET state = 'undecided', ended_at = deadline
          WHERE asked_by = ${given.askedBy} AND claim_hash = ${given.claimHash} AND state = 'open' AND deadline <= clock_timestamp()`;
        const askedAt = new Date();
        const deadline = new Date(askedAt.getTime() + days * 86_400_000);
        await tx.validation.create({ data: { ...given, askedAt, deadline }, select: { id: true } });
        return 'added';
      });
    } catch (error) {
      if (isUniqueViolation(error)) return 'there';
      throw error;
    }
  }

  /** False when somebody has reported, or it has ended. */
  async cancel(id: string): Promise<boolean> {
    return this.database.prisma.$transaction(async (tx) => {
      await lock(tx, id);
      const cancelled =
        await tx.$executeRaw`UPDATE curator.validations s SET state = 'cancelled', ended_at = clock_timestamp()
        WHERE s.id = ${id} AND s.state = 'open' AND s.deadline > clock_timestamp()
          AND NOT EXISTS (SELECT 1 FROM curator.validation_reports r WHERE r.validation_id = s.id)`;
      return cancelled === 1;
    });
  }

  /**
   * Lets `decide` look at a validation and its reports while nobody else may report, and writes down what it says: the report, and
   * where it settles the claim its end, who agrees, and an event for each of them. What `decide` throws leaves everything as it was.
   */
  async report(
    id: string,
    walletId: string,
    decide: (found: Reportable | undefined, reports: readonly Report[]) => Decision,
  ): Promise<Decision> {
    const decision = await this.database.prisma.$transaction(async (tx) => {
      await lock(tx, id);
      const [row] = await tx.$queryRawUnsafe<Array<Raw<Reportable>>>(ONE_TO_REPORT, walletId, id);
      const reports = (await tx.$queryRawUnsafe<ReportRow[]>(REPORTS, id)).map(reportOf);
      const found = row === undefined ? undefined : validationOf<Reportable>(row);
      const decided = decide(found, reports);
      if ('before' in decided || found === undefined) return decided;
      const { rows: rowCount, ...report } = decided.add;
      const data = { ...report, rowCount, validationId: id, walletId, reportedAt: new Date() };
      await tx.validationReport.create({ data, select: { place: true } });
      if (decided.settled !== undefined) await settle(tx, found, decided.settled);
      return decided;
    });
    if ('add' in decision && decision.settled !== undefined) this.outbox.poke();
    return decision;
  }
}

/** Reports of one validation, and its cancellation, take turns. */
const lock = (tx: Transaction, id: string): Promise<unknown> =>
  tx.$queryRaw`SELECT 1 FROM curator.validations WHERE id = ${id} FOR UPDATE`;

async function settle(
  tx: Transaction,
  { id, askedBy, datasetId, version }: Validation,
  { agreeing, agreed, verdict }: Settled<Placed>,
): Promise<void> {
  const wallets = agreeing.map(({ walletId }) => walletId);
  await tx.$executeRaw`UPDATE curator.validations SET state = ${verdict}, agreed = ${agreed}, ended_at = clock_timestamp()
    WHERE id = ${id}`;
  await tx.$executeRaw`UPDATE curator.validation_reports SET agrees = wallet_id = ANY (${wallets}) WHERE validation_id = ${id}`;
  for (const walletId of wallets) {
    const told = { validationId: id, walletId, askedBy, datasetId, version, verdict };
    await enqueueEvent(tx, curator.events.result_validated, told);
  }
}

const validationOf = <V extends Validation>(row: Raw<V>): V =>
  ({ ...row, datasetRows: Number(row.datasetRows) }) as unknown as V;

const reportOf = ({ rows, ...row }: ReportRow): Report => ({ ...row, rows: Number(rows) });
