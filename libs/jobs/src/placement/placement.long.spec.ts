// A placement is two trips to the database, and what ended between them does not begin.
import { beforeEach, describe, expect, it } from 'vitest';
import { embeddedBed, empty, enroll, submit } from '../bed.testing.js';
import { Placement } from './placement.repository.js';

const bed = embeddedBed();

/** A placement on the same database, before each of whose statements something may happen in its transaction. */
function watched(before: (asked: number, query: (sql: string) => Promise<unknown>) => Promise<unknown> | undefined) {
  const { pool } = bed().database;
  let asked = 0;
  const connect = async () => {
    const client = await pool.connect();
    const query = (sql: string): Promise<unknown> => client.query(sql);
    return new Proxy(client, {
      get: (of, name) =>
        name === 'query'
          ? async (sql: string) => {
              await before(++asked, query);
              return await query(sql);
            }
          : Reflect.get(of, name),
    });
  };
  const watching = new Proxy(pool, { get: (of, name) => (name === 'connect' ? connect : Reflect.get(of, name)) });
  const placement = new Placement({ pool: watching }, { quotaOf: () => ({}), reserveAfterMs: 30_000 });
  return { placement, asked: () => asked };
}

describe('a placement', () => {
  beforeEach(() => empty(bed()));

  it('asks twice, however many begin', async () => {
    await enroll(bed(), 'one', { gpus: 2 });
    const ids = [await submit(bed(), { resources: { gpus: 1 } }), await submit(bed(), { resources: { gpus: 1 } })];
    const { placement, asked } = watched(() => undefined);
    const placed = await placement.place(true);
    expect(placed.sort((a, b) => a.jobId.localeCompare(b.jobId))).toEqual(
      ids.map((jobId) => ({ jobId, number: 1, node: 'one' })),
    );
    expect(asked()).toBe(2);
    const { rows } = await bed().database.pool.query(
      'SELECT gpu_indexes AS gpus FROM mechanic.job_attempts ORDER BY 1',
    );
    expect(rows).toEqual([{ gpus: [0] }, { gpus: [1] }]);
  });

  it('begins nothing of a gang of which one has ended meanwhile, and all else', async () => {
    await enroll(bed(), "o'ne");
    const gang = { name: 'g', size: 2 };
    const [first = '', second = ''] = [await submit(bed(), { gang }), await submit(bed(), { gang })];
    const alone = await submit(bed());
    const { placement } = watched((asked, query) =>
      asked === 2 ? query(`SELECT mechanic.cancel_job('${second}', 'me', 0)::text`) : undefined,
    );
    expect(await placement.place(true)).toEqual([{ jobId: alone, number: 1, node: "o'ne" }]);
    expect(await bed().jobs.find(first)).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await bed().jobs.find(second)).toMatchObject({ state: 'cancelled' });
  });
});
