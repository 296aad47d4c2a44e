// What every kind of source gives to whoever fetches: pages of rows, one after another, each reached by a state that is kept.
import { z } from 'zod';
import type { Row } from '../rows.js';
import type { AskedRange, PageState } from './page-state.js';

/** What a source calls the state of its data: ETag and Last-Modified, and a hash of the request that they are of. */
export const Tag = z.object({
  etag: z.string().optional(),
  modified: z.string().optional(),
  of: z.string().optional(),
});
export type Tag = z.output<typeof Tag>;

export interface Page {
  readonly rows: readonly Row[];
  /** Undefined after the last page. */
  readonly next?: PageState | undefined;
  /** How many rows there are in all, where the source says so. */
  readonly total?: number | undefined;
  /** The source has the same as it had when the tag was given. */
  readonly unchanged?: boolean;
  readonly tag?: Tag | undefined;
}

export interface PageSource {
  /** Rows that come and go meanwhile move the pages that follow. */
  readonly shifts: boolean;
  /** The source says what comes next, and may say what was there before. */
  readonly loops: boolean;
  first(range: AskedRange): PageState;
  read(state: PageState, known: { range: AskedRange; tag: Tag | undefined }): Promise<Page>;
}
