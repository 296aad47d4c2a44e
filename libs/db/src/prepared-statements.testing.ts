// Statements that come again, as every pool of the lab asks them: on either kind of database.
import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { Database } from './database.js';

const OFTEN = 6;

export function preparedSuite(bed: () => { readonly database: Database }): void {
  let table = '';
  beforeEach(async () => {
    table = `public.kept_${randomBytes(6).toString('hex')}`;
    await bed().database.pool.query(`CREATE TABLE ${table} (a int PRIMARY KEY); INSERT INTO ${table} VALUES (1), (2)`);
  });
  const often = async <T>(ask: () => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    for (let at = 0; at < OFTEN; at += 1) all.push(await ask());
    return all;
  };
  const find = (): string => `SELECT * FROM ${table} WHERE a = $1`;

  it('are planned once, whoever asks, and answer each with its own values', async () => {
    const { pool, prisma } = bed().database;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        at % 2 === 0
          ? pool.query(find(), [at % 4]).then(({ rows }) => rows)
          : prisma.$queryRawUnsafe(find(), at % 4).then((rows) => rows as Array<{ a: number }>),
      ),
    );
    for (const [at, rows] of answers.entries()) expect(rows).toEqual([1, 2].includes(at % 4) ? [{ a: at % 4 }] : []);
    const client = await pool.connect();
    try {
      await often(() => client.query(find(), [1]));
      const { rows } = await client.query(
        `SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement = '${find()}'`,
      );
      expect(rows.map(({ runs }) => Number(runs))).toEqual([expect.any(Number)]);
      expect(Number(rows[0]?.runs)).toBeGreaterThanOrEqual(OFTEN - 2);
    } finally {
      client.release();
    }
  });

  it('go on after one that fails, in a transaction and outside', async () => {
    const { pool, prisma } = bed().database;
    const insert = `INSERT INTO ${table} VALUES ($1)`;
    for (const failing of await often(() => pool.query(insert, [1]).catch((error: Error) => error)))
      expect(failing).toMatchObject({ code: '23505' });
    await pool.query(insert, [3]);
    const inTransaction = prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, 4);
      await tx.$executeRawUnsafe(insert, 1);
    });
    await expect(inTransaction).rejects.toThrow();
    expect((await pool.query(`SELECT a FROM ${table} ORDER BY a`)).rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('answer what a table has since it was changed', async () => {
    const { pool } = bed().database;
    await often(() => pool.query(find(), [1]));
    await pool.query(`ALTER TABLE ${table} ADD COLUMN b text DEFAULT 'new'`);
    expect(await often(async () => (await pool.query(find(), [1])).rows)).toEqual(
      Array.from({ length: OFTEN }, () => [{ a: 1, b: 'new' }]),
    );
  });

  it('fail in a transaction that saw the table otherwise, and not in the next', async () => {
    const { pool } = bed().database;
    await often(() => pool.query(find(), [1]));
    await pool.query(`ALTER TABLE ${table} ADD COLUMN b text DEFAULT 'new'`);
    const inTransaction = async () => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        return (await client.query(find(), [1])).rows;
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    };
    await expect(inTransaction()).rejects.toThrow('cached plan');
    expect(await inTransaction()).toEqual([{ a: 1, b: 'new' }]);
  });
}
