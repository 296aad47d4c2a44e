// Where a process keeps its corpus between starts: a folder of its own in the data folder, which no other process opens meanwhile. What
// is kept there is made of what is stored elsewhere: where it cannot be kept, the corpus is in memory, and made anew at each start.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { type HeldLock, lockFile } from '@labmesh/locks';
import type { Logger } from '@labmesh/runtime';
import { Corpus } from './corpus.js';

/** Librarians that share a data folder. */
const PROCESSES_MAX = 32;

export interface KeptCorpus {
  readonly corpus: Corpus;
  readonly place: 'folder' | 'memory';
  /** As the corpus's own; what cannot be kept is told, and is read again by the next process. */
  settle(): Promise<void>;
  /** Likewise. */
  close(): Promise<void>;
}

/** @param home the process's data folder; left out, the corpus is in memory */
export async function openKeptCorpus(home: string | undefined, log: Pick<Logger, 'warn'>): Promise<KeptCorpus> {
  if (home !== undefined) {
    try {
      const { corpus, lock } = await openFolder(join(home, 'knowledge-index'));
      return kept({ corpus, place: 'folder', lock }, log);
    } catch (error) {
      log.warn({ err: error }, 'the index of the knowledge base cannot be kept in the data folder, and is in memory');
    }
  }
  return kept({ corpus: new Corpus(), place: 'memory' }, log);
}

type Place = Pick<KeptCorpus, 'corpus' | 'place'> & { readonly lock?: HeldLock };

function kept({ corpus, place, lock }: Place, log: Pick<Logger, 'warn'>): KeptCorpus {
  const told = (error: unknown): void =>
    log.warn({ err: error }, 'the index of the knowledge base could not be kept; what is new is read again');
  return {
    corpus,
    place,
    settle: () => corpus.settle().catch(told),
    close: async () => {
      try {
        corpus.close();
      } catch (error) {
        told(error);
      }
      await lock?.release();
    },
  };
}

/** A folder that no other process has. @throws AppError unavailable; errors of the file system pass */
async function openFolder(parent: string): Promise<{ readonly corpus: Corpus; readonly lock: HeldLock }> {
  for (let number = 1; number <= PROCESSES_MAX; number += 1) {
    const folder = join(parent, String(number));
    // Texts of people are in it.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await unlessTaken(folder);
    if (lock === undefined) continue;
    try {
      return { corpus: await Corpus.open(folder), lock };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }
  throw new AppError('unavailable', `Cannot find a place in ${parent}: ${PROCESSES_MAX} other processes are there.`);
}

async function unlessTaken(folder: string): Promise<HeldLock | undefined> {
  const taken = new AppError('conflict', `${folder} is another process's.`);
  try {
    return await lockFile({ path: join(folder, 'lock'), inUse: () => taken });
  } catch (error) {
    if (error === taken) return undefined;
    throw error;
  }
}
