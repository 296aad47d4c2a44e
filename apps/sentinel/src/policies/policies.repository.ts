// Policies in the database: one row a version, added and never changed. Version 0, the built-in one, is in no row.
import { AppError, BUILT_IN_POLICY, Policy, sentinel } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, isUniqueViolation, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface NewPolicy {
  readonly policy: Policy;
  readonly by: string;
  readonly at: Date;
  readonly note: string;
  /** The version whose document it has. */
  readonly restored?: number | undefined;
}

export interface StoredPolicy extends Omit<NewPolicy, 'by' | 'at'> {
  readonly version: number;
  /** Absent for the built-in one. */
  readonly by?: string;
  readonly at?: Date;
}

const BUILT_IN: StoredPolicy = { ...BUILT_IN_POLICY, note: 'What every lab begins with' };

interface Row {
  version: number;
  document: unknown;
  setBy: string;
  setAt: Date;
  note: string;
  restored: number | null;
}

@Injectable()
export class PoliciesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** True where nobody else can set a policy: no other process has this database. */
  get alone(): boolean {
    return this.database.kind === 'embedded';
  }

  async newestVersion(): Promise<number> {
    const { _max } = await this.database.prisma.policyVersion.aggregate({ _max: { version: true } });
    return _max.version ?? BUILT_IN.version;
  }

  async newest(): Promise<StoredPolicy> {
    const { rows } = await this.database.pool.query<Row>(
      `SELECT "version", "document", "set_by" AS "setBy", "set_at" AS "setAt", "note", "restored"
       FROM "sentinel"."policies" ORDER BY "version" DESC LIMIT 1`,
    );
    return rows[0] === undefined ? BUILT_IN : stored(rows[0]);
  }

  async byVersion(version: number): Promise<StoredPolicy | undefined> {
    if (version === BUILT_IN.version) return BUILT_IN;
    const row = await this.database.prisma.policyVersion.findUnique({ where: { version } });
    return row === null ? undefined : stored(row);
  }

  /** At most `limit` versions below `before`, newest first; the built-in one is the last of all. */
  async page(before: number | undefined, limit: number): Promise<StoredPolicy[]> {
    const rows = await this.database.prisma.policyVersion.findMany({
      ...(before === undefined ? {} : { where: { version: { lt: before } } }),
      orderBy: { version: 'desc' },
      take: limit,
    });
    const found = rows.map(stored);
    return found.length < limit && before !== BUILT_IN.version ? [...found, BUILT_IN] : found;
  }

  /**
   * Adds the version that follows `base`, with the event that tells of it.
   * @throws AppError conflict when `base` is not the newest any more
   */
  async append(base: number, { policy, by, at, note, restored }: NewPolicy): Promise<number> {
    const version = base + 1;
    try {
      await this.database.prisma.$transaction(async (tx) => {
        const newer = await tx.policyVersion.count({ where: { version: { gt: base } } });
        if (newer > 0) throw outdated(base);
        await tx.policyVersion.create({
          data: { version, document: policy, setBy: by, setAt: at, note, restored: restored ?? null },
        });
        await enqueueEvent(tx, sentinel.events.policy_set, { version });
      });
    } catch (error) {
      throw isUniqueViolation(error) ? outdated(base) : error;
    }
    this.outbox.poke();
    return version;
  }
}

export const outdated = (base: number): AppError =>
  new AppError(
    'conflict',
    `Cannot set this policy: it was made from version ${base}, and another version is in force. Read it with sentinel_list_policies and make your change there.`,
  );

const stored = ({ version, document, setBy, setAt, note, restored }: Row): StoredPolicy => ({
  version,
  policy: Policy.parse(document),
  by: setBy,
  at: setAt,
  note,
  ...(restored === null ? {} : { restored }),
});
