// Where in a source's pages a fetch is: a few values that say all that the next request needs. Kept in the bookmark, so it never
// holds a key, and never grows with what was fetched.
import { z } from 'zod';

export const PageState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('only') }),
  /** A page by its number, or a row by its offset. */
  z.object({ kind: z.literal('number'), at: z.number().int() }),
  z.object({ kind: z.literal('cursor'), cursor: z.string().max(2_000) }),
  z.object({ kind: z.literal('link'), url: z.string().max(4_000) }),
  /** The window of time that begins here. */
  z.object({ kind: z.literal('window'), from: z.string().max(40) }),
]);
export type PageState = z.output<typeof PageState>;

/** What is asked for: from and to, as the source writes them. */
export const AskedRange = z.object({
  from: z.union([z.string().max(200), z.number()]).optional(),
  to: z.union([z.string().max(200), z.number()]).optional(),
});
export type AskedRange = z.output<typeof AskedRange>;
