// Who names which content: a row for each use, in the agent's own schema, written with the row it belongs to. Content that no row
// names is removed by the collector; both take a lock by hash, so a name is never given to what is just being removed.
import { AppError, type Role } from '@labmesh/contracts';
import { type Database, Prisma } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';
import type { BlobRef, BlobStore } from '../blob-store.js';

/** Bytes that a wallet of a role may have in one agent; a role that is left out has no limit. */
export type BlobQuotas = Readonly<Partial<Record<Role, number>>>;

export interface NewReference extends BlobRef {
  readonly mediaType: string;
  /** As a person would call the file. */
  readonly name: string;
  /** Wallet id, or another word for what is nobody's. */
  readonly owner: string;
  /** Of the owner, whose quota holds. Left out: no quota, for what the lab itself keeps. */
  readonly role?: Role | undefined;
}

export interface BlobReference extends BlobRef {
  /** `blob_<agent>_<UUIDv7>` */
  readonly id: string;
  readonly mediaType: string;
  readonly name: string;
  readonly owner: string;
  readonly createdAt: Date;
}

type Transaction = Prisma.TransactionClient;

export interface ReferenceOptions {
  readonly database: Database;
  readonly store: BlobStore;
  /** Whose schema has the tables `blobs` and `blob_upkeep`. */
  readonly agent: string;
  readonly quotas?: BlobQuotas;
}

export class BlobReferences {
  readonly store: BlobStore;
  readonly agent: string;
  readonly #database: Database;
  readonly #quotas: BlobQuotas;
  readonly #table: Prisma.Sql;

  constructor({ database, store, agent, quotas = {} }: ReferenceOptions) {
    this.store = store;
    this.agent = agent;
    this.#database = database;
    this.#quotas = quotas;
    this.#table = tableOf(agent, 'blobs');
  }

  /**
   * Names content that was put before, in the transaction of the row that uses it; answers the references' ids in the order given.
   * All that a transaction uses is to be claimed at once: locks are taken in one order.
   * @throws AppError quota_exceeded; unavailable when the content is gone, which only happens long after it was put
   */
  async claim(tx: Transaction, wanted: readonly NewReference[]): Promise<string[]> {
    await this.#refuseOverQuota(tx, wanted);
    for (const sha256 of [...new Set(wanted.map((one) => one.sha256))].sort()) await this.lock(tx, sha256);
    const ids: string[] = [];
    for (const { sha256, bytes, mediaType, name, owner } of wanted) {
      if ((await this.store.stat(sha256))?.bytes !== bytes) throw gone(sha256);
      const id = `blob_${this.agent}_${uuidv7()}`;
      await tx.$executeRaw`INSERT INTO ${this.#table} (id, sha256, bytes, media_type, name, owner)
        VALUES (${id}, ${sha256}, ${bytes}, ${mediaType}, ${name}, ${owner})`;
      ids.push(id);
    }
    return ids;
  }

  /** Gives up names, in the transaction of the row that had them. What nobody names any more is removed later. */
  async release(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.$executeRaw`DELETE FROM ${this.#table} WHERE id = ANY(${[...ids]}::text[])`;
  }

  /** Whoever asks must know that it may: this does not look whose it is. */
  async find(id: string): Promise<BlobReference | undefined> {
    const rows = await this.#database.prisma.$queryRaw<Array<BlobReference & { bytes: bigint }>>`
      SELECT id, sha256, bytes, media_type AS "mediaType", name, owner, created_at AS "createdAt"
      FROM ${this.#table} WHERE id = ${id}`;
    const [found] = rows;
    return found === undefined ? undefined : { ...found, bytes: Number(found.bytes) };
  }

  /** Bytes that an owner's references name here. */
  usedBy(owner: string): Promise<number> {
    return this.#used(this.#database.prisma, owner);
  }

  /** Bytes that a wallet may still have here; without end where its role has no limit. */
  async roomOf({ walletId, role }: { readonly walletId: string; readonly role: Role }): Promise<number> {
    const allowed = this.#quotas[role];
    return allowed === undefined ? Number.POSITIVE_INFINITY : Math.max(0, allowed - (await this.usedBy(walletId)));
  }

  /** For what is about to be put. Only `claim` is sure. @throws AppError quota_exceeded */
  async refuseBeyond(
    { walletId, role }: { readonly walletId: string; readonly role: Role },
    more: number,
  ): Promise<void> {
    const allowed = this.#quotas[role];
    if (allowed === undefined) return;
    const used = await this.usedBy(walletId);
    if (used + more > allowed) throw overQuota({ used, more, allowed });
  }

  /** Those of these hashes that no row names. */
  async unnamed(hashes: readonly string[], tx: Transaction = this.#database.prisma): Promise<string[]> {
    const rows = await tx.$queryRaw<Array<{ sha256: string }>>`
      SELECT hash.sha256 FROM unnest(${[...hashes]}::text[]) AS hash (sha256)
      WHERE NOT EXISTS (SELECT 1 FROM ${this.#table} AS named WHERE named.sha256 = hash.sha256)`;
    return rows.map(({ sha256 }) => sha256);
  }

  /** Until the transaction ends, nobody else names or removes this content. */
  async lock(tx: Transaction, sha256: string): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`blob:${this.agent}:${sha256}`}, 0))`;
  }

  /** Until the transaction ends, nothing else is claimed for this owner. Taken before any lock by hash. */
  async lockOwner(tx: Transaction, owner: string): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`blobs-of:${this.agent}:${owner}`}, 0))`;
  }

  async #refuseOverQuota(tx: Transaction, wanted: readonly NewReference[]): Promise<void> {
    for (const owner of [...new Set(wanted.map((one) => one.owner))].sort()) {
      const theirs = wanted.filter((one) => one.owner === owner);
      const role = theirs.find((one) => one.role !== undefined)?.role;
      const allowed = role === undefined ? undefined : this.#quotas[role];
      if (allowed === undefined) continue;
      await this.lockOwner(tx, owner);
      const used = await this.#used(tx, owner);
      const more = theirs.reduce((sum, { bytes }) => sum + bytes, 0);
      if (used + more > allowed) throw overQuota({ used, more, allowed });
    }
  }

  async #used(tx: Transaction, owner: string): Promise<number> {
    const [row] = await tx.$queryRaw<Array<{ used: bigint }>>`
      SELECT coalesce(sum(bytes), 0)::bigint AS used FROM ${this.#table} WHERE owner = ${owner}`;
    return Number(row?.used ?? 0);
  }
}

/** A table of the agent's, as SQL. The agent's name goes into it as text, so it must never be anything but a plain word. */
export function tableOf(agent: string, table: 'blobs' | 'blob_upkeep'): Prisma.Sql {
  if (!/^[a-z][a-z_]{0,62}$/.test(agent)) throw new AppError('internal', `"${agent}" is not an agent's name.`);
  return Prisma.raw(`"${agent}".${table}`);
}

const gone = (sha256: string): AppError =>
  new AppError('unavailable', `Cannot keep the content ${sha256}: it was removed before it was used. Send it again.`);

const overQuota = ({ used, more, allowed }: { used: number; more: number; allowed: number }): AppError =>
  new AppError(
    'quota_exceeded',
    `Cannot store ${more} bytes more: this wallet has ${used} of the ${allowed} that its role may have here. Withdraw something first.`,
    { details: { usedBytes: used, wantedBytes: more, allowedBytes: allowed } },
  );
