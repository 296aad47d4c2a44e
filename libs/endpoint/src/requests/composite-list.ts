// One list made of several, each paged by its own cursors, in an order that does not change. A cursor names the list it
// stopped in and that list's own cursor: a position, never a right.
import { z } from 'zod';

export interface ListPart<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | undefined;
}

export interface ListSource<T> {
  /** Tells it from the others; stays the same between two pages. */
  readonly key: string;
  page(cursor: string | undefined, limit: number): Promise<ListPart<T>>;
}

/** The cursor was not given by an earlier page, or what it stopped in is gone. */
export class InvalidCursor extends Error {}

const Cursor = z.tuple([z.string(), z.string().nullable()]);
const pack = (key: string, inner: string | undefined): string =>
  Buffer.from(JSON.stringify([key, inner ?? null])).toString('base64url');

function unpack(cursor: string): { key: string; inner: string | undefined } {
  try {
    const [key, inner] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (pack(key, inner ?? undefined) === cursor) return { key, inner: inner ?? undefined };
  } catch {
    // Falls through: whatever is wrong with it, it is no cursor of ours.
  }
  throw new InvalidCursor();
}

/**
 * Up to `limit` items after `cursor`; a source without any is passed over.
 * @throws InvalidCursor
 */
export async function compositePage<T>(
  sources: ReadonlyArray<ListSource<T>>,
  limit: number,
  cursor: string | undefined,
): Promise<ListPart<T>> {
  const from = cursor === undefined ? undefined : unpack(cursor);
  const start = from === undefined ? 0 : sources.findIndex(({ key }) => key === from.key);
  if (start === -1) throw new InvalidCursor();
  let inner = from?.inner;
  const items: T[] = [];
  for (const source of sources.slice(start)) {
    if (items.length >= limit) return { items, nextCursor: pack(source.key, undefined) };
    // A source may give fewer than asked and still have more, so it is asked again; one that gives nothing is done.
    for (let more = true; more; ) {
      const part = await source.page(inner, limit - items.length);
      items.push(...part.items);
      inner = part.nextCursor;
      if (inner !== undefined && items.length >= limit) return { items, nextCursor: pack(source.key, inner) };
      more = inner !== undefined && part.items.length > 0;
    }
    inner = undefined;
  }
  return { items };
}
