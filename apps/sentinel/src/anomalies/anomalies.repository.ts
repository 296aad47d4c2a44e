// Anomalies in the database. Alarms of one wallet and model within an hour join one anomaly; each alarm counts once. What is told
// of them leaves with the same transaction.
import {
  type AnomalyModel,
  type AnomalyResponse,
  type AnomalyVerdict,
  AppError,
  RESTRICTIONS,
  sentinel,
} from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Alarm, isStronger, type Ruling, restricts } from './alarm.js';
import { restrictionOf, restrictsNow, type StoredAnomaly, shown, storedOf } from './stored-anomaly.js';

/** Alarms that follow each other this closely, milliseconds, belong together. */
const TOGETHER_MS = 3_600_000;
/** How long it is known which alarms were counted. The bus repeats one for minutes at most. */
const COUNTED_MS = 7 * 86_400_000;
/** A restriction is made longer only by more than this share of its time: else each alarm would be told to everybody. */
const LONGER_SHARE = 0.1;

export interface Recorded {
  readonly anomaly: StoredAnomaly;
  /** `settled`: it belongs to what was resolved already. */
  readonly news: 'found' | 'stronger' | 'joined' | 'settled';
  readonly calls: number;
}

/** Restrictions in one event. */
const TOLD_MAX = 100;

/** Runs first in the transaction; when it throws, nothing is recorded. */
export type Fence = (tx: Prisma.TransactionClient) => Promise<void>;

/** Who said what about an anomaly. */
export interface Resolution {
  readonly walletId: string;
  readonly verdict: AnomalyVerdict;
  readonly note: string;
  readonly now: Date;
}

export interface AnomalyFilter {
  readonly state?: 'open' | 'resolved' | undefined;
  readonly walletId?: string | undefined;
  readonly model?: AnomalyModel | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Group {
  readonly model: AnomalyModel;
  readonly walletId: string | null;
  readonly first: Alarm;
  last: Alarm;
  worst: Alarm;
  calls: number;
}

@Injectable()
export class AnomaliesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async record(
    alarms: readonly Alarm[],
    { ruling, now, fence }: { ruling: (alarm: Alarm) => Ruling; now: Date; fence?: Fence | undefined },
  ): Promise<Recorded[]> {
    const recorded = await this.database.prisma.$transaction(async (tx) => {
      await fence?.(tx);
      if (alarms.length === 0) return [];
      await inTurn(tx);
      const found: Recorded[] = [];
      for (const group of groupsOf(await uncounted(tx, alarms, now)))
        found.push(await this.#put(tx, group, { ...ruling(group.worst), now }));
      return found;
    });
    if (recorded.length > 0) this.outbox.poke();
    return recorded;
  }

  /**
   * @returns the anomalies that were open, as they are now, that of the id first, and whether one kept the wallet from something
   * @throws AppError not_found, or conflict for one that is resolved
   */
  async resolve(
    id: string,
    by: Resolution & { readonly others: boolean },
  ): Promise<{ resolved: StoredAnomaly[]; lifted: boolean }> {
    const { walletId: resolvedBy, verdict, note, now } = by;
    const found = await this.database.prisma.$transaction(async (tx) => {
      // In turn with alarms: one that comes now sees that it was resolved.
      await inTurn(tx);
      const before = await tx.anomaly.findUnique({ where: { id } });
      if (before === null) throw new AppError('not_found', `Cannot resolve ${id}: there is no such anomaly`);
      if (before.resolvedAt !== null)
        throw new AppError('conflict', `Cannot resolve ${id}: it was resolved at ${before.resolvedAt.toISOString()}`);
      const { walletId } = before;
      const which = by.others && walletId !== null ? { walletId, resolvedAt: null } : { id };
      const open = (await tx.anomaly.findMany({ where: which })).map(storedOf);
      const rows = await tx.anomaly.updateManyAndReturn({
        where: { id: { in: open.map((one) => one.id) } },
        data: { resolvedAt: now, resolvedBy, verdict, note, revision: { increment: 1 } },
      });
      const resolved = rows.map(storedOf).sort((one, other) => Number(other.id === id) - Number(one.id === id));
      // Told even when its time is over: clocks differ.
      const restrictions = resolved.map(restrictionOf).filter((restriction) => restriction !== undefined);
      for (let at = 0; at < restrictions.length; at += TOLD_MAX)
        await enqueueEvent(tx, sentinel.events.restriction_changed, {
          restrictions: restrictions.slice(at, at + TOLD_MAX),
        });
      return { resolved, lifted: open.some((one) => restrictsNow(one, now)) };
    });
    this.outbox.poke();
    return found;
  }

  /** Those that keep a wallet from something. */
  async restricting(now: Date): Promise<StoredAnomaly[]> {
    // Most starts find nobody, and Prisma stays unread.
    const { rows: found } = await this.database.pool.query<{ id: string }>(
      `SELECT "id" FROM "sentinel"."anomalies"
       WHERE "resolved_at" IS NULL AND "enforced" AND "response" = ANY ($1) AND "restricted_until" > $2`,
      [[...RESTRICTIONS], now],
    );
    if (found.length === 0) return [];
    const rows = await this.database.prisma.anomaly.findMany({
      where: { id: { in: found.map(({ id }) => id) } },
      orderBy: { restrictedUntil: 'desc' },
    });
    return rows.map(storedOf);
  }

  /** When an anomaly of each wallet was resolved last, of those resolved after a time. */
  async resolvedSince(time: Date): Promise<ReadonlyArray<{ readonly walletId: string; readonly at: Date }>> {
    const rows = await this.database.prisma.anomaly.groupBy({
      by: ['walletId'],
      where: { resolvedAt: { gt: time }, walletId: { not: null } },
      _max: { resolvedAt: true },
    });
    return rows.flatMap(({ walletId, _max: { resolvedAt: at } }) =>
      walletId === null || at === null ? [] : [{ walletId, at }],
    );
  }

  /** At most `limit`, newest first, before an id. */
  async page(filter: AnomalyFilter, before: string | undefined, limit: number): Promise<StoredAnomaly[]> {
    const rows = await this.database.prisma.anomaly.findMany({
      where: { ...whereOf(filter), ...(before === undefined ? {} : { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(storedOf);
  }

  open(): Promise<number> {
    return this.database.prisma.anomaly.count({ where: { resolvedAt: null } });
  }

  /** How many anomalies, and unusual calls in them, by model and by what was done. */
  async counts(filter: AnomalyFilter) {
    const rows = await this.database.prisma.anomaly.groupBy({
      by: ['model', 'response', 'enforced'],
      where: whereOf(filter),
      _count: true,
      _sum: { calls: true },
      orderBy: [{ model: 'asc' }, { response: 'asc' }, { enforced: 'asc' }],
    });
    return rows.map(({ model, response, enforced, _count, _sum }) => ({
      model: model as AnomalyModel,
      response: response as AnomalyResponse,
      enforced,
      anomalies: _count,
      calls: _sum.calls ?? 0,
    }));
  }

  async #put(tx: Prisma.TransactionClient, group: Group, ruled: Ruling & { readonly now: Date }): Promise<Recorded> {
    const latest = await latestOf(tx, group);
    if (latest === undefined) return this.#create(tx, group, ruled);
    const times = {
      calls: { increment: group.calls },
      firstAt: earlier(latest.firstAt, group.first.at),
      lastAt: later(latest.lastAt, group.last.at),
    };
    if (latest.resolvedAt !== null) {
      const settled = await tx.anomaly.update({ where: { id: latest.id }, data: times });
      return { anomaly: storedOf(settled), news: 'settled', calls: group.calls };
    }
    const stronger = isStronger(ruled, latest);
    const row = await tx.anomaly.update({
      where: { id: latest.id },
      data: {
        ...times,
        ...(group.worst.score > latest.score ? worstOf(group.worst) : {}),
        ...(stronger ? { response: ruled.response, enforced: ruled.enforced } : {}),
        ...restrictionData(latest, ruled, stronger),
      },
    });
    const anomaly = storedOf(row);
    await tell(tx, anomaly, { found: stronger, restricted: anomaly.revision > latest.revision, now: ruled.now });
    return { anomaly, news: stronger ? 'stronger' : 'joined', calls: group.calls };
  }

  async #create(tx: Prisma.TransactionClient, group: Group, ruled: Ruling & { readonly now: Date }): Promise<Recorded> {
    const { response, enforced, forMs, now } = ruled;
    const settled = await resolutionAfter(tx, group);
    const restricting = settled === undefined && enforced && restricts(response) && group.walletId !== null;
    const row = await tx.anomaly.create({
      data: {
        id: `ano_${uuidv7()}`,
        model: group.model,
        walletId: group.walletId,
        firstAt: group.first.at,
        lastAt: group.last.at,
        calls: group.calls,
        ...worstOf(group.worst),
        response,
        enforced,
        ...(restricting ? { restrictedAt: now, restrictedUntil: new Date(now.getTime() + forMs) } : {}),
        ...settled,
      },
    });
    const anomaly = storedOf(row);
    if (settled !== undefined) return { anomaly, news: 'settled', calls: group.calls };
    await tell(tx, anomaly, { found: true, restricted: restricting, now });
    return { anomaly, news: 'found', calls: group.calls };
  }
}

/** Alarms are rare: replicas take turns, so that two of one wallet find each other. */
const inTurn = (tx: Prisma.TransactionClient): Promise<number> =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('sentinel.anomalies'))`;

async function tell(
  tx: Prisma.TransactionClient,
  anomaly: StoredAnomaly,
  { found, restricted, now }: { found: boolean; restricted: boolean; now: Date },
): Promise<void> {
  if (found) await enqueueEvent(tx, sentinel.events.anomaly_found, shown(anomaly, now));
  const restriction = restricted ? restrictionOf(anomaly) : undefined;
  if (restriction !== undefined)
    await enqueueEvent(tx, sentinel.events.restriction_changed, { restrictions: [restriction] });
}

/** What of the row changes when the wallet is kept from something, or longer. */
function restrictionData(
  latest: StoredAnomaly,
  { response, enforced, forMs, now }: Ruling & { readonly now: Date },
  stronger: boolean,
) {
  if (!enforced || !restricts(response) || latest.walletId === null) return {};
  if (!stronger && latest.response !== response) return {};
  const until = now.getTime() + forMs;
  if (!stronger && until <= (latest.restrictedUntil?.getTime() ?? 0) + forMs * LONGER_SHARE) return {};
  const since = stronger || latest.restrictedAt === null ? now : latest.restrictedAt;
  return { restrictedAt: since, restrictedUntil: new Date(until), revision: { increment: 1 } };
}

/** The anomaly that these alarms belong to: an open one, or one that was resolved since they were raised. */
async function latestOf(tx: Prisma.TransactionClient, group: Group): Promise<StoredAnomaly | undefined> {
  const { model, walletId, first, last, worst } = group;
  const row = await tx.anomaly.findFirst({
    where: {
      model,
      walletId,
      lastAt: { gte: new Date(first.at.getTime() - TOGETHER_MS) },
      firstAt: { lte: new Date(last.at.getTime() + TOGETHER_MS) },
    },
    orderBy: { id: 'desc' },
  });
  if (row === null) return undefined;
  const latest = storedOf(row);
  if (latest.resolvedAt === null || last.at <= latest.resolvedAt) return latest;
  // A text like one that was found harmless is not raised again; what a wallet did is forgiven when it is resolved.
  const harmless = model === 'content' && latest.verdict === 'false_alarm';
  return harmless && worst.score <= latest.score ? latest : undefined;
}

/** What was said of this wallet after all of these calls: whoever said it let the wallet in in spite of them. */
async function resolutionAfter(tx: Prisma.TransactionClient, { walletId, last }: Group) {
  if (walletId === null) return undefined;
  const row = await tx.anomaly.findFirst({
    where: { walletId, resolvedAt: { gte: last.at } },
    orderBy: { resolvedAt: 'desc' },
    select: { resolvedAt: true, resolvedBy: true, verdict: true, note: true },
  });
  return row ?? undefined;
}

async function uncounted(tx: Prisma.TransactionClient, alarms: readonly Alarm[], now: Date): Promise<Alarm[]> {
  await tx.anomalyAlarm.deleteMany({ where: { countedAt: { lt: new Date(now.getTime() - COUNTED_MS) } } });
  // One array, however many there are: a row of its own for each alarm would be compiled anew each time.
  const added = await tx.$queryRaw<Array<{ id: string }>>`
    INSERT INTO "sentinel"."anomaly_alarms" ("id", "counted_at")
    SELECT DISTINCT "id", ${now}::timestamptz FROM unnest(${alarms.map(({ id }) => id)}::text[]) AS a("id")
    ON CONFLICT DO NOTHING RETURNING "id"`;
  const fresh = new Set(added.map(({ id }) => id));
  return alarms.filter(({ id }) => fresh.delete(id));
}

function groupsOf(alarms: readonly Alarm[]): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const alarm of [...alarms].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const key = `${alarm.model} ${alarm.walletId}`;
    const known = open.get(key);
    if (known === undefined || alarm.at.getTime() - known.last.at.getTime() > TOGETHER_MS) {
      const { model, walletId } = alarm;
      const group: Group = { model, walletId, first: alarm, last: alarm, worst: alarm, calls: 1 };
      open.set(key, group);
      groups.push(group);
      continue;
    }
    known.last = alarm;
    known.calls += 1;
    if (alarm.score > known.worst.score) known.worst = alarm;
  }
  return groups;
}

const worstOf = ({ score, threshold, credentialId, callId, agent, tool, reasons }: Alarm) => ({
  score,
  threshold,
  credentialId,
  callId,
  agent,
  tool,
  reasons: reasons.map(({ feature, share }) => ({ feature, share })),
});

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
const later = (one: Date, other: Date): Date => (one > other ? one : other);

function whereOf({ state, walletId, model, from, to }: AnomalyFilter) {
  return {
    ...(state === undefined ? {} : { resolvedAt: state === 'open' ? null : { not: null } }),
    ...(walletId === undefined ? {} : { walletId }),
    ...(model === undefined ? {} : { model }),
    ...(from === undefined ? {} : { lastAt: { gte: new Date(from) } }),
    ...(to === undefined ? {} : { firstAt: { lt: new Date(to) } }),
  };
}
