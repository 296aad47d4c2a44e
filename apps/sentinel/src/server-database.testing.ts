// A fresh database on the local PostgreSQL server, for tests of what really runs at once. Drops what it makes.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const SERVER = 'postgresql://postgres@127.0.0.1:5432';

export interface ServerDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export async function serverDatabase(): Promise<ServerDatabase> {
  const name = `labmesh_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  return { url: `${SERVER}/${name}`, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
