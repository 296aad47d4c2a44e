// The mark in a database that a restore into it has begun and not ended. While it is there no lab may start on it: it would begin
// anew in a half-filled place. It goes in the very transaction that brings the rows.
import { AppError } from '@labmesh/contracts';
import type pg from 'pg';

type Asked = Pick<pg.ClientBase, 'query'>;

const MARK = 'public._labmesh_restore';

/** The id of the backup that is being restored; undefined when none is. */
export async function unfinishedRestore(client: Asked): Promise<string | undefined> {
  const { rows: found } = await client.query<{ there: boolean }>(`SELECT to_regclass('${MARK}') IS NOT NULL AS there`);
  if (found[0]?.there !== true) return undefined;
  const { rows } = await client.query<{ backup: string }>(`SELECT backup FROM ${MARK}`);
  return rows[0]?.backup ?? '';
}

export async function markRestore(client: Asked, backup: string): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${MARK} (
    one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), backup TEXT NOT NULL, begun_at TIMESTAMPTZ NOT NULL DEFAULT now())`);
  await client.query(
    `INSERT INTO ${MARK} (backup) VALUES ($1) ON CONFLICT (one) DO UPDATE SET backup = excluded.backup, begun_at = now()`,
    [backup],
  );
}

export const unmarkRestore = (client: Asked): Promise<unknown> => client.query(`DROP TABLE ${MARK}`);

/** @throws AppError conflict */
export async function refuseUnfinished(client: Asked): Promise<void> {
  // Whoever may not read the mark still sees that it is there.
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('${MARK}') IS NOT NULL AS there`);
  if (rows[0]?.there === true)
    throw new AppError(
      'conflict',
      'Cannot use the database: a restore into it was begun and not finished. Run "npx @labmesh/cli restore" with the same file again; it goes on.',
    );
}
