// Fetches a stream of a source into a dataset of the lab: one fetch of a stream at a time over all replicas, each from where the
// last one stopped. What is there already and fresh is not asked for again.
import { randomUUID } from 'node:crypto';
import { AppError, toAppError } from '@labmesh/contracts';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { DatasetSummary, Drift } from '../datasets/dataset.js';
import { RowsRefused } from '../schemas/drift-policy.js';
import { type Bookmark, refused } from './bookmark.js';
import { DatasetStore, type Written } from './dataset-store.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { Manifest, Stream } from './manifest.js';
import { provenanceOf } from './provenance.js';
import { SourceCatalog } from './source-catalog.js';
import { SourceBusy, SourceGone } from './source-client.js';
import { SourceKinds } from './source-kinds.js';
import { type Ending, type Slice, SourceStateRepository } from './source-state.repository.js';
import { idsOf, parametersOf, rangeOf, type Wish } from './stream-asked.js';
import { begun, finished, pagesOf, type RunPlan, settled } from './stream-run.js';
import type { Values } from './template.js';
import { covers, later, written } from './time-range.js';

export interface Within {
  /** Unix milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Ask the source even when what is there is fresh. */
  readonly force: boolean;
}

export interface FetchProgress {
  readonly progress: number;
  readonly total?: number;
  readonly message: string;
}

export interface Fetched {
  readonly dataset: DatasetSummary;
  /** Nothing was asked of the source: what is there is fresh. */
  readonly cached: boolean;
  /** Pages, rows that came, and those that were new, changed or gone. */
  readonly pages: number;
  readonly rows: number;
  readonly changed: number;
  /** How the rows that came differ from the version before. */
  readonly drift: Drift;
  readonly fetchedAt: Date;
  readonly refreshAt: Date | null;
}

interface Job {
  readonly manifest: Manifest;
  readonly stream: Stream;
  readonly slice: Slice;
  readonly parameters: Values;
  readonly wish: Wish;
  readonly within: Within;
}

const LEASE_MS = 15_000;
/** After a failure of the source, it is tried again by itself. */
const RETRY_MS = 15 * 60_000;
const ROWS_READ = 5_000;
const POLL_MS = 250;

@Injectable()
export class SourceFetcher {
  readonly #process = randomUUID();

  constructor(
    @Inject(SourceCatalog) private readonly catalog: SourceCatalog,
    @Inject(SourceStateRepository) private readonly state: SourceStateRepository,
    @Inject(SourceKinds) private readonly kinds: SourceKinds,
    @Inject(DatasetStore) private readonly store: DatasetStore,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn' | 'info'>,
  ) {}

  /** @throws AppError not_found, invalid_input, upstream_failed, rate_limited, conflict, cancelled, deadline_exceeded */
  async *fetch(wish: Wish, within: Within): AsyncGenerator<FetchProgress, Fetched, void> {
    const job = await this.#job(wish, within);
    const fresh = within.force ? undefined : await this.#fresh(job);
    return fresh ?? (yield* this.#inTurn(job));
  }

  /** What is there of it, asking nobody; undefined when a fetch would ask the source. @throws AppError as `fetch` does for a wrong wish */
  async known(wish: Wish, within: Within): Promise<Fetched | undefined> {
    return this.#fresh(await this.#job(wish, within));
  }

  async #job(wish: Wish, within: Within): Promise<Job> {
    const { source, stream } = await this.catalog.stream(wish.source, wish.stream);
    const { manifest } = source;
    const parameters = await parametersOf('parameters' in stream ? stream.parameters : {}, wish.parameters ?? {});
    const made = {
      ...idsOf(manifest, wish.stream, parameters),
      source: manifest.name,
      stream: wish.stream,
      parameters,
    };
    const slice = await this.state.slice(made);
    return { manifest, stream, slice, parameters, wish, within };
  }

  /** What is there, when nothing newer can be expected of the source yet. */
  async #fresh(job: Job): Promise<Fetched | undefined> {
    const { slice, stream, manifest, wish } = job;
    const { fetchedAt, bookmark } = slice;
    if (fetchedAt === null || stream.freshness === undefined || fetchedAt.getTime() + stream.freshness < Date.now())
      return undefined;
    if (bookmark.run !== undefined || slice.failure !== null || mayTakeMore(job)) return undefined;
    const now = this.kinds.now(manifest);
    if (!hasAll(stream, wish, { bookmark, now })) return undefined;
    const dataset = await this.store.find(slice.datasetId);
    const { refreshAt } = slice;
    return dataset && { dataset, cached: true, pages: 0, rows: 0, changed: 0, drift: null, fetchedAt, refreshAt };
  }

  /** Waits for whoever fetches this stream now, then fetches what is left. */
  async *#inTurn(job: Job): AsyncGenerator<FetchProgress, Fetched, void> {
    const holder = `${this.#process}:${randomUUID()}`;
    const began = Date.now();
    let told = -1;
    for (;;) {
      const slice = await this.state.take(job.slice.id, holder, LEASE_MS);
      if (slice !== undefined) {
        const done =
          slice.fetchedAt !== null && slice.fetchedAt.getTime() > began && !asksRange(job.wish)
            ? await this.#fresh({ ...job, slice })
            : undefined;
        if (done === undefined) return yield* this.#held({ ...job, slice }, holder);
        await this.state.release(slice.id, holder);
        return done;
      }
      stopIfOver(job.within);
      const run = (await this.state.find(job.slice.id))?.bookmark.run;
      if (run !== undefined && run.pages !== told) {
        told = run.pages;
        yield { progress: run.pages, message: `Somebody else fetches this: ${run.rows} rows on ${run.pages} pages` };
      }
      await this.kinds.timing.pause(POLL_MS, job.within.signal);
    }
  }

  async *#held(job: Job, holder: string): AsyncGenerator<FetchProgress, Fetched, void> {
    const { slice, within } = job;
    const lease = new LeaseKeeper(() => this.state.renew(slice.id, holder, LEASE_MS), LEASE_MS / 3);
    const signal = AbortSignal.any([within.signal, lease.lost]);
    try {
      return yield* this.#run({ ...job, within: { ...within, signal } }, holder);
    } catch (error) {
      await this.#failed(job, error);
      throw error;
    } finally {
      lease.end();
      await this.state.release(slice.id, holder).catch(() => undefined);
    }
  }

  async *#run(job: Job, holder: string): AsyncGenerator<FetchProgress, Fetched, void> {
    const { slice, manifest, stream, within, wish } = job;
    const plan = await this.#plan(job);
    const stage = this.state.stage(slice.id, holder, LEASE_MS);
    let { bookmark } = slice;
    const left = bookmark.run;
    const now = rangeOf(stream, wish, { bookmark, now: this.kinds.now(manifest) });
    if (left === undefined) bookmark = begun(bookmark, { plan, ...now });
    bookmark = yield* this.#pages(plan, stage, { bookmark, within, name: manifest.name });
    if (
      left !== undefined &&
      asksRange(wish) &&
      (left.range.from !== now.range.from || left.range.to !== now.range.to)
    ) {
      // What was left of another fetch is done; now what was asked for.
      bookmark = begun(finished(plan, await settled(plan, stage, bookmark)), { plan, ...now });
      bookmark = yield* this.#pages(plan, stage, { bookmark, within, name: manifest.name });
    }
    bookmark = await settled(plan, stage, bookmark);
    const { run } = bookmark;
    const rolls = run?.rolling === true || slice.refreshAt !== null;
    const refreshMs = rolls ? (stream.freshness ?? null) : null;
    const {
      dataset,
      drift,
      left: some,
    } = await this.#written(job, bookmark).catch((error: unknown) =>
      this.#refused(job, holder, { bookmark, refreshMs, error }),
    );
    const end = finished(plan, bookmark);
    await this.state.finish(slice.id, holder, { bookmark: some ? { ...end, withheld: 'some' } : end, refreshMs });
    const { fetchedAt, refreshAt } = (await this.state.find(slice.id)) ?? slice;
    return {
      dataset,
      cached: false,
      pages: run?.pages ?? 0,
      rows: run?.rows ?? 0,
      changed: run?.changed ?? 0,
      drift,
      fetchedAt: fetchedAt ?? new Date(),
      refreshAt,
    };
  }

  async *#pages(
    plan: RunPlan,
    stage: ReturnType<SourceStateRepository['stage']>,
    { bookmark, within, name }: { bookmark: Bookmark; within: Within; name: string },
  ): AsyncGenerator<FetchProgress, Bookmark, void> {
    const pages = pagesOf(plan, stage, bookmark);
    for (;;) {
      const next = await pages.next();
      if (next.done === true) return next.value;
      const { run } = next.value;
      if (run !== undefined)
        yield {
          progress: run.rows,
          ...(run.total === undefined ? {} : { total: run.total }),
          message: `${name}: ${run.rows} rows on ${run.pages} pages`,
        };
      stopIfOver(within);
    }
  }

  async #plan({ manifest, stream, parameters, within, wish }: Job): Promise<RunPlan> {
    const source = await this.kinds.pages({ manifest, stream, parameters }, within);
    const { primaryKey } = stream;
    const range = 'range' in stream ? stream.range : undefined;
    const cursor =
      'cursor' in stream && stream.cursor !== undefined && range !== undefined
        ? { field: stream.cursor.field, format: range.format }
        : undefined;
    return {
      name: `${manifest.name} ${wish.stream}`,
      source,
      primaryKey,
      cursor,
      keeps: range !== undefined && primaryKey !== undefined,
    };
  }

  /** `left`: rows or columns are left out of the dataset. @throws RowsRefused */
  async #written(job: Job, bookmark: Bookmark): Promise<Written & { left: boolean }> {
    const { slice, manifest, stream } = job;
    const { drift: policy } = stream;
    const asBefore = bookmark.run?.changed === 0 && !mayTakeMore(job);
    const same = asBefore ? await this.store.find(slice.datasetId) : undefined;
    if (same !== undefined) return { dataset: same, drift: null, left: slice.bookmark.withheld !== undefined };
    const written = await this.store.write({
      id: slice.datasetId,
      name: `${`${manifest.title}: ${stream.title}`.slice(0, 100)}${this.kinds.recorded ? ' (recorded)' : ''}`,
      description: `${this.kinds.recorded ? 'Recorded data, not asked for now. ' : ''}${stream.description}`,
      source: manifest.name,
      topics: stream.topics ?? manifest.topics,
      provenance: provenanceOf(job, bookmark, this.kinds.recorded),
      schema: stream.schema,
      policy,
      rows: () => this.#rows(slice.id),
    });
    return { ...written, left: policy === 'discard' && written.drift !== null };
  }

  /** The last good version stays, and its stream says why; told in the log once. @throws AppError conflict; anything else as it came */
  async #refused(
    { slice, manifest }: Job,
    holder: string,
    { bookmark, refreshMs, error }: Ending & { error: unknown },
  ): Promise<never> {
    if (!(error instanceof RowsRefused)) throw error;
    const { source, stream } = slice;
    const message = `Cannot take what ${manifest.name} has of ${stream} now: ${error.why}. Its last good version stays. To take it, say “drift: evolve” or “drift: discard” in the manifest, and add that again.`;
    const ending = { bookmark: refused(bookmark, slice.bookmark), refreshMs };
    if (await this.state.withhold(slice.id, holder, { ...ending, failure: message }))
      this.log.warn({ source, stream }, message);
    throw new AppError('conflict', message, { cause: error, details: error.details });
  }

  async *#rows(id: string): AsyncGenerator<readonly string[], void, void> {
    let after = { position: -1n, key: '' };
    for (;;) {
      const rows = await this.state.rows(id, after, ROWS_READ);
      if (rows.length > 0) yield rows.map(({ row }) => row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_READ) return;
      after = last;
    }
  }

  /** What stays in the way is kept with the stream, for the list of datasets, and told in the log once. */
  async #failed({ slice, manifest }: Job, error: unknown): Promise<void> {
    const { code, message } = toAppError(error);
    if (code === 'cancelled' || code === 'conflict' || code === 'deadline_exceeded' || code === 'invalid_input') return;
    const gone = error instanceof SourceGone;
    const retryMs = gone ? null : error instanceof SourceBusy ? error.waitMs : RETRY_MS;
    const news = await this.state.fail(slice.id, message, { retryMs, gone }).catch(() => false);
    if (gone && news)
      this.log.warn({ source: manifest.name, stream: slice.stream }, `${message} Its last good version stays.`);
  }
}

/** Whether the last fetch asked for all that is wished for: what came since it is not expected yet. */
function hasAll(stream: Stream, wish: Wish, at: { bookmark: Bookmark; now: number }): boolean {
  const { last } = at.bookmark;
  if (!asksRange(wish)) return last?.rolling === true;
  const { range } = rangeOf(stream, wish, at);
  if (last === undefined || !('range' in stream) || stream.range === undefined) return false;
  const { format } = stream.range;
  const until = written(at.now - (stream.freshness ?? 0), format);
  const timed = format === 'date' || format === 'datetime';
  const to = timed && range.to !== undefined && later(range.to, until, format) === range.to ? until : range.to;
  return covers(last, { ...range, to }, format);
}

/** What a policy held back may be taken by another. */
const mayTakeMore = ({ slice: { bookmark }, stream }: Pick<Job, 'slice' | 'stream'>): boolean =>
  bookmark.withheld === 'all' || (bookmark.withheld === 'some' && stream.drift !== 'discard');

const asksRange = ({ from, to }: Wish): boolean => from !== undefined || to !== undefined;

function stopIfOver({ signal, deadline }: Within): void {
  if (signal.aborted)
    throw new AppError(
      'cancelled',
      'Gave up the fetch: the caller went away. What was fetched is kept; the same call goes on from there.',
    );
  if (Date.now() >= deadline)
    throw new AppError(
      'deadline_exceeded',
      'The time for this call is over. What was fetched is kept: the same call goes on from there.',
    );
}
