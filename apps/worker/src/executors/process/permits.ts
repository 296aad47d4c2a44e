// What this machine permits to contain a job with, found by trying: control groups, namespaces. What it doesn't is said in words.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { type GroupPlaces, groupPlaces, makeGroup } from './cgroup.js';
import { type Namespaces, startKeeper } from './keeper.js';
import { type Programs, systemPrograms } from './programs.js';

export interface Permits {
  readonly programs: Programs;
  readonly namespaces: Namespaces;
  readonly groups: GroupPlaces;
  /** What isn't permitted here, why, and what would help. */
  readonly notes: readonly string[];
}

const NONE: Namespaces = { user: false, pid: false, mount: false, net: false };
const SMALL = { memoryBytes: 64 * 1024 * 1024, cpuMilli: 1_000, processes: 16 };
const KINDS = ['memory', 'pids', 'cpu', 'cpuacct'] as const;
/** The most first. */
const WISHES: ReadonlyArray<Partial<Namespaces>> = [
  { pid: true, mount: true, net: true },
  { pid: true, mount: true },
  { pid: true, net: true },
  { pid: true },
];

/** @throws AppError unavailable where jobs can't be run as processes at all */
export async function probePermits(isRoot = process.getuid?.() === 0): Promise<Permits> {
  if (process.platform !== 'linux')
    throw new AppError(
      'unavailable',
      `Cannot run jobs as processes of this machine: it is ${process.platform}, and nothing there holds them to their limits. Run a worker on Linux, or in a container engine.`,
    );
  const programs = systemPrograms();
  const missing = ['sh', 'setpriv', 'prlimit'].filter((name) => !Object.hasOwn(programs, name));
  if (missing.length > 0)
    throw new AppError(
      'unavailable',
      `Cannot run jobs as processes of this machine: it has no ${missing.join(' and no ')}. Install util-linux.`,
    );
  const [{ namespaces, said }, groups] = await Promise.all([permittedNamespaces(programs, isRoot), permittedGroups()]);
  return { programs, namespaces, groups: groups.places, notes: notesOf(namespaces, groups, said) };
}

async function permittedNamespaces(
  programs: Programs,
  isRoot: boolean,
): Promise<{ namespaces: Namespaces; said: string | undefined }> {
  if (programs.unshare === undefined || programs.nsenter === undefined || programs.mount === undefined)
    return { namespaces: NONE, said: 'util-linux is not complete' };
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-probe-'));
  await mkdir(join(folder, '.tmp'));
  let said: string | undefined;
  try {
    for (const wish of WISHES)
      for (const user of isRoot ? [false, true] : [true]) {
        const namespaces = { ...NONE, ...wish, user };
        const refusal = await probed(programs, namespaces, folder).then(
          () => undefined,
          (error: Error) => error.message,
        );
        if (refusal === undefined) return { namespaces, said };
        said ??= refusal;
      }
    return { namespaces: NONE, said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function probed(programs: Programs, namespaces: Namespaces, folder: string): Promise<void> {
  const keeper = await startKeeper(programs, namespaces, { jobs: folder, environments: folder, hidden: [] });
  await (await keeper.enter({ folder })).end();
}

async function permittedGroups(): Promise<{ places: GroupPlaces; said: string | undefined }> {
  const places = groupPlaces();
  const permitted: Partial<Record<(typeof KINDS)[number], string>> = {};
  let said: string | undefined = places.version === 1 ? undefined : 'controllers are not delegated to this process';
  for (const kind of KINDS) {
    const place = places[kind];
    if (place === undefined) continue;
    const only = { version: places.version, [kind]: place };
    try {
      const group = await makeGroup(only, `labmesh-probe-${randomUUID()}`, SMALL);
      await group.remove();
      permitted[kind] = place;
    } catch (error) {
      said = (error as Error).message;
    }
  }
  return { places: { version: places.version, ...permitted }, said };
}

function notesOf(
  { pid, mount, net }: Namespaces,
  { places, said: groupsSaid }: { places: GroupPlaces; said: string | undefined },
  said = 'no reason was given',
): string[] {
  const without = (what: string, so: string): string => `No ${what} here (${said}): ${so}.`;
  return [
    ...(pid
      ? []
      : [without('process namespaces', 'what leaves a job’s session and drops its environment may outlive the job')]),
    ...(net ? [] : [without('network namespaces', 'only jobs with network: true run as processes')]),
    ...(mount ? [] : [without('mount namespaces', 'a job can read what the worker’s own user can read')]),
    ...(places.memory === undefined
      ? [`No memory control group here (${groupsSaid ?? 'none is mounted'}): memory is looked at four times a second.`]
      : []),
    ...(places.cpu === undefined
      ? ['No CPU control group here: jobs share the processors fairly, without a ceiling.']
      : []),
  ];
}
