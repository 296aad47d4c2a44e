// What a job writes goes into two files of its folder, whoever runs it: there it survives the worker, byte for byte, and is followed
// from where the log ends. The job can write to these files too: nothing else is ever opened in their place.
import { constants, type FSWatcher, watch } from 'node:fs';
import { chown, type FileHandle, mkdir, open, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { AttemptLog, AttemptToRun } from '@labmesh/jobs';

const STREAMS = ['stdout', 'stderr'] as const;
type Stream = (typeof STREAMS)[number];

const CHUNK_BYTES = 256 * 1024;

/** What a shell runs: `sh -c LAUNCH <folder of the output> <program> <arguments>`. The program takes the shell's place. */
export const LAUNCH =
  ': >"$0/shell"; command -v -- "$1" >/dev/null 2>&1 || { : >"$0/missing"; exit 127; }; exec "$@" >>"$0/stdout" 2>>"$0/stderr"';

/** A folder in the job's, for the output of one attempt. */
export const outputFolder = ({ folder, number }: Pick<AttemptToRun, 'folder' | 'number'>): string =>
  join(folder, '.labmesh', String(number));

export type Missing = 'shell' | 'program';

export class OutputFiles {
  readonly #files: Readonly<Record<Stream, FileHandle>>;

  private constructor(
    readonly folder: string,
    files: Record<Stream, FileHandle>,
  ) {
    this.#files = files;
  }

  /** Makes them, empty; `owner` is who the job runs as, where that is another user. */
  static async make(attempt: AttemptToRun, owner?: { uid: number; gid: number }): Promise<OutputFiles> {
    const folder = outputFolder(attempt);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const stream of STREAMS) await (await open(join(folder, stream), 'wx', 0o600)).close();
    if (owner !== undefined)
      for (const path of [folder, ...STREAMS.map((stream) => join(folder, stream))])
        await chown(path, owner.uid, owner.gid);
    return OutputFiles.open(attempt);
  }

  /** Opens what an earlier worker made. @throws AppError not_found when they are no longer what it made */
  static async open(attempt: AttemptToRun): Promise<OutputFiles> {
    const folder = outputFolder(attempt);
    if (
      (await realpath(folder).catch(() => '')) !== join(await realpath(attempt.folder), '.labmesh', `${attempt.number}`)
    )
      throw gone(folder);
    const files: FileHandle[] = [];
    for (const stream of STREAMS) {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const file = await open(join(folder, stream), flags).catch(() => undefined);
      if (file !== undefined) files.push(file);
      if (file === undefined || !(await file.stat()).isFile()) {
        await Promise.all(files.map((one) => one.close()));
        throw gone(folder);
      }
    }
    const [stdout, stderr] = files as [FileHandle, FileHandle];
    return new OutputFiles(folder, { stdout, stderr });
  }

  /** Brings to the log what is there and what comes. `failed` is told once when the log takes no more. */
  follow(log: AttemptLog, options: { pollMs: number; failed: (cause: unknown) => void }): FollowedOutput {
    return new FollowedOutput(this.folder, this.#files, log, options);
  }

  /** What was not there to be started, after an end that it would explain. */
  async missing(): Promise<Missing | undefined> {
    const names = await readdir(this.folder);
    if (!names.includes('shell')) return 'shell';
    return names.includes('missing') ? 'program' : undefined;
  }

  async close(): Promise<void> {
    await Promise.all(STREAMS.map((stream) => this.#files[stream].close()));
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const gone = (folder: string): AppError =>
  new AppError(
    'not_found',
    `Cannot follow the job’s output: ${folder} is not as it was made. The job changed it; run it again.`,
  );

class FollowedOutput {
  readonly #done: Promise<unknown>;
  readonly #watcher: FSWatcher | undefined;
  readonly #timer: NodeJS.Timeout;
  #news = 0;
  #wake: (() => void)[] = [];
  #until: 'more' | 'end' | 'now' = 'more';

  constructor(
    folder: string,
    files: Readonly<Record<Stream, FileHandle>>,
    log: AttemptLog,
    { pollMs, failed }: { pollMs: number; failed: (cause: unknown) => void },
  ) {
    this.#watcher = watched(folder, () => this.#ring());
    // A folder on another machine tells nothing, and a notice may be lost.
    this.#timer = setInterval(() => this.#ring(), pollMs);
    const pumps = STREAMS.map((stream) => this.#pump(stream, files[stream], log));
    this.#done = Promise.all(pumps).then(
      () => undefined,
      (cause: unknown) => {
        failed(cause);
        return cause;
      },
    );
  }

  /** Call when nothing writes any more: resolves when all of it is in the log, with what the log said where it took no more. */
  async finish(): Promise<unknown> {
    return this.#stop('end');
  }

  /** Follows no further: what is not in the log by then is another worker's. */
  async leave(): Promise<void> {
    await this.#stop('now');
  }

  async #stop(until: 'end' | 'now'): Promise<unknown> {
    this.#until = until;
    this.#ring();
    const cause = await this.#done;
    clearInterval(this.#timer);
    this.#watcher?.close();
    return cause;
  }

  async #pump(stream: Stream, file: FileHandle, log: AttemptLog): Promise<void> {
    for (let at = log.written[stream]; ; ) {
      // Seen before the read: what comes after it must not be waited past.
      const [news, until] = [this.#news, this.#until];
      if (until === 'now') return;
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
      if (bytesRead > 0) {
        await log.write(stream, buffer.subarray(0, bytesRead));
        at += bytesRead;
      } else if (until === 'end') return;
      // The job emptied its file, which its next bytes begin anew.
      else if ((await file.stat()).size < at) at = 0;
      else await this.#after(news);
    }
  }

  #after(news: number): Promise<void> {
    return news === this.#news ? new Promise((resolve) => this.#wake.push(resolve)) : Promise.resolve();
  }

  #ring(): void {
    this.#news += 1;
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function watched(folder: string, notice: () => void): FSWatcher | undefined {
  try {
    // Without notices the timer is what is left.
    return watch(folder, notice).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
