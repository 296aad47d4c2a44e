// Routes in the database, with how their deliveries stand.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Route } from './route.js';

interface RouteRow {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  readonly topics: string[];
  readonly sources: string[];
  readonly columns: string[];
  readonly packets: boolean;
  readonly enabled: boolean;
}

export interface Standing {
  readonly delivered: number;
  readonly waiting: number;
  readonly failed: number;
  readonly lastDeliveredAt: Date | null;
}

export interface GivenUp {
  readonly id: string;
  readonly datasetId: string | null;
  readonly version: number | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly settledAt: Date;
}

const FAILURES_SHOWN = 20;
const FIELDS = 'id, name, target, topics, sources, columns, packets, enabled';

@Injectable()
export class RoutesRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** In the order of their names. */
  async all(): Promise<Route[]> {
    const { rows } = await this.database.pool.query<RouteRow>(`SELECT ${FIELDS} FROM curator.routes ORDER BY name, id`);
    return rows.map(routeOf);
  }

  async find(id: string): Promise<Route | undefined> {
    const { rows } = await this.database.pool.query<RouteRow>(`SELECT ${FIELDS} FROM curator.routes WHERE id = $1`, [
      id,
    ]);
    return rows[0] === undefined ? undefined : routeOf(rows[0]);
  }

  /** Stores the route, or changes it to this. */
  async put({ id, name, to, match, enabled }: Route): Promise<void> {
    const { topics = [], sources = [], columns = [], packets } = match;
    await this.database.pool.query(
      `INSERT INTO curator.routes (${FIELDS}) VALUES ($1, $2, $3, $4::text[], $5::text[], $6::text[], $7, $8)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, target = excluded.target, topics = excluded.topics,
         sources = excluded.sources, columns = excluded.columns, packets = excluded.packets, enabled = excluded.enabled`,
      [id, name, to, topics, sources, columns, packets, enabled],
    );
  }

  /** Makes the route unless there is, or was, one of this id. */
  async putOnce(route: Route): Promise<void> {
    const { rowCount } = await this.database.pool.query(
      'INSERT INTO curator.shipped_routes (id) VALUES ($1) ON CONFLICT DO NOTHING',
      [route.id],
    );
    if (rowCount === 1) await this.put(route);
  }

  /** With its deliveries. */
  async remove(id: string): Promise<void> {
    await this.database.pool.query('DELETE FROM curator.routes WHERE id = $1', [id]);
  }

  async standing(routeId: string): Promise<Standing & { readonly failures: readonly GivenUp[] }> {
    const { rows } = await this.database.pool.query<Standing>(
      `SELECT count(*) FILTER (WHERE state = 'delivered')::int AS delivered,
              count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
              count(*) FILTER (WHERE state = 'failed')::int AS failed,
              max(settled_at) FILTER (WHERE state = 'delivered') AS "lastDeliveredAt"
       FROM curator.deliveries WHERE route_id = $1`,
      [routeId],
    );
    const failures = await this.database.pool.query<GivenUp>(
      `SELECT id, dataset_id AS "datasetId", version, attempts, error, settled_at AS "settledAt"
       FROM curator.deliveries WHERE route_id = $1 AND state = 'failed' ORDER BY settled_at DESC, id LIMIT ${FAILURES_SHOWN}`,
      [routeId],
    );
    const standing = rows[0] ?? { delivered: 0, waiting: 0, failed: 0, lastDeliveredAt: null };
    return { ...standing, failures: failures.rows };
  }
}

const routeOf = ({ id, name, target, topics, sources, columns, packets, enabled }: RouteRow): Route => ({
  id,
  name,
  to: target,
  match: {
    packets,
    ...(topics.length > 0 ? { topics } : {}),
    ...(sources.length > 0 ? { sources } : {}),
    ...(columns.length > 0 ? { columns } : {}),
  },
  enabled,
});
