// How far a fetch of a stream is: kept with the rows of each page in one transaction. A few values, however much was fetched.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AskedRange, PageState } from './page-state.js';
import { Tag } from './stream-pages.js';

const Place = z.union([z.string().max(200), z.number()]);

/** Brent's way to find a loop: one page is remembered, and another one after twice as many. */
const Loop = z.object({ mark: z.string(), steps: z.number().int(), limit: z.number().int() });

const Run = z.object({
  range: AskedRange,
  /** True for a fetch that goes on from the cursor; false for one of a range that somebody asked for. */
  rolling: z.boolean(),
  /** Undefined when every page was fetched, and the dataset is to be written. */
  at: PageState.optional(),
  /** The greatest value of the cursor's column so far. */
  high: Place.optional(),
  total: z.number().optional(),
  /** Rows moved while they were paged through: the pages are gone through once more. */
  shifted: z.boolean(),
  pass: z.number().int(),
  pages: z.number().int(),
  /** Rows that came, and those of them that were new or had changed. */
  rows: z.number().int(),
  changed: z.number().int(),
  loop: Loop.optional(),
  tag: Tag.optional(),
  /** The source has what it had at the last fetch. */
  unchanged: z.boolean(),
  startedAt: z.string(),
});
export type Run = z.output<typeof Run>;

export const Bookmark = z.object({
  /** Counts passes through the pages: a row has the number of the last one that saw it. */
  seen: z.number().int(),
  /** Place of the next new row in the dataset. */
  position: z.number().int(),
  /** The greatest value of the cursor's column of all finished fetches. */
  cursor: Place.optional(),
  tag: Tag.optional(),
  /** What the last finished fetch asked for. */
  last: AskedRange.extend({ rolling: z.boolean() }).optional(),
  run: Run.optional(),
  /** Of the rows that are kept here, the dataset's last version has some or none: its policy of drift held them back. */
  withheld: z.enum(['some', 'all']).optional(),
});
export type Bookmark = z.output<typeof Bookmark>;

export const EMPTY: Bookmark = { seen: 0, position: 0 };

/**
 * After a fetch whose rows were refused whole: the next one asks for the same again, and for all of it, since what the source had
 * when it was refused may be corrected.
 */
export function refused({ run: _run, tag: _tag, ...rest }: Bookmark, { cursor, last }: Bookmark): Bookmark {
  return { ...rest, cursor, last, withheld: 'all' };
}

const hashOf = (state: PageState): string =>
  createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 16);

/** The loop's memory after one more page, or `looped` when that page was there before. */
export function afterPage(loop: Run['loop'], next: PageState): { loop: Run['loop']; looped: boolean } {
  const hash = hashOf(next);
  if (loop === undefined) return { loop: { mark: hash, steps: 0, limit: 2 }, looped: false };
  if (loop.mark === hash) return { loop: undefined, looped: true };
  const steps = loop.steps + 1;
  return {
    loop: steps < loop.limit ? { ...loop, steps } : { mark: hash, steps: 0, limit: loop.limit * 2 },
    looped: false,
  };
}
