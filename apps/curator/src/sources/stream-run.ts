// Fetches a stream page by page: each page's rows and the bookmark after it are stored together, so that whatever ends the process,
// the next run goes on after the last stored page, and no row is lost or there twice.
import { AppError } from '@labmesh/contracts';
import type { Row } from '../rows.js';
import { afterPage, type Bookmark, type Run } from './bookmark.js';
import type { AskedRange } from './page-state.js';
import { valueAt } from './pointer.js';
import { rowKey } from './row-key.js';
import type { Page, PageSource } from './stream-pages.js';
import { later } from './time-range.js';

export interface KeyedRow {
  readonly key: string;
  readonly text: string;
}

/** Where rows and bookmark are kept, for who holds the stream. */
export interface Stage {
  /** Of rows with these keys: the pass that saw them last, and their text. */
  known(keys: readonly string[]): Promise<ReadonlyMap<string, { seen: number; text: string }>>;
  /** In one transaction. @throws AppError conflict when another holds the stream now */
  store(page: StoredPage, bookmark: Bookmark): Promise<void>;
  /** Takes away what no pass since `seen` has seen, and stores the bookmark that follows from how many there were, in one transaction. */
  forget(seen: number, after: (removed: number) => Bookmark): Promise<Bookmark>;
}

export interface StoredPage {
  readonly rows: readonly KeyedRow[];
  readonly seen: number;
  /** Place of the first row. */
  readonly from: number;
  /** Rows that are known get their new place. */
  readonly reorder: boolean;
}

export interface RunPlan {
  readonly name: string;
  readonly source: PageSource;
  readonly primaryKey: readonly string[] | undefined;
  readonly cursor: { readonly field: string; readonly format: 'date' | 'datetime' | 'integer' | 'text' } | undefined;
  /** Rows that the source no longer has stay: a fetch asks for a part of them alone. */
  readonly keeps: boolean;
}

/** Passes through pages that move; then what was seen in all of them is taken. */
const PASSES_MAX = 5;
const PAGES_MAX = 100_000;

/** The bookmark of a run that begins now. */
export function begun(
  bookmark: Bookmark,
  { plan, range, rolling }: { plan: RunPlan; range: AskedRange; rolling: boolean },
): Bookmark {
  const run: Run = {
    range,
    rolling,
    at: plan.source.first(range),
    shifted: false,
    pass: 1,
    pages: 0,
    rows: 0,
    changed: 0,
    unchanged: false,
    startedAt: new Date().toISOString(),
  };
  return { ...bookmark, seen: bookmark.seen + 1, ...(plan.keeps ? {} : { position: 0 }), run };
}

/** Fetches what is left of the run, and yields the bookmark after each stored page. */
export async function* pagesOf(plan: RunPlan, stage: Stage, begun: Bookmark): AsyncGenerator<Bookmark, Bookmark, void> {
  let bookmark = begun;
  while (bookmark.run?.at !== undefined) {
    bookmark = await oneMore(plan, stage, bookmark);
    yield bookmark;
  }
  return bookmark;
}

async function oneMore(plan: RunPlan, stage: Stage, bookmark: Bookmark): Promise<Bookmark> {
  const { run } = bookmark;
  if (run?.at === undefined) return bookmark;
  if (run.pages >= PAGES_MAX) throw endless(plan, `it has more than ${PAGES_MAX} pages. Ask for a shorter range.`);
  const page = await plan.source.read(run.at, { range: run.range, tag: bookmark.tag });
  const rows = keyedRows(plan, page, bookmark.position);
  const known = await stage.known(rows.map(({ key }) => key));
  const again = rows.some(({ key }) => known.get(key)?.seen === bookmark.seen);
  const turned = turn(plan, { run, page }, again);
  const counted = { rows: rows.length, changed: rows.filter(({ key, text }) => known.get(key)?.text !== text).length };
  const taken = { seen: bookmark.seen, from: bookmark.position, reorder: !plan.keeps, rows };
  if (turned === 'looped') {
    // The page is taken, and asked for again next time: the source may do better then.
    const { loop: _forgotten, ...rest } = run;
    await stage.store(taken, { ...bookmark, run: { ...rest, changed: run.changed + counted.changed } });
    throw endless(
      plan,
      'its links lead back to a page that was there before. What was fetched is kept; try again later.',
    );
  }
  const after = { ...turned, rows: run.rows + counted.rows, changed: run.changed + counted.changed };
  const stored = { ...bookmark, position: bookmark.position + rows.length, run: after };
  const next =
    after.at === undefined && after.shifted && after.pass < PASSES_MAX ? onceMore(plan, stored, after) : stored;
  await stage.store(taken, next);
  return next;
}

/** The run after this page, but for what it counts. */
function turn(plan: RunPlan, { run, page }: { run: Run; page: Page }, again: boolean): Run | 'looped' {
  const { loop, looped } =
    plan.source.loops && page.next !== undefined ? afterPage(run.loop, page.next) : { loop: run.loop, looped: false };
  if (looped) return 'looped';
  const moved = page.total !== undefined && run.total !== undefined && page.total !== run.total;
  return {
    ...run,
    at: page.next,
    high: highest(plan, page, run.high),
    total: page.total,
    shifted: run.shifted || (plan.source.shifts && (again || moved)),
    unchanged: page.unchanged === true,
    pages: run.pages + 1,
    loop,
    tag: page.tag,
  };
}

/** Rows moved: the same again from the first page, with what was seen so far kept. */
const onceMore = (plan: RunPlan, bookmark: Bookmark, run: Run): Bookmark => ({
  ...bookmark,
  seen: bookmark.seen + 1,
  ...(plan.keeps ? {} : { position: 0 }),
  run: { ...run, total: undefined, at: plan.source.first(run.range), shifted: false, pass: run.pass + 1 },
});

/** Takes away what the source no longer has, where the fetch saw all of it. The bookmark says what changed in all. */
export async function settled(plan: RunPlan, stage: Stage, bookmark: Bookmark): Promise<Bookmark> {
  const { run } = bookmark;
  if (run === undefined || run.unchanged || plan.keeps) return bookmark;
  // A last pass that nothing moved saw everything; else whatever any pass saw is kept.
  const seen = run.shifted ? bookmark.seen - run.pass + 1 : bookmark.seen;
  return stage.forget(seen, (removed) => ({ ...bookmark, run: { ...run, changed: run.changed + removed } }));
}

/** The bookmark when everything is stored and written. */
export function finished({ cursor }: RunPlan, { run, withheld: _, ...rest }: Bookmark): Bookmark {
  if (run === undefined) return rest;
  const high =
    run.rolling && run.high !== undefined && cursor !== undefined
      ? later(rest.cursor, run.high, cursor.format)
      : rest.cursor;
  const tag = run.unchanged ? rest.tag : run.tag;
  return { ...rest, cursor: high, tag, last: { ...run.range, rolling: run.rolling } };
}

const endless = ({ name }: RunPlan, why: string): AppError =>
  new AppError('upstream_failed', `Cannot fetch ${name} to its end: ${why}`);

function keyedRows({ primaryKey }: RunPlan, { rows }: Page, position: number): KeyedRow[] {
  const keyed = new Map<string, KeyedRow>();
  rows.forEach((row: Row, index) => {
    const key = primaryKey === undefined ? `#${position + index}` : rowKey(row, primaryKey, index);
    // Of two with one key on a page, the last counts, as of two keys in an object.
    keyed.delete(key);
    keyed.set(key, { key, text: JSON.stringify(row) });
  });
  return [...keyed.values()];
}

function highest({ cursor }: RunPlan, { rows }: Page, before: Run['high']): Run['high'] {
  if (cursor === undefined) return before;
  return rows.reduce<Run['high']>((high, row) => {
    const value = valueAt(row, cursor.field);
    return typeof value === 'string' || typeof value === 'number' ? later(high, value, cursor.format) : high;
  }, before);
}
