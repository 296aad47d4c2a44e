// Keeps two from placing files into one folder at once, for as long as either lives: `.<name>.labmesh-lock` beside it.
import { basename, dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { type HeldLock, lockFile } from '@labmesh/locks';

export const lockPath = (target: string): string => join(dirname(target), `.${basename(target)}.labmesh-lock`);

/** Held until it is disposed of. @throws AppError conflict when another has it */
export const lockPlace = (target: string): Promise<HeldLock> =>
  lockFile({
    path: lockPath(target),
    inUse: () =>
      new AppError(
        'conflict',
        `Cannot write to ${target}: another is writing there at this moment. Look at what it makes, then try again.`,
      ),
  });
