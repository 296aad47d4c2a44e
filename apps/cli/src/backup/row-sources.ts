// Where the rows of a lab are read: its database, or the running lab that holds its embedded one. Both are one snapshot.
import { realpath } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { AppError } from '@labmesh/contracts';
import type { Lab } from '../lab/lab.js';
import {
  type CarriedDatabase,
  carriedDatabase,
  type DumpPart,
  dumpOf,
  holdContent,
  partsOf,
} from './carried.repository.js';
import type { LabPlaces } from './lab-places.js';

export interface RowSource extends AsyncDisposable {
  readonly kind: 'embedded' | 'postgres';
  /** True when it is a lab that runs. */
  readonly running: boolean;
  readonly parts: AsyncIterable<DumpPart>;
}

/** Below the lab's address; apps/lab has the other end. */
const PATH = 'backup/rows';
const HOME_HEADER = 'x-labmesh-home';

/** @throws AppError unavailable, forbidden; conflict when another process than a lab at this address holds the folder */
export async function rowSource(places: LabPlaces, lab: Lab): Promise<RowSource> {
  const { databaseUrl: url, databaseFolder: folder } = places;
  let database: CarriedDatabase;
  try {
    database = await carriedDatabase({ url, folder });
  } catch (error) {
    if (url !== undefined || !(error instanceof AppError) || error.code !== 'conflict') throw error;
    return await runningLab(places, lab, error);
  }
  return {
    kind: database.kind,
    running: false,
    parts: held(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function* held({ pool }: CarriedDatabase): AsyncGenerator<DumpPart> {
  await holdContent(pool);
  yield* dumpOf(pool);
}

async function runningLab({ home }: LabPlaces, lab: Lab, inUse: AppError): Promise<RowSource> {
  let answer: IncomingMessage;
  try {
    answer = await lab.get(PATH);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    throw new AppError('conflict', `${inUse.message} If it is a lab, say where it answers: --url or LABMESH_URL.`, {
      cause: error,
    });
  }
  const theirs = Buffer.from(String(answer.headers[HOME_HEADER] ?? ''), 'base64url').toString('utf8');
  if ((await real(theirs)) !== (await real(home))) {
    answer.destroy();
    throw new AppError(
      'conflict',
      `The lab that answers keeps its data in ${theirs || 'another place'}, not in ${home}. Say which lab you mean: --home, and --url where it answers.`,
    );
  }
  return {
    kind: 'embedded',
    running: true,
    parts: partsOf(answer),
    [Symbol.asyncDispose]: async () => void answer.destroy(),
  };
}

const real = (path: string): Promise<string> => realpath(path).catch(() => path);
