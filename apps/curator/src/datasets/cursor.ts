// Where a listing goes on: the last dataset of the page before, packed into one opaque word.
import { AppError, DatasetId } from '@labmesh/contracts';
import { z } from 'zod';

export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

const Packed = z.tuple([z.iso.datetime(), DatasetId]);

export const packCursor = ({ createdAt, id }: Position): string =>
  Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');

/** @throws AppError invalid_input when it is no cursor of a listing. */
export function unpackCursor(cursor: string): Position {
  try {
    const [createdAt, id] = Packed.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { createdAt: new Date(createdAt), id };
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'Cannot go on from this cursor: use the nextCursor of the page before, unchanged.',
      { cause },
    );
  }
}
