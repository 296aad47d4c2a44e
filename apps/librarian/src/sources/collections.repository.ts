// Rows of collections: whose they are, what is in them. A change of one is one transaction, and a wallet's come one after the other.
import { AppError, SOURCE_LIMITS } from '@labmesh/contracts';
import { DATABASE, type Database, poolTransaction } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { versionOf } from '../corpus/document.js';
import {
  type Change,
  type KnowledgeQuota,
  type Known,
  type NewText,
  type Readers,
  type SourceName,
  type StoredText,
  stateOf,
} from './collection.js';

type Client = Parameters<Parameters<typeof poolTransaction>[1]>[0];

interface DocumentState extends Pick<StoredText, 'version' | 'form' | 'at'> {
  readonly path: string;
}

/** A `StoredText` of `documents d` and their `collections c`. */
export const STORED_TEXT = 'd.path, d.version, d.text, d.title, d.form, d.at, c.name AS "collectionName"';

/** Most documents of one statement. */
const BATCH = 50;

const ONE_AFTER_THE_OTHER = `SELECT pg_advisory_xact_lock(hashtextextended('librarian.collections ' || $1, 0))`;
const INSERT = `
  INSERT INTO librarian.documents (collection_id, source_id, path, content, version, form, title, text, characters, at)
  SELECT $1, $2, path, content, version, form, title, text, length(text), date_trunc('milliseconds', now())
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS given(path, content, version, form, title, text)`;
const COUNTED = `
  UPDATE librarian.collections SET revision = revision + 1, updated_at = date_trunc('milliseconds', now()),
    documents = (SELECT count(*) FROM librarian.documents WHERE collection_id = $1),
    characters = (SELECT coalesce(sum(characters), 0) FROM librarian.documents WHERE collection_id = $1)
  WHERE id = $1`;
const USED = `
  SELECT coalesce(sum(documents), 0)::int AS documents, coalesce(sum(characters), 0)::float8 AS characters
  FROM librarian.collections WHERE owner = $1`;

@Injectable()
export class CollectionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async known({ owner, collection, from, place }: SourceName): Promise<Known> {
    const { rows } = await this.database.pool.query<{ id: string; revision: string; source: string | null }>(
      `SELECT c.id, c.revision, s.id AS source FROM librarian.collections c
       LEFT JOIN librarian.sources s ON s.collection_id = c.id AND s.place = $4 AND s.came_from = ANY($3)
       WHERE c.owner = $1 AND c.name = $2`,
      // A text and an upload of one name are the same document.
      [owner, collection, from === 'text' || from === 'upload' ? ['text', 'upload'] : [from], place],
    );
    const [row] = rows;
    const sourceId = row?.source ?? undefined;
    const documents =
      sourceId === undefined
        ? []
        : (
            await this.database.pool.query<{ path: string; content: string }>(
              'SELECT path, content FROM librarian.documents WHERE source_id = $1',
              [sourceId],
            )
          ).rows;
    return {
      collectionId: row?.id,
      revision: Number(row?.revision ?? 0),
      sourceId,
      contents: new Map(documents.map(({ path, content }) => [path, content])),
    };
  }

  /**
   * False when the collection is another than was known: nothing was changed then.
   * @throws AppError conflict, quota_exceeded
   */
  async apply(change: Change): Promise<boolean> {
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER, [change.name.owner]);
      if (!(await isAsKnown(client, change))) return false;
      await writeHead(client, change);
      const { collectionId, sourceId, put, removed } = change;
      const paths = put.map(({ path }) => path);
      await client.query('DELETE FROM librarian.documents WHERE source_id = $1 AND path = ANY($2)', [
        sourceId,
        [...removed, ...paths],
      ]);
      await assertFree(client, collectionId, paths);
      for (let at = 0; at < put.length; at += BATCH) await insert(client, change, put.slice(at, at + BATCH));
      if (put.length + removed.length > 0) await client.query(COUNTED, [collectionId]);
      if (put.length > 0) await assertWithin(client, change);
      return true;
    });
  }

  /** How many documents went; undefined when the wallet has no such collection or source. */
  async remove(owner: string, collectionId: string, sourceId: string | undefined): Promise<number | undefined> {
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER, [owner]);
      const { rows } = await client.query<{ documents: number; sources: number; ofSource: number; found: boolean }>(
        `SELECT documents, (SELECT count(*)::int FROM librarian.sources WHERE collection_id = c.id) AS sources,
           (SELECT count(*)::int FROM librarian.documents WHERE source_id = $3) AS "ofSource",
           EXISTS (SELECT 1 FROM librarian.sources WHERE id = $3 AND collection_id = c.id) AS found
         FROM librarian.collections c WHERE id = $1 AND owner = $2`,
        [collectionId, owner, sourceId ?? null],
      );
      const [row] = rows;
      if (row === undefined || (sourceId !== undefined && !row.found)) return undefined;
      if (sourceId === undefined || row.sources === 1) {
        await client.query('DELETE FROM librarian.collections WHERE id = $1', [collectionId]);
        return row.documents;
      }
      await client.query('DELETE FROM librarian.sources WHERE id = $1', [sourceId]);
      await client.query(COUNTED, [collectionId]);
      return row.ofSource;
    });
  }

  /** What a wallet may read, and which state of it is the newest. */
  async readable(walletId: string): Promise<{ id: string; revision: number }[]> {
    const { rows } = await this.database.pool.query<{ id: string; revision: string }>(
      `SELECT id, revision FROM librarian.collections WHERE owner = $1 OR readers = 'lab' ORDER BY id`,
      [walletId],
    );
    return rows.map(({ id, revision }) => ({ id, revision: Number(revision) }));
  }

  /** Of these the ones that there are. */
  async present(ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      'SELECT id FROM librarian.collections WHERE id = ANY($1)',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** What is in a collection at one instant, with the state of each document; undefined when it is gone. */
  async states(id: string): Promise<{ revision: number; states: Map<string, string> } | undefined> {
    const { rows } = await this.database.pool.query<{ revision: string } & (DocumentState | { path: null })>(
      `SELECT c.revision, d.path, d.version, d.form, d.at FROM librarian.collections c
       LEFT JOIN librarian.documents d ON d.collection_id = c.id WHERE c.id = $1 ORDER BY d.path`,
      [id],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const states = rows.flatMap((row): [string, string][] => (row.path === null ? [] : [[row.path, stateOf(row)]]));
    return { revision: Number(first.revision), states: new Map(states) };
  }

  async texts(id: string, paths: readonly string[]): Promise<StoredText[]> {
    const { rows } = await this.database.pool.query<StoredText>(
      `SELECT ${STORED_TEXT}
         FROM librarian.documents d JOIN librarian.collections c ON c.id = d.collection_id
        WHERE d.collection_id = $1 AND d.path = ANY($2) ORDER BY d.path`,
      [id, paths],
    );
    return rows;
  }

  async used(owner: string): Promise<KnowledgeQuota> {
    const { rows } = await this.database.pool.query<KnowledgeQuota>(USED, [owner]);
    return rows[0] ?? { documents: 0, characters: 0 };
  }
}

async function isAsKnown(client: Client, { name, known }: Change): Promise<boolean> {
  const { rows } = await client.query<{ id: string; revision: string }>(
    'SELECT id, revision FROM librarian.collections WHERE owner = $1 AND name = $2 FOR UPDATE',
    [name.owner, name.collection],
  );
  return rows[0]?.id === known.collectionId && Number(rows[0]?.revision ?? 0) === known.revision;
}

/** The rows of the collection and of the source; a watched one is looked at again. */
async function writeHead(client: Client, change: Change): Promise<void> {
  const { name, collectionId, sourceId, known, readers, project, kind, commit, ref } = change;
  if (known.collectionId === undefined) {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM librarian.collections WHERE owner = $1',
      [name.owner],
    );
    if ((rows[0]?.count ?? 0) >= SOURCE_LIMITS.collections)
      throw new AppError(
        'quota_exceeded',
        `Cannot make the collection ${name.collection}: you have ${SOURCE_LIMITS.collections}. Remove one with remove_source.`,
      );
    await client.query(
      `INSERT INTO librarian.collections (id, owner, name, readers, project_id, revision, documents, characters, updated_at)
       VALUES ($1, $2, $3, $4, $5, 0, 0, 0, date_trunc('milliseconds', now()))`,
      [collectionId, name.owner, name.collection, readers ?? ('owner' satisfies Readers), project ?? null],
    );
  } else if (readers !== undefined || project !== undefined)
    await client.query(
      'UPDATE librarian.collections SET readers = coalesce($2, readers), project_id = coalesce($3, project_id) WHERE id = $1',
      [collectionId, readers ?? null, project ?? null],
    );
  await client.query(
    // A commit that was asked for by its id is what it is for ever.
    `INSERT INTO librarian.sources (id, collection_id, came_from, place, kind, commit, ref, checked_at, next_look_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, date_trunc('milliseconds', now()),
       CASE WHEN $3 = 'folder' OR ($3 = 'git' AND $7 <> $6) THEN now() END)
     ON CONFLICT (id) DO UPDATE SET came_from = excluded.came_from, kind = excluded.kind, commit = excluded.commit,
       ref = excluded.ref, checked_at = excluded.checked_at, problem = NULL,
       next_look_at = CASE WHEN excluded.next_look_at IS NULL THEN NULL
         ELSE coalesce(sources.next_look_at, excluded.next_look_at) END`,
    [sourceId, collectionId, name.from, name.place, kind, commit, ref ?? null],
  );
}

/** Two sources of a collection cannot have the same document. */
async function assertFree(client: Client, collectionId: string, paths: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ path: string }>(
    'SELECT path FROM librarian.documents WHERE collection_id = $1 AND path = ANY($2) LIMIT 1',
    [collectionId, paths],
  );
  if (rows[0] !== undefined)
    throw new AppError(
      'conflict',
      `Cannot take ${rows[0].path}: another source of this collection has a document of this name. Take it into another collection, or remove that source first.`,
    );
}

async function insert(client: Client, { collectionId, sourceId }: Change, texts: readonly NewText[]): Promise<void> {
  const column = <T>(of: (text: NewText) => T): T[] => texts.map(of);
  await client.query(INSERT, [
    collectionId,
    sourceId,
    column(({ path }) => path),
    column(({ content }) => content),
    column(({ text }) => versionOf(text)),
    column(({ form }) => form),
    column(({ title }) => title ?? null),
    column(({ text }) => text),
  ]);
}

async function assertWithin(client: Client, { name, quota }: Change): Promise<void> {
  const { rows } = await client.query<KnowledgeQuota>(USED, [name.owner]);
  const { documents = 0, characters = 0 } = rows[0] ?? {};
  if (documents <= quota.documents && characters <= quota.characters) return;
  throw new AppError(
    'quota_exceeded',
    `Cannot take it: your collections would have ${documents} documents of ${characters} characters, and may have ${quota.documents} of ${quota.characters}. Remove what you no longer need with remove_source.`,
  );
}
