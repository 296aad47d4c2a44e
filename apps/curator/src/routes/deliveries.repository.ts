// Deliveries in the database: planned for what has landed, sent as events until they are settled. Each step is one transaction,
// in which several replicas never take the same row.
import { createHash, randomBytes } from 'node:crypto';
import { curator, Routed } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox, type Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { LAB } from '../datasets/dataset.js';
import { fits, type Route } from './route.js';

const VERSIONS_AT_ONCE = 50;
const SENT_AT_ONCE = 20;
/** After so many attempts a delivery is given up. */
const ATTEMPTS_MAX = 10;
/** Until the next attempt, seconds: doubled with each, up to an hour. Ten of them take four hours. */
const PAUSE_SECONDS = 30;
const PAUSE_SECONDS_MAX = 3_600;
const NOBODY = 'Nobody took it: the agent did not answer.';

export interface Planned {
  readonly deliveryId: string;
  readonly routeId: string;
  readonly to: string;
}

interface LandedRow {
  readonly datasetId: string;
  readonly version: number;
  readonly owner: string;
  readonly data: unknown;
}

// One column of a schema is there for each property; its type is told as JSON Schema has it.
const LANDED = `
  SELECT v.dataset_id AS "datasetId", v.version, d.owner, json_build_object(
    'topics', to_json(d.topics), 'source', d.source, 'dataset', json_build_object(
      'datasetId', v.dataset_id, 'version', v.version, 'name', d.name, 'description', d.description, 'format', v.format,
      'rows', v.row_count, 'bytes', v.byte_count, 'sha256', v.sha256, 'license', d.license,
      'origin', v.provenance ->> 'source',
      'columns', coalesce((
        SELECT json_agg(json_build_object('name', key, 'type', CASE json_typeof(value)
          WHEN 'object' THEN coalesce(CASE json_typeof(value -> 'type')
            WHEN 'string' THEN value ->> 'type'
            WHEN 'array' THEN (SELECT string_agg(t, ' or ') FROM json_array_elements_text(value -> 'type') AS t) END, 'any')
          ELSE 'any' END))
        FROM json_each(CASE json_typeof(v.row_schema -> 'properties') WHEN 'object' THEN v.row_schema -> 'properties' ELSE '{}' END)), '[]'),
      'storedAt', to_char(v.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) AS data
  FROM curator.dataset_versions v JOIN curator.datasets d ON d.id = v.dataset_id`;

const UNROUTED = `${LANDED} WHERE v.routed_at IS NULL ORDER BY v.created_at LIMIT ${VERSIONS_AT_ONCE} FOR UPDATE OF v SKIP LOCKED`;
const CURRENT = `${LANDED} WHERE d.owner = '${LAB}' AND d.withdrawn_at IS NULL AND v.version = d.version`;
const ONE = `${LANDED} WHERE d.withdrawn_at IS NULL AND v.dataset_id = $1 AND v.version = coalesce($2::int, d.version)`;

const DUE = `curator.deliveries v JOIN curator.routes r ON r.id = v.route_id
  WHERE v.state = 'waiting' AND v.next_at <= clock_timestamp() AND r.enabled`;

const INSERT = `
  INSERT INTO curator.deliveries (id, route_id, dataset_id, version, packet_id, data)
  VALUES ($1, $2, $3, $4::int, $5::uuid, $6::json) ON CONFLICT DO NOTHING`;

@Injectable()
export class DeliveriesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  /** No other process has this database: what is stored is stored here. */
  get alone(): boolean {
    return this.database.kind === 'embedded';
  }

  /** Plans the deliveries of versions that landed since; those of the lab alone, as others are their owner's. How many it saw. */
  async planLanded(routes: readonly Route[]): Promise<number> {
    if (!(await this.#holds('curator.dataset_versions WHERE routed_at IS NULL'))) return 0;
    return this.database.prisma.$transaction(async (tx) => {
      const landed = await tx.$queryRawUnsafe<LandedRow[]>(UNROUTED);
      for (const row of landed) {
        if (row.owner === LAB) await plan(tx, routes, row);
        await tx.$executeRawUnsafe(
          'UPDATE curator.dataset_versions SET routed_at = clock_timestamp() WHERE dataset_id = $1 AND version = $2',
          row.datasetId,
          row.version,
        );
      }
      return landed.length;
    });
  }

  /** What a version is to the agents it is given; undefined when there is none, or it is withdrawn. */
  async landed(
    datasetId: string,
    version: number | undefined,
  ): Promise<{ data: Routed; owner: string; version: number } | undefined> {
    const { rows } = await this.database.pool.query<LandedRow>(ONE, [datasetId, version ?? null]);
    const [row] = rows;
    return row === undefined ? undefined : { data: Routed.parse(row.data), owner: row.owner, version: row.version };
  }

  /** Plans what was asked for by itself, for each of the routes that fits. */
  planOne(
    routes: readonly Route[],
    given: { datasetId?: string; version?: number; packetId?: string; data: Routed },
  ): Promise<Planned[]> {
    return this.database.prisma.$transaction((tx) => plan(tx, routes, given));
  }

  /** Sends again what was given up; or, of a route, everything of the lab that fits now. How many that are. */
  replay(route: Route, what: 'failed' | 'all'): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const states = what === 'failed' ? ['failed'] : ['failed', 'delivered'];
      const again = await tx.$executeRawUnsafe(
        `UPDATE curator.deliveries SET state = 'waiting', attempts = 0, next_at = clock_timestamp(), settled_at = NULL, error = NULL
         WHERE route_id = $1 AND state = ANY ($2::text[])`,
        route.id,
        states,
      );
      if (what === 'failed') return again;
      let planned = 0;
      for (const row of await tx.$queryRawUnsafe<LandedRow[]>(CURRENT))
        planned += (await plan(tx, [route], row)).length;
      return again + planned;
    });
  }

  /** Sends what is due, each with a proof that no attempt before had. How many were sent or given up. */
  async sendDue(): Promise<number> {
    if (!(await this.#holds(DUE))) return 0;
    const sent = await this.database.prisma.$transaction(async (tx) => {
      const due = await tx.$queryRawUnsafe<
        Array<{ id: string; attempts: number; to: string; data: unknown; enabled: boolean }>
      >(
        `SELECT v.id, v.attempts, v.data, r.target AS "to", r.enabled FROM ${DUE}
         ORDER BY v.next_at LIMIT ${SENT_AT_ONCE} FOR UPDATE OF v SKIP LOCKED`,
      );
      for (const { id, attempts, to, data } of due) {
        if (attempts >= ATTEMPTS_MAX) await giveUp(tx, id);
        else await send(tx, { id, attempts, to, data: Routed.parse(data) });
      }
      return due.length;
    });
    this.outbox.poke();
    return sent;
  }

  /** Most looks find nothing, and need no transaction to see it. */
  async #holds(what: string): Promise<boolean> {
    return (await this.database.pool.query(`SELECT FROM ${what} LIMIT 1`)).rows.length > 0;
  }

  /** Milliseconds until the next one is due; undefined when none waits. */
  async nextDueMs(): Promise<number | undefined> {
    const { rows } = await this.database.pool.query<{ ms: number | null }>(
      `SELECT extract(epoch FROM min(v.next_at) - clock_timestamp())::float8 * 1000 AS ms
       FROM curator.deliveries v JOIN curator.routes r ON r.id = v.route_id WHERE v.state = 'waiting' AND r.enabled`,
    );
    return rows[0]?.ms === null || rows[0]?.ms === undefined ? undefined : Math.max(0, rows[0].ms);
  }

  /** @returns false when the proof is of another attempt, or it is settled already */
  async settle(
    deliveryId: string,
    proof: string,
    { outcome, error }: { outcome: 'taken' | 'refused' | 'failed'; error?: string | undefined },
  ): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `UPDATE curator.deliveries SET error = $4, state = $3, settled_at = CASE $3 WHEN 'waiting' THEN NULL ELSE clock_timestamp() END
       WHERE id = $1 AND proof_hash = $2 AND state = 'waiting'`,
      [deliveryId, hashOf(proof), STATES[outcome], outcome === 'taken' ? null : (error ?? 'It was not said why.')],
    );
    return rowCount === 1;
  }
}

const STATES = { taken: 'delivered', refused: 'failed', failed: 'waiting' } as const;

const hashOf = (proof: string): Buffer => createHash('sha256').update(proof).digest();

async function plan(
  tx: Prisma.TransactionClient,
  routes: readonly Route[],
  given: { datasetId?: string; version?: number; packetId?: string; data: unknown },
): Promise<Planned[]> {
  const data = Routed.parse(given.data);
  const planned: Planned[] = [];
  for (const route of routes.filter(({ match }) => fits(match, data))) {
    const deliveryId = `dlv_${uuidv7()}`;
    const { datasetId = null, version = null, packetId = null } = given;
    const added = await tx.$executeRawUnsafe(
      INSERT,
      deliveryId,
      route.id,
      datasetId,
      version,
      packetId,
      JSON.stringify(data),
    );
    if (added === 1) planned.push({ deliveryId, routeId: route.id, to: route.to });
  }
  return planned;
}

async function send(
  tx: Prisma.TransactionClient,
  { id, attempts, to, data }: { id: string; attempts: number; to: string; data: Routed },
): Promise<void> {
  const proof = randomBytes(16).toString('base64url');
  const pauseSeconds = Math.min(PAUSE_SECONDS * 2 ** attempts, PAUSE_SECONDS_MAX);
  await tx.$executeRawUnsafe(
    `UPDATE curator.deliveries SET attempts = attempts + 1, proof_hash = $2, next_at = clock_timestamp() + $3 * interval '1 second'
     WHERE id = $1`,
    id,
    hashOf(proof),
    pauseSeconds,
  );
  await enqueueEvent(tx, curator.events.data_routed, { deliveryId: id, to, proof, data });
}

const giveUp = (tx: Prisma.TransactionClient, id: string): Promise<number> =>
  tx.$executeRawUnsafe(
    `UPDATE curator.deliveries SET state = 'failed', settled_at = clock_timestamp(), error = coalesce(error, $2) WHERE id = $1`,
    id,
    NOBODY,
  );
