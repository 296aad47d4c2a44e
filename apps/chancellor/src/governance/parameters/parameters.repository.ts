// The versions of the parameters, and whether the DAO is on. Versions follow one another: who adds one holds the lock of the one row.
import { AppError, chancellor } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { clockOf } from '../clock.repository.js';
import { writeValue } from './parameter-kind.js';
import {
  INITIAL_VALUES,
  PARAMETER_NAMES,
  PARAMETERS,
  type ParameterName,
  type ParameterValues,
} from './parameter-registry.js';

export interface ParameterSet {
  /** 0: what every lab begins with. */
  readonly version: number;
  readonly setAt: Date | null;
  /** The operator's wallet, or a proposal. */
  readonly setBy: string | null;
  readonly values: ParameterValues;
}

/** One that somebody has set. */
export interface StoredSet extends ParameterSet {
  readonly setAt: Date;
}

export interface NewVersion {
  readonly changes: Partial<ParameterValues>;
  readonly by: string;
  /** The proposal that sets it; without one it is the operator. */
  readonly proposalId?: string;
}

interface VersionRow {
  readonly version: number;
  readonly values: unknown;
  readonly setBy: string;
  readonly setAt: Date;
}

@Injectable()
export class ParametersRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async newest(): Promise<ParameterSet> {
    return newestOf(this.database.prisma);
  }

  /** Undefined when there is no such version. */
  async find(version: number): Promise<ParameterSet | undefined> {
    return versionOf(this.database.prisma, version);
  }

  /** What was in force at a time. */
  inForceAt(at: Date): Promise<ParameterSet> {
    return inForceAt(this.database.prisma, at);
  }

  async enabledAt(): Promise<Date | null> {
    return (await this.database.prisma.dao.findUnique({ where: { id: 1 } }))?.enabledAt ?? null;
  }

  /** Sets parameters as the operator does. AppError conflict once the DAO is on. */
  async set(version: NewVersion): Promise<StoredSet> {
    const set = await this.database.prisma.$transaction(async (tx) => {
      if (await lockDao(tx)) throw onlyProposals();
      return addVersion(tx, version);
    });
    this.outbox.poke();
    return set;
  }

  /** Switches the DAO on for good; when it has been, says since when. `check` may refuse what is in force. */
  async enable(by: string, check: (values: ParameterValues) => void): Promise<Date> {
    const at = await this.database.prisma.$transaction(async (tx) => {
      const before = await lockDao(tx);
      if (before) return before;
      check((await newestOf(tx)).values);
      const now = await clockOf(tx);
      await tx.dao.update({ where: { id: 1 }, data: { enabledAt: now, enabledBy: by } });
      await enqueueEvent(tx, chancellor.events.dao_enabled, { by });
      return now;
    });
    this.outbox.poke();
    return at;
  }
}

type Reader = Pick<Prisma.TransactionClient, 'parameterVersion'>;

/** Of one who holds the lock of the one row: the version after the newest, with its event. */
export async function addVersion(
  tx: Prisma.TransactionClient,
  { changes, by, proposalId }: NewVersion,
): Promise<StoredSet> {
  const before = await newestOf(tx);
  const values = { ...before.values, ...changes };
  const now = await clockOf(tx);
  // Versions are in the order of their times, whatever the clock does.
  const setAt = before.setAt !== null && before.setAt > now ? before.setAt : now;
  const version = before.version + 1;
  const written = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, values[name].toString()]));
  await tx.parameterVersion.create({
    data: { version, values: written, setBy: by, setAt, proposalId: proposalId ?? null },
  });
  const parameters = Object.keys(changes) as ParameterName[];
  const set = Object.fromEntries(parameters.map((name) => [name, writeValue(PARAMETERS[name].kind, values[name])]));
  await enqueueEvent(tx, chancellor.events.parameters_set, { version, parameters, values: set, by });
  return { version, setAt, setBy: by, values };
}

/** Locks the one row until the transaction ends; when the DAO was switched on, or null. */
export async function lockDao(tx: Prisma.TransactionClient): Promise<Date | null> {
  const rows = await tx.$queryRaw<
    Array<{ enabled_at: Date | null }>
  >`SELECT enabled_at FROM chancellor.dao WHERE id = 1 FOR UPDATE`;
  return rows[0]?.enabled_at ?? null;
}

export async function versionOf(tx: Reader, version: number): Promise<ParameterSet | undefined> {
  if (version === 0) return initial;
  const row = await tx.parameterVersion.findUnique({ where: { version } });
  return row === null ? undefined : setOf(row);
}

export async function inForceAt(tx: Reader, at: Date): Promise<ParameterSet> {
  const row = await tx.parameterVersion.findFirst({ where: { setAt: { lte: at } }, orderBy: { version: 'desc' } });
  return row === null ? initial : setOf(row);
}

export async function newestOf(tx: Reader): Promise<ParameterSet> {
  const row = await tx.parameterVersion.findFirst({ orderBy: { version: 'desc' } });
  return row === null ? initial : setOf(row);
}

const initial: ParameterSet = { version: 0, setAt: null, setBy: null, values: INITIAL_VALUES };

/** A parameter that a version doesn't know, as it is older, is what labs begin with. */
function setOf({ version, values, setBy, setAt }: VersionRow): ParameterSet {
  const kept = values as Partial<Record<ParameterName, string>>;
  const read = PARAMETER_NAMES.map((name) => [name, BigInt(kept[name] ?? INITIAL_VALUES[name])]);
  return { version, setBy, setAt, values: Object.fromEntries(read) as ParameterValues };
}

const onlyProposals = (): AppError =>
  new AppError(
    'conflict',
    'Cannot set parameters: the DAO is on, and only an executed proposal changes them. Make one with propose_dao_governance.',
  );
