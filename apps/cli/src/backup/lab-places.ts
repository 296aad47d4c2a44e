// Where the parts of a lab are, for who carries all of it: its folder, its database, its place for bytes, its keys.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { AppError } from '@labmesh/contracts';
import type { CliConfig } from '../config.js';
import { INSTALL_ROOT } from '../lab/operator-token.js';
import { MeshFolder } from '../mesh/mesh-folder.js';
import type { LabKeys } from './sealed-keys.js';

export interface PlaceOptions {
  readonly home?: string;
  /** Folder of `labmesh mesh init`. */
  readonly mesh?: string;
  readonly database?: string;
  readonly blobs?: string;
}

export interface LabPlaces {
  /** Absolute. */
  readonly home: string;
  /** Undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly databaseFolder: string;
  readonly blobsUrl: string | undefined;
  readonly blobsFolder: string;
}

interface Search {
  readonly config: CliConfig;
  readonly cwd: string;
  /** True where a lab must be there: then it is looked for in the folders above, too. */
  readonly existing: boolean;
}

/** @throws AppError invalid_input when a folder of a mesh holds no address */
export function labPlaces(options: PlaceOptions, { config, cwd, existing }: Search): LabPlaces {
  const mesh = options.mesh === undefined ? undefined : addressesIn(resolve(cwd, options.mesh));
  const given = options.home ?? config.home;
  const home = given === undefined ? usualHome(cwd, existing) : resolve(cwd, given);
  return {
    home,
    databaseUrl: options.database ?? mesh?.databaseUrl ?? config.servers.databaseUrl,
    databaseFolder: join(home, 'pg'),
    blobsUrl: options.blobs ?? mesh?.blobsUrl ?? config.servers.blobsUrl,
    blobsFolder: join(home, 'blobs'),
  };
}

function addressesIn(folder: string): { databaseUrl: string; blobsUrl: string } {
  const mesh = new MeshFolder(folder);
  const of = (app: string): NodeJS.Dict<string> => parseEnv(mesh.read(`${app}.env`) ?? '');
  const databaseUrl = of('owner').DATABASE_URL;
  if (databaseUrl === undefined)
    throw new AppError(
      'invalid_input',
      `Cannot find the mesh in ${folder}: it has no owner.env, which "npx @labmesh/cli mesh init" writes.`,
    );
  return { databaseUrl, blobsUrl: of('gateway').BLOBS_URL ?? pathToFileURL(join(folder, 'blobs')).href };
}

/** Where `npm start` keeps a lab; of an existing one, also here or in a folder above. */
function usualHome(cwd: string, existing: boolean): string {
  const usual = join(INSTALL_ROOT, '.labmesh');
  if (!existing) return usual;
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const home = join(folder, '.labmesh');
    if (existsSync(join(home, 'pg')) || existsSync(join(home, 'master.key'))) return home;
    if (dirname(folder) === folder) return usual;
  }
}

export const KEY_FILES = { masterKey: 'master.key', masterKeyNext: 'master.key.next' } as const;

/** The keys of a lab: from the environment as its Sentinel has them, else from its folder. Undefined where there are none. */
export async function keysOfLab(home: string, { secrets }: CliConfig): Promise<LabKeys | undefined> {
  const { masterKey, masterKeyNext } = secrets;
  if (masterKey !== undefined) return { masterKey, ...(masterKeyNext === undefined ? {} : { masterKeyNext }) };
  const [key, next] = await Promise.all([keyIn(home, KEY_FILES.masterKey), keyIn(home, KEY_FILES.masterKeyNext)]);
  return key === undefined ? undefined : { masterKey: key, ...(next === undefined ? {} : { masterKeyNext: next }) };
}

async function keyIn(home: string, file: string): Promise<string | undefined> {
  const path = join(home, file);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('forbidden', `Cannot read ${path}: run this as the user who runs the lab.`, { cause });
  }
}
