// Keeps a second process out of the embedded database's folder: two would overwrite each other without noticing.
import { AppError } from '@labmesh/contracts';
import { type HeldLock, lockFile } from '@labmesh/locks';

/** Makes `<folder>.lock`; the folder's parent must exist. AppError `conflict` names who holds it; errors of the disk pass. */
export function lockFolder(folder: string): Promise<HeldLock> {
  const path = `${folder}.lock`;
  return lockFile({
    path,
    inUse: (owner) => {
      const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
      return new AppError(
        'conflict',
        `Cannot open the database in ${folder}: ${who} uses it. Stop that process or choose another folder; if it is no LabMesh process, delete ${path}.`,
      );
    },
  });
}
