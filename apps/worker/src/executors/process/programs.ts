// Where the programs are that contain a job (util-linux and a shell), as absolute paths: a job's own PATH must never choose them.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where a job finds its programs, whoever started the worker. */
export const JOB_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The absolute path of a program; undefined where there is none that may be run. */
export function programIn(path: string, name: string): string | undefined {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => isAbsolute(place) && isProgram(place));
}

export function isProgram(place: string): boolean {
  try {
    accessSync(place, constants.X_OK);
    return statSync(place).isFile();
  } catch {
    return false;
  }
}

const NAMES = ['sh', 'setpriv', 'unshare', 'nsenter', 'prlimit', 'mount'] as const;
export type Programs = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/** Those that are here. */
export const systemPrograms = (): Programs =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const place = programIn(JOB_PATH, name);
      return place === undefined ? [] : [[name, place]];
    }),
  );
