// A process that dies: its database stops right before a statement that begins so, and never answers again for that.
import type { Database } from '@labmesh/db';

export function dyingAt(database: Database, last: string): Database {
  const pool = {
    query: (sql: string, values?: unknown[]) => database.pool.query(sql, values),
    connect: async () => {
      const client = await database.pool.connect();
      return {
        query: (sql: string, values?: unknown[]) =>
          sql.trimStart().startsWith(last) ? Promise.reject(new Error('died')) : client.query(sql, values),
        release: (broken?: Error) => client.release(broken),
      };
    },
  };
  return { ...database, pool } as unknown as Database;
}
