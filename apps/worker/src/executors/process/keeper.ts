// The keeper of one attempt: process 1 of namespaces of its own, in which the job then runs. It ends with the worker, whatever
// ends that, and with it everything that the job started, wherever it hid. It must never be reached by the job.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Launcher } from './launcher.js';
import type { Programs } from './programs.js';

/** What may be separated here; `user` is how it is done where the worker is not root. */
export interface Namespaces {
  readonly user: boolean;
  readonly pid: boolean;
  /** Also: an own /proc and /tmp, everything else read only, and the lab's folders hidden. */
  readonly mount: boolean;
  readonly net: boolean;
}

/** What is the same for every job, and what a keeper makes ready before it knows which one it is for. */
export interface KeptPlaces {
  /** Where jobs have their folders, and where virtual environments are: both stay in reach of the keeper, though they may be hidden. */
  readonly jobs: string;
  readonly environments: string;
  /** Empty to the job. */
  readonly hidden: readonly string[];
}

/** Of one job. */
export interface KeptFolders {
  readonly folder: string;
  /** Of the virtual environments, one that may be read although it lies in a hidden folder. */
  readonly readable?: string | undefined;
}

export interface Keeper {
  /** Of process 1, as the worker sees it: whoever enters its namespaces names it. */
  readonly pid: number;
  /** What is to become its job, where it was begun ahead. */
  readonly launcher?: Launcher | undefined;
  /** Sends a signal to everything in its namespace but itself. */
  signal(name: 'TERM' | 'KILL'): void;
  /** Ends it and everything in its namespace. */
  end(): Promise<void>;
}

/** Its namespaces are there and nothing runs in them: it waits to be told of a job. */
export interface WaitingKeeper {
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  /** Call once. @throws Error with what the system said; then it has ended */
  enter(folders: KeptFolders): Promise<Keeper>;
  end(): Promise<void>;
}

/**
 * First what is to stay in reach is held open, as a mount of its own so that it stays writable, then the rest is covered; when a job
 * is named its folders are put back. Standard input ends with the worker.
 */
const SCRIPT = `set -e
jobs=$1 environments=$2 mounts=$3 net=$4; shift 4
read -r pid rest < /proc/self/stat
if [ "$net" = 1 ]; then ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || :; fi
if [ "$mounts" = 1 ]; then
  mount -c --bind "$jobs" "$jobs"
  exec 4<"$jobs" 5<"$environments"
  for hidden do mount -t tmpfs -o size=256k,mode=755 none "$hidden"; done
  [ ! -d /dev/shm ] || mount -t tmpfs -o mode=1777 none /dev/shm
  mount -o remount,bind,ro / 2>/dev/null || :
  mount -t proc proc /proc
fi
trap '' CHLD
echo "$pid"
IFS= read -r name
IFS= read -r readable
folder=$jobs/$name
if [ "$mounts" = 1 ]; then
  mount -c --bind "/proc/self/fd/4/$name/.tmp" /tmp
  mount -c -o bind,X-mount.mkdir "/proc/self/fd/4/$name" "$folder"
  [ -z "$readable" ] || {
    mount -c -o bind,X-mount.mkdir "/proc/self/fd/5/$readable" "$environments/$readable"
    mount -o remount,bind,ro "$environments/$readable"
  }
  exec 4<&- 5<&-
fi
cd "$folder"
echo ready
while read -r word; do kill -s "$word" -- -1 2>/dev/null || :; done
`;

const BEGINS_WITHIN_MS = 20_000;
const WORDS_MAX = 2_000;

/**
 * @param launch begins what is to become its job
 * @throws Error with what the system said, when it is not permitted
 */
export async function startKeeper(
  programs: Programs,
  separate: Namespaces,
  places: KeptPlaces,
  launch?: () => Launcher,
): Promise<WaitingKeeper> {
  const { setpriv = '', unshare = '', sh = '' } = programs;
  const { jobs, environments, hidden } = places;
  for (const place of [jobs, environments]) mkdirSync(place, { recursive: true, mode: 0o700 });
  const flags = [
    ...(separate.user ? ['--user', '--map-root-user'] : []),
    ...(['pid', 'mount', 'net'] as const).filter((kind) => separate[kind]).map((kind) => `--${kind}`),
  ];
  const words = [jobs, environments, separate.mount ? '1' : '0', separate.net ? '1' : '0', ...outermost(hidden)];
  const child = spawn(
    setpriv,
    [
      ...['--pdeathsig', 'KILL', '--', unshare, ...flags, '--fork', '--kill-child', '--'],
      ...[sh, '-c', SCRIPT, 'labmesh-keeper', ...words],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' } },
  );
  const keeper = new KeeperProcess(child, places, launch?.());
  await keeper.begin();
  return keeper;
}

class KeeperProcess implements WaitingKeeper, Keeper {
  readonly gone: Promise<void>;
  #pid = 0;
  #stderr = '';

  constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, Readable>,
    private readonly places: KeptPlaces,
    readonly launcher: Launcher | undefined,
  ) {
    this.gone = once(child, 'close').then(
      () => undefined,
      () => undefined,
    );
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes.toString('utf8')).slice(0, WORDS_MAX);
    });
  }

  get pid(): number {
    return this.#pid;
  }

  async begin(): Promise<void> {
    this.#pid = Number(await this.#word());
  }

  async enter(folders: KeptFolders): Promise<Keeper> {
    const [name, readable = ''] = namesIn(this.places, folders);
    this.child.stdin.write(`${name}\n${readable}\n`);
    await this.#word();
    return this;
  }

  signal(name: 'TERM' | 'KILL'): void {
    this.child.stdin.write(`${name}\n`);
  }

  end(): Promise<void> {
    this.launcher?.end();
    this.child.stdin.end();
    return this.gone;
  }

  /** What it says next. */
  async #word(): Promise<string> {
    try {
      return await wordOf(this.child, () => this.#stderr);
    } catch (error) {
      this.child.kill('SIGKILL');
      await this.end();
      throw error;
    }
  }
}

const namesIn = ({ jobs, environments }: KeptPlaces, { folder, readable }: KeptFolders): string[] => [
  relative(jobs, folder) || '.',
  ...(readable === undefined ? [] : [relative(environments, readable) || '.']),
];

/** Whether a keeper that was begun for these places can be told of these folders. */
export const reaches = (places: KeptPlaces, folders: KeptFolders): boolean =>
  namesIn(places, folders).every((name) => name !== '..' && !name.startsWith('../') && !name.includes('\n'));

/** Those that are there, without what lies in another of them: it is covered with it. */
const outermost = (folders: readonly string[]): string[] =>
  [...new Set(folders)].filter(
    (folder) => existsSync(folder) && !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );

function wordOf(child: ChildProcessByStdio<Writable, Readable, Readable>, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      child.stdout.off('data', onWord);
      child.off('error', onError);
      child.off('close', onClose);
      settled();
    };
    const timer = setTimeout(() => settle(() => reject(new Error('it did not answer in time'))), BEGINS_WITHIN_MS);
    const onWord = (bytes: Buffer): void => settle(() => resolve(bytes.toString('utf8').trim()));
    const onError = (error: Error): void => settle(() => reject(error));
    const onClose = (): void => settle(() => reject(new Error(said().trim().split('\n')[0] || 'it ended at once')));
    child.stdout.on('data', onWord);
    child.once('error', onError);
    child.once('close', onClose);
  });
}
