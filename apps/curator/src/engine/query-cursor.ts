// Where the answer to a query goes on: after so many rows, of that very SQL over those very contents.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

const Packed = z.tuple([z.number().int().positive(), z.string()]);

export const packPage = (offset: number, mark: string): string =>
  Buffer.from(JSON.stringify([offset, mark])).toString('base64url');

/** @throws AppError invalid_input when it is no cursor of this query. */
export function unpackPage(cursor: string, mark: string): number {
  const found = Packed.safeParse(parsed(cursor)).data;
  if (found?.[1] === mark) return found[0];
  throw new AppError(
    'invalid_input',
    'Cannot go on from this cursor: it is of another query, or the datasets have changed. Send the same SQL, parameters and datasets with the nextCursor of the page before, or begin anew without one.',
  );
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
