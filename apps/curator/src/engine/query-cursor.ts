// Where the answer to a query goes on: after so many rows, of that very SQL over those very contents.
import { packCursor, unpackCursor } from '@labmesh/agent';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

const Packed = z.tuple([z.number().int().positive(), z.string()]);
const REFUSAL =
  'Cannot go on from this cursor: it is of another query, or the datasets have changed. Send the same SQL, parameters and datasets with the nextCursor of the page before, or begin anew without one.';

export const packPage = (offset: number, mark: string): string => packCursor([offset, mark]);

/** @throws AppError invalid_input when it is no cursor of this query. */
export function unpackPage(cursor: string, mark: string): number {
  const [offset, ofQuery] = unpackCursor(cursor, Packed, REFUSAL);
  if (ofQuery === mark) return offset;
  throw new AppError('invalid_input', REFUSAL);
}
