// Takes what a source has into its collection: reads only what is new or changed, and stores all of it in one transaction. Whoever
// calls it has looked whether that is allowed.
import { createHash } from 'node:crypto';
import { AppError, toAppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Change, Known, KnowledgeQuota, NewText, Readers, SourceName } from './collection.js';
import { CollectionsRepository } from './collections.repository.js';
import { EXTRACTION_VERSION, Extraction } from './extraction/extraction.js';
import type { SourceKind } from './extraction/kinds.js';
import type { Offered, Skipped, SourceFile } from './files/source-file.js';

/** Another ingestion may change the collection meanwhile; so often it is looked at again. */
const TRIES = 5;

export interface Taken {
  readonly collectionId: string;
  readonly sourceId: string;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly skipped: readonly Skipped[];
}

export interface TakingProgress {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

export interface Taking {
  readonly name: SourceName;
  /** Only while it is this source: one that was removed meanwhile is not made anew. */
  readonly only?: string;
  readonly offered: Offered;
  readonly kind: SourceKind | null;
  readonly readers?: Readers | undefined;
  readonly project?: string | undefined;
  readonly quota: KnowledgeQuota;
  readonly signal: AbortSignal;
}

@Injectable()
export class Taker {
  constructor(
    @Inject(CollectionsRepository) private readonly collections: CollectionsRepository,
    @Inject(Extraction) private readonly extraction: Extraction,
  ) {}

  /** @throws AppError conflict, quota_exceeded, too_large; unsupported_format when there is nothing that can be read */
  async *take(taking: Taking): AsyncGenerator<TakingProgress, Taken> {
    // Read once, however often the collection is looked at again.
    const texts = new Map<string, NewText | Skipped>();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await this.collections.known(taking.name);
      if (taking.only !== undefined && known.sourceId !== taking.only)
        throw new AppError('not_found', `Cannot take ${taking.name.place} again: it was removed meanwhile.`);
      const { change, skipped, unchanged } = yield* this.#prepared(taking, known, texts);
      taking.signal.throwIfAborted();
      if (!(await this.collections.apply(change))) continue;
      const added = change.put.filter(({ path }) => !known.contents.has(path)).length;
      const { collectionId, sourceId, put, removed } = change;
      return {
        collectionId,
        sourceId,
        added,
        changed: put.length - added,
        unchanged,
        removed: removed.length,
        skipped: [...taking.offered.skipped, ...skipped],
      };
    }
    throw new AppError(
      'conflict',
      `Cannot take it into ${taking.name.collection}: others change this collection all the time. Try again.`,
    );
  }

  async *#prepared(
    taking: Taking,
    known: Known,
    texts: Map<string, NewText | Skipped>,
  ): AsyncGenerator<TakingProgress, { change: Change; skipped: Skipped[]; unchanged: number }> {
    const { name, offered, kind, readers, project, quota, signal } = taking;
    const put: NewText[] = [];
    const skipped: Skipped[] = [];
    const kept = new Set<string>();
    let unchanged = 0;
    for (const [at, file] of offered.files.entries()) {
      signal.throwIfAborted();
      const content = contentOf(kind, await file.sha256());
      if (known.contents.get(file.path) === content) {
        unchanged += 1;
        kept.add(file.path);
        continue;
      }
      yield { progress: at, total: offered.files.length, message: `Reading ${file.path}` };
      const text = texts.get(file.path) ?? (await this.#text(file, content, taking));
      texts.set(file.path, text);
      if ('reason' in text) skipped.push(text);
      else {
        put.push(text);
        kept.add(file.path);
      }
    }
    if (put.length + unchanged === 0 && known.sourceId === undefined) throw nothing([...skipped, ...offered.skipped]);
    assertSize(put, quota);
    yield { progress: offered.files.length, total: offered.files.length, message: `Storing ${put.length} documents` };
    const change: Change = {
      name,
      known,
      collectionId: known.collectionId ?? `col_${uuidv7()}`,
      sourceId: known.sourceId ?? `src_${uuidv7()}`,
      put,
      removed: [...known.contents.keys()].filter((path) => !kept.has(path)),
      kind,
      commit: offered.commit,
      ref: offered.ref,
      readers,
      project,
      quota,
    };
    return { change, skipped, unchanged };
  }

  /** What cannot be read is left out with the reason; where it is all that was brought, it is refused. */
  async #text(file: SourceFile, content: string, { kind, name, signal }: Taking): Promise<NewText | Skipped> {
    try {
      const bytes = await file.read();
      const extracted = await this.extraction.read(
        { path: file.path, bytes, ...(kind === null ? {} : { kind }) },
        signal,
      );
      return { path: file.path, content, ...extracted };
    } catch (error) {
      const { code, message } = toAppError(error);
      if (name.from === 'text' || name.from === 'upload') throw error;
      if (code === 'unsupported_format' || code === 'too_large' || code === 'conflict')
        return { path: file.path, reason: message };
      throw error;
    }
  }
}

/** The same while the file is, and what reads it. */
const contentOf = (kind: SourceKind | null, sha256: string): string =>
  createHash('sha256')
    .update(`${EXTRACTION_VERSION} ${kind ?? 'auto'} ${sha256}`)
    .digest('hex');

/** Before it is all in a transaction. */
function assertSize(put: readonly NewText[], quota: KnowledgeQuota): void {
  const characters = put.reduce((sum, { text }) => sum + text.length, 0);
  if (put.length <= quota.documents && characters <= quota.characters) return;
  throw new AppError(
    'quota_exceeded',
    `Cannot take it: it is ${put.length} documents of ${characters} characters, and your collections may have ${quota.documents} of ${quota.characters} together.`,
  );
}

function nothing(skipped: readonly Skipped[]): AppError {
  const [first] = skipped;
  return new AppError(
    'unsupported_format',
    `Cannot take it: there is no file that can be read${first === undefined ? '' : `. ${first.path}: ${first.reason}`}`,
  );
}
