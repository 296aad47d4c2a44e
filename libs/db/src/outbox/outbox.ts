// Relays stored events to the bus: at least once, and in the order they were stored.
// It must never forget a row before the bus has confirmed it, so a crash at any point only repeats events.
import type { EventEnvelope } from '@labmesh/contracts';
import type { Database } from '../database.js';
import { outboxTable } from './outbox-table.js';

/** Hands one event to the bus; resolves when the bus keeps it durably. */
export type PublishEvent = (subject: string, envelope: EventEnvelope) => Promise<void>;

/** The part of a structured logger the relay needs. */
export interface OutboxLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

interface OutboxRow {
  readonly id: string;
  readonly subject: string;
  readonly payload: EventEnvelope;
}

const BATCH_ROWS = 100;
/** A relay that dies keeps its rows this long; then another takes them over. */
const CLAIM_SECONDS = 30;
const POLL_MS = 1_000;
/** After a batch, what comes in this time leaves together. The first event after a rest waits for nothing. */
const GATHER_MS = 10;
/** Whoever stores an event pokes its own relay. What is looked for besides is what another process left behind: with ever longer
 * rests while there is nothing, and hardly at all where no other process has the database. */
const IDLE_MAX_MS = { postgres: 8_000, embedded: 60_000 };
const BACKOFF_MAX_MS = 30_000;

/** One per agent and process. Replicas may run theirs at once: a row is claimed by one of them at a time. */
export class Outbox {
  readonly #table: string;
  #running: Promise<void> | undefined;
  #stopping = false;
  #poked = false;
  #wake: (() => void) | undefined;
  #failures = 0;
  /** Ids of rows that the bus has and the table still holds. */
  #published: string[] = [];
  /** Looks in a row that found nothing. */
  #idle = 0;

  constructor(
    private readonly database: Database,
    /** Whose events these are. */
    readonly agent: string,
    private readonly publish: PublishEvent,
    private readonly log?: OutboxLog,
  ) {
    this.#table = outboxTable(agent);
  }

  /** Begins to relay; does nothing when it already does. */
  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  /** Looks for rows now instead of at the next poll. Call it after a commit; it never waits and never throws. */
  poke(): void {
    this.#poked = true;
    this.#idle = 0;
    this.#wake?.();
  }

  /** How many events wait, and for how long the oldest does. */
  async backlog(): Promise<{ events: number; oldestSeconds: number }> {
    const { rows } = await this.database.pool.query<{ events: number; oldest: number | null }>(
      `SELECT count(*)::int AS events, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS oldest
       FROM ${this.#table} WHERE published_at IS NULL`,
    );
    return { events: rows[0]?.events ?? 0, oldestSeconds: Math.max(0, rows[0]?.oldest ?? 0) };
  }

  /** Resolves when the batch in flight is published and gone from the table. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    let forgetClaims = this.database.kind === 'embedded'; // only one process can hold it: older claims are a dead one's
    while (!this.#stopping) {
      this.#poked = false;
      let relayed = 0;
      try {
        if (forgetClaims)
          await this.database.pool.query(
            `UPDATE ${this.#table} SET claimed_until = NULL WHERE claimed_until IS NOT NULL`,
          );
        forgetClaims = false;
        relayed = await this.#relayBatch();
        this.#recovered();
      } catch (error) {
        this.#failed(error);
      }
      this.#idle = relayed > 0 ? 0 : this.#idle + 1;
      if (relayed < BATCH_ROWS) await this.#rest(relayed);
    }
    await this.#settle().catch((error: unknown) => this.#failed(error));
  }

  /** Rows of this batch that the bus has, the next batch forgets: one statement does both. */
  async #relayBatch(): Promise<number> {
    const rows = await this.#claim();
    const left = new Set(rows.map(({ id }) => id));
    try {
      for (const row of rows) {
        await this.publish(row.subject, row.payload);
        this.#published.push(row.id);
        left.delete(row.id);
      }
    } finally {
      if (left.size > 0) await this.#settle([...left]);
    }
    return rows.length;
  }

  /**
   * No rows while another relay's claim lives: two batches at once would leave out of order. So the first row alone is claimed, for
   * all of them; whoever comes second to it, however closely, gets nothing. The disk is not waited for: what a crash forgets of this
   * only repeats events, and those who store them need the disk meanwhile.
   */
  async #claim(): Promise<OutboxRow[]> {
    const { rows } = await this.database.pool.query<OutboxRow>(
      `WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
       gone AS (DELETE FROM ${this.#table} WHERE id = ANY($3::uuid[])),
       batch AS MATERIALIZED (
         SELECT id, subject, payload, created_at FROM ${this.#table}
         WHERE published_at IS NULL AND id <> ALL($3::uuid[])
           AND NOT EXISTS (SELECT 1 FROM ${this.#table}
             WHERE published_at IS NULL AND claimed_until >= now() AND id <> ALL($3::uuid[]))
         ORDER BY created_at, id LIMIT $2),
       claimed AS (
         UPDATE ${this.#table} SET claimed_until = now() + make_interval(secs => $1)
         WHERE id = (SELECT id FROM batch ORDER BY created_at, id LIMIT 1) AND (claimed_until IS NULL OR claimed_until < now())
         RETURNING id)
       SELECT b.id, b.subject, b.payload FROM quick, claimed, batch b ORDER BY b.created_at, b.id`,
      [CLAIM_SECONDS, BATCH_ROWS, this.#published],
    );
    this.#published = [];
    return rows;
  }

  /** Published rows go, so the table stays small; those that are left are free again for the next attempt. */
  async #settle(left: readonly string[] = []): Promise<void> {
    const { pool } = this.database;
    if (this.#published.length > 0)
      await pool.query(`DELETE FROM ${this.#table} WHERE id = ANY($1::uuid[])`, [this.#published]);
    this.#published = [];
    if (left.length > 0)
      await pool.query(`UPDATE ${this.#table} SET claimed_until = NULL WHERE id = ANY($1::uuid[])`, [left]);
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > 1) return; // one line per outage
    const cause = error instanceof Error ? error.message : String(error);
    this.log?.warn({ outbox: this.#table, cause }, 'events cannot leave; they are kept and tried again');
  }

  #recovered(): void {
    if (this.#failures > 0) this.log?.info({ outbox: this.#table, attempts: this.#failures }, 'events leave again');
    this.#failures = 0;
  }

  /**
   * Until the next poll, a poke or stop. After a batch pokes do not shorten it, so that what comes meanwhile leaves together;
   * nor do they during an outage, when it doubles up to a limit.
   */
  async #rest(relayed: number): Promise<void> {
    const outage = this.#failures > 0;
    const gathers = relayed > 0 && !outage;
    if (this.#stopping || (this.#poked && !outage && !gathers)) return;
    const limitMs = outage ? BACKOFF_MAX_MS : IDLE_MAX_MS[this.database.kind];
    const base = Math.min(limitMs, POLL_MS * 2 ** (Math.max(1, outage ? this.#failures : this.#idle) - 1));
    const jitter = 0.75 + Math.random() / 2; // replicas must not poll in step
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gathers ? GATHER_MS : base * jitter);
      this.#wake = () => {
        if ((outage || gathers) && !this.#stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
