// Where a list of rows goes on: the place of the last one given, packed into one opaque word. A position, never a right.
import { AppError } from '@labmesh/contracts';
import type { z } from 'zod';

export const packCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const NO_CURSOR = 'Cannot go on from this cursor: use the nextCursor of the page before, unchanged.';

/** @throws AppError invalid_input, in these words, for what is no cursor of such a list */
export function unpackCursor<T>(cursor: string, place: z.ZodType<T>, refusal: string = NO_CURSOR): T {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('invalid_input', refusal, { cause });
  }
}
