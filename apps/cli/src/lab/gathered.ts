// Lists that come in pages: read on until as many are there as somebody wants, or none is left.
interface Page<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | undefined;
}

export interface Gathered<T> {
  readonly rows: readonly T[];
  /** More follow it: present where there are. */
  readonly rest: { readonly nextCursor?: string };
}

/** @param most rows of one page */
export async function gathered<T>(
  { wanted, most }: { wanted: number; most: number },
  page: (limit: number, cursor: string | undefined) => Promise<Page<T>>,
): Promise<Gathered<T>> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(Math.min(most, wanted - rows.length), cursor);
    rows.push(...next.rows);
    cursor = next.nextCursor;
  } while (cursor !== undefined && rows.length < wanted);
  return { rows, rest: cursor === undefined ? {} : { nextCursor: cursor } };
}
