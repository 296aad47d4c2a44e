// Rows of vectors: all passages of one version of a text are one row. Whoever makes them claims the row first; a claim of a process that
// died runs out. A collection's text takes its rows with it, in its own transaction.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { StoredText } from '../sources/collection.js';
import { STORED_TEXT } from '../sources/collections.repository.js';

/** How a text is cut into passages, and what of each is encoded. Changes with either: then all are made anew. */
export const PASSAGES_FORM = 1;

export interface TextVersion {
  readonly file: string;
  readonly version: string;
}

export interface CollectionText extends StoredText {
  readonly collectionId: string;
}

/** So long a text may take to be encoded; it has at most a few hundred passages. */
const CLAIM = `interval '2 minutes'`;
/** Vectors of the lab's texts that are no more go when they are so old: replicas of another version may still have them. */
const FORGOTTEN_AFTER = `interval '1 day'`;

/** Nobody has made them, or is making them. */
const OPEN = `(v.form <> ${PASSAGES_FORM} OR (v.vectors IS NULL AND (v.claimed_until IS NULL OR v.claimed_until < now())))`;
const CLAIMED = `
  INSERT INTO librarian.passage_vectors AS v (model_id, file, version, form, collection_id, path, claimed_until)
  SELECT $1, $2, $3, ${PASSAGES_FORM}, $4, $5, now() + ${CLAIM}
  WHERE $4::text IS NULL
    OR EXISTS (SELECT 1 FROM librarian.documents WHERE collection_id = $4 AND path = $5 AND version = $3)
  ON CONFLICT (model_id, file, version) DO UPDATE SET claimed_until = excluded.claimed_until, form = excluded.form, vectors = NULL
    WHERE ${OPEN}
  RETURNING v.file`;

const WAITING = `
  SELECT d.collection_id AS "collectionId", ${STORED_TEXT}
  FROM librarian.documents d JOIN librarian.collections c ON c.id = d.collection_id
  LEFT JOIN librarian.passage_vectors v
    ON v.model_id = $1 AND v.collection_id = d.collection_id AND v.path = d.path AND v.version = d.version
  WHERE v.file IS NULL OR ${OPEN} ORDER BY d.collection_id, d.path LIMIT $2`;

@Injectable()
export class VectorsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Of these texts, the vectors that there are, by the file. */
  async read(modelId: string, texts: readonly TextVersion[]): Promise<Map<string, Buffer>> {
    const { rows } = await this.database.pool.query<{ file: string; vectors: Buffer }>(
      `SELECT v.file, v.vectors FROM unnest($2::text[], $3::text[]) AS given(file, version)
       JOIN librarian.passage_vectors v ON v.model_id = $1 AND v.file = given.file AND v.version = given.version
       WHERE v.vectors IS NOT NULL AND v.form = ${PASSAGES_FORM}`,
      [modelId, texts.map(({ file }) => file), texts.map(({ version }) => version)],
    );
    return new Map(rows.map(({ file, vectors }) => [file, vectors]));
  }

  /** Of the lab's own texts, those whose vectors are there or being made, as `file version`. */
  async taken(modelId: string): Promise<(text: TextVersion) => boolean> {
    const { rows } = await this.database.pool.query<TextVersion>(
      `SELECT v.file, v.version FROM librarian.passage_vectors v
       WHERE model_id = $1 AND collection_id IS NULL AND NOT ${OPEN}`,
      [modelId],
    );
    const taken = new Set(rows.map(({ file, version }) => `${version} ${file}`));
    return ({ file, version }) => taken.has(`${version} ${file}`);
  }

  /** Texts of collections that have no vectors, and that nobody makes them of. */
  async waiting(modelId: string, limit: number): Promise<CollectionText[]> {
    const { rows } = await this.database.pool.query<CollectionText>(WAITING, [modelId, limit]);
    return rows;
  }

  /** True for one of all who ask; false too when the text has changed meanwhile. */
  async claim(modelId: string, { file, version }: TextVersion, collectionId?: string): Promise<boolean> {
    const path = collectionId === undefined ? null : file.slice(collectionId.length + 1);
    try {
      const { rowCount } = await this.database.pool.query(CLAIMED, [
        modelId,
        file,
        version,
        collectionId ?? null,
        path,
      ]);
      return rowCount === 1;
    } catch (error) {
      // The text, or the model, went in this very moment.
      if ((error as { code?: unknown }).code === '23503') return false;
      throw error;
    }
  }

  /** Nothing happens when the row has gone with its text. */
  async store(modelId: string, { file, version }: TextVersion, vectors: Uint8Array): Promise<void> {
    await this.database.pool.query(
      `UPDATE librarian.passage_vectors SET vectors = $4, claimed_until = NULL, made_at = now()
       WHERE model_id = $1 AND file = $2 AND version = $3`,
      [modelId, file, version, vectors],
    );
  }

  /** Gives up what was claimed, for whoever asks next. */
  async release(modelId: string, { file, version }: TextVersion): Promise<void> {
    await this.database.pool.query(
      `DELETE FROM librarian.passage_vectors WHERE model_id = $1 AND file = $2 AND version = $3 AND vectors IS NULL`,
      [modelId, file, version],
    );
  }

  /** Whether anybody still makes vectors of this model. */
  async making(modelId: string): Promise<boolean> {
    const { rows } = await this.database.pool.query(
      'SELECT 1 FROM librarian.passage_vectors WHERE model_id = $1 AND vectors IS NULL LIMIT 1',
      [modelId],
    );
    return rows.length > 0;
  }

  /** Removes those of the lab's texts that are no more, and those of models that are not in use. */
  async tidy(texts: readonly TextVersion[]): Promise<void> {
    await this.database.pool.query(
      `DELETE FROM librarian.passage_vectors v WHERE collection_id IS NULL AND made_at < now() - ${FORGOTTEN_AFTER}
       AND NOT EXISTS (SELECT 1 FROM unnest($1::text[], $2::text[]) AS given(file, version)
                       WHERE given.file = v.file AND given.version = v.version)`,
      [texts.map(({ file }) => file), texts.map(({ version }) => version)],
    );
    await this.database.pool.query(
      `DELETE FROM librarian.passage_vectors v USING librarian.encoders m WHERE m.id = v.model_id AND m.state = 'kept'`,
    );
  }

  async documentCount(): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM librarian.documents',
    );
    return rows[0]?.count ?? 0;
  }
}
