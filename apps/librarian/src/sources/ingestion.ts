// What callers do with collections: bring documents, look at what there is, take some away. A collection is its owner's alone, and to
// everyone who may not read it as if it did not exist.
import {
  AppError,
  type Call,
  type librarian,
  SOURCE_LIMITS,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CODE, CodeShelf } from '../code/code-shelf.js';
import { Library } from '../corpus/library.js';
import { OwnProjects } from '../projects/own-projects.js';
import { quotaOf } from './collection.js';
import { CollectionsRepository } from './collections.repository.js';
import { Offering, type Place } from './files/offering.js';
import { Taker, type TakingProgress } from './taking.js';
import { WatchedRepository } from './watched.repository.js';

type Tools = typeof librarian.tools;
const SKIPPED_TOLD = 50;
const OPERATE = 'knowledge:operate';
/** What belongs to the lab is in no wallet's quota. */
const LAB = 'lab';

@Injectable()
export class Ingestion {
  constructor(
    @Inject(Offering) private readonly offering: Offering,
    @Inject(Taker) private readonly taker: Taker,
    @Inject(CollectionsRepository) private readonly collections: CollectionsRepository,
    @Inject(WatchedRepository) private readonly watched: WatchedRepository,
    @Inject(Library) private readonly library: Library,
    @Inject(OwnProjects) private readonly projects: Pick<OwnProjects, 'assertOwn'>,
    @Inject(CodeShelf) private readonly code: Pick<CodeShelf, 'size'>,
  ) {}

  async *ingest(
    input: ToolInput<Tools['ingest_source']>,
    call: Call,
  ): AsyncGenerator<Omit<TakingProgress, 'total'> & { total?: number }, ToolOutput<Tools['ingest_source']>> {
    const { principal, signal } = call;
    assertAllowed(input, principal.permissions);
    if (input.project !== undefined) await this.projects.assertOwn(input.project, call);
    yield { progress: 0, message: 'Looking at what there is' };
    const from = placeOf(input);
    const { place, ...offered } = await this.offering.offer(from, principal, signal);
    const { skipped, ...taken } = yield* this.taker.take({
      name: { owner: principal.walletId, collection: input.collection, from: from.from, place },
      offered,
      kind: input.kind ?? null,
      readers: input.readers,
      project: input.project,
      quota: quotaOf(principal.permissions),
      signal,
    });
    if (from.from === 'upload') await this.offering.forget(from.uploadId);
    // So that the next question here waits for nothing.
    await this.library.readBy(principal).catch(() => undefined);
    return { ...taken, skipped: skipped.slice(0, SKIPPED_TOLD), skippedCount: skipped.length, commit: offered.commit };
  }

  /** @throws AppError not_found for a project that is not the caller's */
  async list(
    { project }: ToolInput<Tools['list_collections']>,
    call: Call,
  ): Promise<ToolOutput<Tools['list_collections']>> {
    if (project !== undefined) await this.projects.assertOwn(project, call);
    const { walletId, permissions } = call.principal;
    const [rows, sources, used] = await Promise.all([
      this.watched.collections(walletId),
      this.watched.sources(walletId),
      this.collections.used(walletId),
    ]);
    const most = quotaOf(permissions);
    return {
      collections: [
        ...(project === undefined ? await this.#ofTheLab() : []),
        ...rows
          .filter((row) => project === undefined || row.project === project)
          .map(({ updatedAt, ...row }) => ({
            ...row,
            updatedAt: updatedAt.toISOString(),
            sources: (sources.get(row.collectionId) ?? []).map((source) => ({
              ...source,
              checkedAt: source.checkedAt.toISOString(),
            })),
          })),
      ],
      quota: {
        documents: used.documents,
        documentsMax: most.documents,
        characters: used.characters,
        charactersMax: most.characters,
      },
    };
  }

  /** @throws AppError not_found for what is not the caller's */
  async remove(
    { collectionId, sourceId }: ToolInput<Tools['remove_source']>,
    { principal }: Call,
  ): Promise<ToolOutput<Tools['remove_source']>> {
    const removed = await this.collections.remove(principal.walletId, collectionId, sourceId);
    if (removed === undefined)
      throw new AppError(
        'not_found',
        `Cannot remove ${sourceId ?? collectionId}: you have no such ${sourceId === undefined ? 'collection' : 'source in this collection'}. list_collections names those there are.`,
      );
    return { removed };
  }

  async #ofTheLab(): Promise<ToolOutput<Tools['list_collections']>['collections']> {
    const found = new Map<string, { documents: number; characters: number }>();
    for (const { collection, characters: own } of (await this.library.upToDate()).documents()) {
      const { documents, characters } = found.get(collection) ?? { documents: 0, characters: 0 };
      found.set(collection, { documents: documents + 1, characters: characters + own });
    }
    const code = await this.code.size();
    if (code.documents > 0) found.set(CODE, code);
    return [...found].map(([name, counts]) => ({
      collectionId: name,
      name,
      owner: LAB,
      readers: LAB,
      project: null,
      ...counts,
      updatedAt: null,
      sources: [],
    }));
  }
}

function assertAllowed(
  { readers, folder, git }: ToolInput<Tools['ingest_source']>,
  permissions: readonly string[],
): void {
  const asked =
    readers === 'lab'
      ? 'share a collection with the lab'
      : folder !== undefined || git !== undefined
        ? 'take folders and repositories'
        : '';
  if (asked === '' || permissions.includes(OPERATE)) return;
  throw new AppError(
    'forbidden',
    `Cannot ${asked}: your role lacks ${OPERATE}, which operators have. Ask one, or bring the files as text or uploads for yourself.`,
  );
}

function placeOf({ text, uploadId, folder, git }: ToolInput<Tools['ingest_source']>): Place {
  if (text !== undefined) return { from: 'text', ...text };
  if (uploadId !== undefined) return { from: 'upload', uploadId };
  if (git !== undefined) return { from: 'git', ...git, folder: git.folder ?? '' };
  if (folder !== undefined) return { from: 'folder', folder };
  throw new AppError(
    'invalid_input',
    `Cannot take nothing: give text, uploadId, folder or git, of at most ${SOURCE_LIMITS.files} files.`,
  );
}
