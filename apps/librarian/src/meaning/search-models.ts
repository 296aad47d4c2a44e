// What operators do with search models: take one in, say which is used, look how far it is, remove it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { BLOBS, type Blobs } from '@labmesh/blobs';
import { AppError, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import {
  type ConversionStep,
  type Converted,
  convertElsewhere,
  MODEL_ARCHIVE_BYTES_MAX,
  unpackModel,
} from '@labmesh/encoder';
import { Inject, Injectable } from '@nestjs/common';
import { Library } from '../corpus/library.js';
import { Embedding } from './embedding.js';
import { Meanings } from './meaning.js';
import { SearchModelsRepository, type StoredModel } from './search-models.repository.js';
import { VectorsRepository } from './vectors.repository.js';

type Tools = typeof librarian.tools;
type Told = ToolOutput<Tools['list_encoders']>['models'][number];

@Injectable()
export class SearchModels {
  /** One at a time: each takes much memory. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(SearchModelsRepository) private readonly models: SearchModelsRepository,
    @Inject(VectorsRepository) private readonly vectors: VectorsRepository,
    @Inject(Embedding) private readonly embedding: Pick<Embedding, 'poke' | 'problem'>,
    @Inject(Meanings) private readonly meanings: Pick<Meanings, 'counts'>,
    @Inject(Library) private readonly library: Pick<Library, 'upToDate'>,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
  ) {}

  async *add(
    { uploadId, name, licence }: ToolInput<Tools['add_encoder']>,
    { principal, signal }: Call,
  ): AsyncGenerator<ConversionStep, ToolOutput<Tools['add_encoder']>> {
    const folder = await mkdtemp(join(tmpdir(), 'labmesh-model-'));
    try {
      await this.#unpack(uploadId, principal.walletId, folder);
      const { graph, tokenizer, card } = yield* this.#converted(folder, signal);
      const { alreadyThere } = await this.models.add({
        ...{ name, card, graph, tokenizer },
        licence: licence ?? null,
        addedBy: principal.walletId,
      });
      const stored = await this.models.find(card.sha256);
      if (stored === undefined) throw new AppError('conflict', 'Cannot add the model: it was removed meanwhile.');
      await this.blobs.uploads.remove(uploadId).catch(() => undefined);
      return { model: told(stored), alreadyThere };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async list(): Promise<ToolOutput<Tools['list_encoders']>> {
    const [models, ofCollections, corpus] = await Promise.all([
      this.models.list(),
      this.vectors.documentCount(),
      this.library.upToDate(),
    ]);
    const { problem, ...counts } = this.meanings.counts;
    return {
      models: models.map(told),
      documents: corpus.size() + ofCollections,
      ...counts,
      problem: this.embedding.problem ?? problem,
    };
  }

  /** @throws AppError not_found */
  async use({ name }: ToolInput<Tools['use_encoder']>): Promise<ToolOutput<Tools['use_encoder']>> {
    await this.models.use(name);
    this.embedding.poke();
    return { models: (await this.models.list()).map(told) };
  }

  /** @throws AppError not_found, conflict while it is in use */
  async remove({ name }: ToolInput<Tools['remove_encoder']>): Promise<ToolOutput<Tools['remove_encoder']>> {
    await this.models.remove(name);
    return { removed: name };
  }

  async #unpack(uploadId: string, walletId: string, folder: string): Promise<void> {
    const { uploads } = this.blobs;
    const found = await uploads.find(uploadId, walletId);
    if (found !== undefined && found.bytes > MODEL_ARCHIVE_BYTES_MAX)
      throw new AppError(
        'too_large',
        `Cannot take the model: the upload has ${found.bytes} bytes, and may have ${MODEL_ARCHIVE_BYTES_MAX}.`,
      );
    await unpackModel(await uploads.open(uploadId, walletId), folder);
  }

  /** What the process that makes it tells, as it tells it; what comes while too many wait to be read is not told. */
  async *#converted(folder: string, signal: AbortSignal): AsyncGenerator<ConversionStep, Converted> {
    const steps = new PassThrough({ objectMode: true });
    const tell = (step: ConversionStep): void => {
      if (!steps.writableNeedDrain) steps.write(step);
    };
    const work = this.#turn.then(() => convertElsewhere(folder, { tell, signal }));
    this.#turn = work.catch(() => undefined);
    void this.#turn.then(() => steps.end());
    for await (const step of steps) yield step as ConversionStep;
    return work;
  }
}

const told = ({ id, card, addedAt, ...model }: StoredModel): Told => ({
  ...model,
  sha256: id,
  dimensions: card.dimensions,
  tokensMax: card.tokensMax,
  parameters: card.parameters,
  int8Cosine: card.int8Cosine,
  addedAt: addedAt.toISOString(),
});
