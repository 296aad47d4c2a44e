// Rows of sentence encoders: which there are, which one answers and which one is to. Their content is in the place for bytes.
import { type BlobRef, BlobReferences } from '@labmesh/blobs';
import { AppError } from '@labmesh/contracts';
import { DATABASE, type Database, poolTransaction } from '@labmesh/db';
import type { EncoderCard, EncoderModel, WordPieceModel } from '@labmesh/encoder';
import { Inject, Injectable } from '@nestjs/common';

export type ModelState = 'kept' | 'coming' | 'answering';

export interface StoredModel {
  /** As its card's hash. */
  readonly id: string;
  readonly name: string;
  readonly card: EncoderCard;
  readonly licence: string | null;
  readonly bytes: number;
  readonly state: ModelState;
  readonly addedAt: Date;
  /** That have its vectors. */
  readonly documents: number;
}

export type UsedModel = Pick<StoredModel, 'id' | 'name' | 'card'>;

export interface NewModel {
  readonly name: string;
  readonly licence: string | null;
  readonly card: EncoderCard;
  readonly graph: Uint8Array;
  readonly tokenizer: WordPieceModel;
  readonly addedBy: string;
}

/** Whose it is in the place for bytes: nobody's quota. */
const OWNER = 'lab';
const ONE_AFTER_THE_OTHER = `SELECT pg_advisory_xact_lock(hashtextextended('librarian.encoders', 0))`;
const ROWS = `
  SELECT id, name, card, licence, bytes::float8 AS bytes, state, added_at AS "addedAt",
    (SELECT count(*)::int FROM librarian.passage_vectors v WHERE v.model_id = m.id AND v.vectors IS NOT NULL) AS documents
  FROM librarian.encoders m`;

@Injectable()
export class SearchModelsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  async list(): Promise<StoredModel[]> {
    const { rows } = await this.database.pool.query<StoredModel>(`${ROWS} ORDER BY m.added_at, m.id`);
    return rows;
  }

  async find(id: string): Promise<StoredModel | undefined> {
    const { rows } = await this.database.pool.query<StoredModel>(`${ROWS} WHERE m.id = $1`, [id]);
    return rows[0];
  }

  /** Which one answers, and which one is to. */
  async inUse(): Promise<{ readonly answering?: UsedModel; readonly coming?: UsedModel }> {
    const { rows } = await this.database.pool.query<UsedModel & { state: ModelState }>(
      `SELECT id, name, card, state FROM librarian.encoders WHERE state <> 'kept'`,
    );
    return Object.fromEntries(rows.map(({ state, ...model }) => [state, model]));
  }

  /** Keeps it; the same one is there already. @throws AppError conflict when its name is another model's */
  async add({ name, licence, card, graph, tokenizer, addedBy }: NewModel): Promise<{ alreadyThere: boolean }> {
    const { store } = this.references;
    const content: BlobRef[] = [await store.put([graph]), await store.put([Buffer.from(JSON.stringify(tokenizer))])];
    return this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(ONE_AFTER_THE_OTHER);
      const there = await tx.encoderModel.findFirst({ where: { OR: [{ id: card.sha256 }, { name }] } });
      if (there?.id === card.sha256) return { alreadyThere: true };
      if (there !== null)
        throw new AppError(
          'conflict',
          `Cannot add the model as ${name}: another model has this name. Give another with --name, or remove that one.`,
        );
      const [graphBlobId = '', tokenizerBlobId = ''] = await this.references.claim(
        tx,
        content.map((ref, at) => ({
          ...ref,
          mediaType: at === 0 ? 'application/octet-stream' : 'application/json',
          name: at === 0 ? `${name}.onnx` : `${name}.json`,
          owner: OWNER,
        })),
      );
      const [bytes, row] = [
        graph.byteLength,
        { id: card.sha256, name, licence, addedBy, graphBlobId, tokenizerBlobId },
      ];
      await tx.encoderModel.create({ data: { ...row, bytes, state: 'kept', card: { ...card } } });
      return { alreadyThere: false };
    });
  }

  /** @throws AppError not_found when it was removed; unavailable when its content is gone */
  async content(id: string): Promise<EncoderModel> {
    const { rows } = await this.database.pool.query<{ graph: string; tokenizer: string }>(
      `SELECT g.sha256 AS graph, t.sha256 AS tokenizer FROM librarian.encoders m
       JOIN librarian.blobs g ON g.id = m.graph_blob_id JOIN librarian.blobs t ON t.id = m.tokenizer_blob_id WHERE m.id = $1`,
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new AppError('not_found', 'The model was removed.');
    const [graph, tokenizer] = await Promise.all([this.#bytes(row.graph), this.#bytes(row.tokenizer)]);
    return { graph, tokenizer: JSON.parse(tokenizer.toString('utf8')) as WordPieceModel };
  }

  /** It answers at once where no other does; else it is on its way. Undefined: none. @throws AppError not_found */
  async use(name: string | undefined): Promise<void> {
    await poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER);
      const { rows } = await client.query<{ id: string; name: string; state: ModelState }>(
        'SELECT id, name, state FROM librarian.encoders',
      );
      const wanted = rows.find((row) => row.name === name);
      if (name !== undefined && wanted === undefined)
        throw new AppError('not_found', `Cannot use ${name}: there is no model of this name. list_encoders has all.`);
      const answering = rows.find(({ state }) => state === 'answering');
      const stays = wanted !== undefined && answering !== undefined && answering.id !== wanted.id;
      await client.query(
        `UPDATE librarian.encoders SET state = 'kept' WHERE state <> 'kept' AND NOT (state = 'answering' AND $1)`,
        [stays],
      );
      if (wanted === undefined) return;
      await client.query('UPDATE librarian.encoders SET state = $2 WHERE id = $1', [
        wanted.id,
        (stays ? 'coming' : 'answering') satisfies ModelState,
      ]);
    });
  }

  /** The one that was coming answers from now on. Nothing happens when it is not coming any more. */
  async arrived(id: string): Promise<boolean> {
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER);
      const { rowCount } = await client.query(
        `UPDATE librarian.encoders SET state = 'kept' WHERE state = 'answering'
         AND EXISTS (SELECT 1 FROM librarian.encoders WHERE id = $1 AND state = 'coming')`,
        [id],
      );
      if (rowCount === 0) return false;
      await client.query(`UPDATE librarian.encoders SET state = 'answering' WHERE id = $1`, [id]);
      return true;
    });
  }

  /** With its vectors, and without what names its content. @throws AppError not_found, conflict while it is in use */
  async remove(name: string): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(ONE_AFTER_THE_OTHER);
      const there = await tx.encoderModel.findUnique({ where: { name } });
      if (there === null)
        throw new AppError(
          'not_found',
          `Cannot remove ${name}: there is no model of this name. list_encoders has all.`,
        );
      if (there.state !== 'kept')
        throw new AppError(
          'conflict',
          `Cannot remove ${name}: it is in use. Use another first, or none: npx @labmesh/cli models use --none.`,
        );
      await tx.encoderModel.delete({ where: { id: there.id } });
      await this.references.release(tx, [there.graphBlobId, there.tokenizerBlobId]);
    });
  }

  async #bytes(sha256: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of await this.references.store.read(sha256)) pieces.push(piece as Uint8Array);
    return Buffer.concat(pieces);
  }
}
