// Proposals as they are read: a row with its ballots and the clock in one statement, completed with what its snapshot says.
import { AppError, type VotingSystem } from '@labmesh/contracts';
import type { Prisma } from '@labmesh/db';
import { inForceAt, newestOf, versionOf } from '../parameters/parameters.repository.js';
import type { Ballots } from '../voting/ranking.js';
import { later, type Proposal, type ProposedChange, quorumOf, type Standing } from './proposal.js';

type Reader = Pick<Prisma.TransactionClient, '$queryRaw' | '$queryRawUnsafe' | 'parameterVersion'>;

interface Row {
  readonly id: string;
  readonly proposer_id: string;
  readonly title: string;
  readonly body: string;
  readonly voting: VotingSystem;
  readonly choices: string[];
  readonly changes: ProposedChange[];
  readonly threshold_micro: bigint;
  readonly created_at: Date;
  readonly snapshot_at: Date;
  readonly terms_version: number | null;
  readonly quorum_micro: bigint | null;
  readonly deadline_at: Date;
  readonly extended: boolean;
  readonly counted_micro: bigint;
  readonly canceled_at: Date | null;
  readonly queued_at: Date | null;
  readonly executable_at: Date | null;
  readonly expires_at: Date | null;
  readonly executed_at: Date | null;
  readonly now: Date;
  readonly ballots: ReadonlyArray<{ ballot: number[]; power: string; voters: string }>;
}

const ROWS = `
  SELECT p.*, chancellor.governance_clock() AS now, (
      SELECT coalesce(json_agg(json_build_object('ballot', g.ballot, 'power', g.power_micro::text, 'voters', g.voters::text)), '[]')
        FROM (SELECT v.ballot, v.power_micro, count(*) AS voters FROM chancellor.votes v
               WHERE v.proposal_id = p.id GROUP BY v.ballot, v.power_micro) g) AS ballots
    FROM chancellor.proposals p`;

/** Without its ballots, which may be many: what a vote has to know. */
const ROW_TO_VOTE = `SELECT p.*, chancellor.governance_clock() AS now, '[]'::json AS ballots FROM chancellor.proposals p WHERE p.id = $1`;
export const ROW_BY_ID = `${ROWS} WHERE p.id = $1`;
/** $1 the id that the page stays below, or null; $2 a proposer, or null. */
export const ROWS_BELOW = `${ROWS} WHERE ($1::text IS NULL OR p.id < $1) AND ($2::text IS NULL OR p.proposer_id = $2)
  ORDER BY p.id DESC LIMIT $3`;

export async function standings(reader: Reader, sql: string, ...args: readonly unknown[]): Promise<Standing[]> {
  const rows = await reader.$queryRawUnsafe<Row[]>(sql, ...args);
  const found: Standing[] = [];
  for (const row of rows) found.push(await standingOf(reader, row));
  return found;
}

async function standingOf(reader: Reader, row: Row): Promise<Standing> {
  const { now, ballots } = row;
  return {
    proposal: await proposalOf(reader, row),
    ballots: ballots.map(({ ballot, power, voters }): Ballots => {
      return { ballot, powerMicro: BigInt(power), voters: BigInt(voters) };
    }),
    now,
  };
}

/** What nobody has looked at since its snapshot is told what the first that writes will store. */
async function proposalOf(reader: Reader, row: Row): Promise<Proposal> {
  const before = row.now <= row.snapshot_at;
  const terms =
    row.terms_version !== null
      ? await versionOf(reader, row.terms_version)
      : before
        ? await newestOf(reader)
        : await inForceAt(reader, row.snapshot_at);
  if (terms === undefined) throw new Error(`proposal ${row.id} has parameters of a version that there is not`);
  const opened = row.terms_version !== null || before;
  return {
    id: row.id,
    proposerId: row.proposer_id,
    title: row.title,
    body: row.body,
    voting: row.voting,
    choices: row.choices,
    changes: row.changes,
    thresholdMicro: row.threshold_micro,
    createdAt: row.created_at,
    snapshotAt: row.snapshot_at,
    terms,
    quorumMicro: opened
      ? (row.quorum_micro ?? undefined)
      : quorumOf(await totalStakedAt(reader, row.snapshot_at), terms.values['governance.quorum']),
    deadlineAt:
      row.terms_version === null ? later(row.snapshot_at, terms.values['governance.voting_period']) : row.deadline_at,
    extended: row.extended,
    countedMicro: row.counted_micro,
    canceledAt: row.canceled_at,
    queuedAt: row.queued_at,
    executableAt: row.executable_at,
    expiresAt: row.expires_at,
    executedAt: row.executed_at,
  };
}

async function totalStakedAt(reader: Reader, at: Date): Promise<bigint> {
  const [row] = await reader.$queryRaw<
    Array<{ micro: bigint }>
  >`SELECT chancellor.total_staked_at(${at}::timestamptz) AS micro`;
  return row?.micro ?? 0n;
}

export async function votingPowerAt(reader: Pick<Reader, '$queryRaw'>, walletId: string, at: Date): Promise<bigint> {
  const [row] = await reader.$queryRaw<
    Array<{ micro: bigint }>
  >`SELECT chancellor.voting_power_at(${walletId}, ${at}::timestamptz) AS micro`;
  return row?.micro ?? 0n;
}

/** Locks the proposal until the transaction ends, and stores what its snapshot says if nobody has. AppError not_found. */
export const lockProposal = (tx: Prisma.TransactionClient, id: string): Promise<Standing> => locked(tx, id, ROW_BY_ID);

/** The same for a vote, which counts no others: how many there are makes no difference to it. */
export const lockToVote = (tx: Prisma.TransactionClient, id: string): Promise<Omit<Standing, 'ballots'>> =>
  locked(tx, id, ROW_TO_VOTE);

async function locked(tx: Prisma.TransactionClient, id: string, sql: string): Promise<Standing> {
  await tx.$queryRaw`SELECT 1 FROM chancellor.proposals WHERE id = ${id} FOR UPDATE`;
  const [standing] = await standings(tx, sql, id);
  if (standing === undefined) throw noProposal(id);
  const { proposal } = standing;
  if (proposal.quorumMicro !== undefined) {
    await tx.proposal.updateMany({
      where: { id, termsVersion: null },
      data: {
        termsVersion: proposal.terms.version,
        quorumMicro: proposal.quorumMicro,
        deadlineAt: proposal.deadlineAt,
      },
    });
  }
  return standing;
}

export const noProposal = (id: string): AppError =>
  new AppError('not_found', `Cannot find proposal ${id}: there is no such proposal. list_proposals has all of them.`);
