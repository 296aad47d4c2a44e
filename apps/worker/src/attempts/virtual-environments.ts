// Virtual environments of Python, made once for the same packages, by whichever job needs them first; the others wait. Installing
// runs what packages bring along, so it runs contained like a job does.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, JobSpec } from '@labmesh/contracts';
import type { AttemptLog, Executor } from '@labmesh/jobs';
import { JOB_PATH } from '../executors/process/programs.js';
import type { AttemptName, Environments, UsedEnvironment } from './attempt-parts.js';

export interface EnvironmentSettings {
  /** Absolute. */
  readonly folder: string;
  /** Absolute paths of the programs; uv is left out where there is none. */
  readonly python: string;
  readonly uv?: string | undefined;
  /** Where packages come from, proxies: what the installers read of the worker's own environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** So many are kept; of the others, those that nobody used for a while are removed. */
  readonly kept: number;
}

const COMPLETE = '.complete';
const TOUCH_EVERY_MS = 30_000;
/** Whoever makes one, or uses it, touches it: what was not touched for so long is nobody's. */
const STALE_MS = 120_000;
const UNUSED_MS = 3_600_000;
const LOOK_EVERY_MS = 200;
const WITHIN_SECONDS = 3_600;
const PIP =
  '"$1" -m venv . && shift && exec bin/python -m pip install --disable-pip-version-check --no-input --no-cache-dir --progress-bar off -- "$@"';
const UV =
  '"$2" venv --allow-existing --python "$1" . && uv=$2 && shift 2 && exec "$uv" pip install --no-cache --python bin/python -- "$@"';

export class VirtualEnvironments implements Environments {
  constructor(
    private readonly settings: EnvironmentSettings,
    private readonly executor: Executor,
  ) {}

  async of(
    requirements: readonly string[],
    more: { readonly attempt: AttemptName; readonly log: AttemptLog; readonly signal: AbortSignal },
  ): Promise<UsedEnvironment> {
    const { folder, python, uv } = this.settings;
    const hash = createHash('sha256')
      .update(JSON.stringify([python, uv === undefined, ...requirements]))
      .digest('hex');
    const place = join(folder, hash);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    while (!(await this.#isComplete(place))) {
      more.signal.throwIfAborted();
      if (await isMine(`${place}.lock`)) {
        const stop = touching(`${place}.lock`);
        try {
          if (!(await this.#isComplete(place))) await this.#make(place, requirements, more);
        } finally {
          stop();
          await rm(`${place}.lock`, { recursive: true, force: true });
        }
      } else await pause(LOOK_EVERY_MS, undefined, { signal: more.signal }).catch(() => undefined);
    }
    await touch(join(place, COMPLETE));
    const stop = touching(join(place, COMPLETE));
    return { folder: place, [Symbol.dispose]: stop };
  }

  async #make(
    place: string,
    requirements: readonly string[],
    { attempt, log, signal }: { readonly attempt: AttemptName; readonly log: AttemptLog; readonly signal: AbortSignal },
  ): Promise<void> {
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true, mode: 0o700 });
    const { python, uv, variables } = this.settings;
    const command = [
      'sh',
      '-c',
      uv === undefined ? PIP : UV,
      'install',
      python,
      ...(uv === undefined ? [] : [uv]),
      ...requirements,
    ];
    const running = await this.executor.start({
      ...attempt,
      command,
      spec: JobSpec.parse({
        name: 'packages',
        command,
        network: true,
        resources: { cpus: 2, memoryMb: 4_096, diskMb: 65_536 },
      }),
      environment: { ...variables, PATH: JOB_PATH, HOME: place, TMPDIR: join(place, '.tmp'), LANG: 'C.UTF-8' },
      folder: place,
      gpus: [],
      // What installers say helps whoever waits for them; a job's own stdout holds what the job says alone.
      log: { written: log.written, write: (_, bytes) => log.write('stderr', bytes) },
    });
    const kill = (): void => void running.kill();
    signal.addEventListener('abort', kill, { once: true });
    const timer = setTimeout(kill, WITHIN_SECONDS * 1_000);
    const { exitCode, message } = await running.ended;
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    await rm(join(place, '.tmp'), { recursive: true, force: true });
    if (exitCode !== 0) {
      await rm(place, { recursive: true, force: true });
      signal.throwIfAborted();
      throw new AppError(
        'invalid_input',
        `Cannot install the packages of requirements: ${message ?? 'the installer failed'}. The job’s log has what it said.`,
      );
    }
    await writeFile(join(place, COMPLETE), '');
    await this.#removeOld();
  }

  async #isComplete(place: string): Promise<boolean> {
    return (await usedAt(join(place, COMPLETE))) !== undefined;
  }

  async #removeOld(): Promise<void> {
    const { folder, kept } = this.settings;
    const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const used = await Promise.all(
      names.map(async (name) => ({ name, at: (await usedAt(join(folder, name, COMPLETE))) ?? 0 })),
    );
    const old = used.sort((one, other) => other.at - one.at).slice(kept);
    for (const { name, at } of old)
      if (at > 0 && Date.now() - at > UNUSED_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** True when the lock is ours now; one that nobody touched for long is taken over. */
async function isMine(lock: string): Promise<boolean> {
  const isMade = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (isMade) return true;
  const at = await usedAt(lock);
  if (at !== undefined && Date.now() - at > STALE_MS) await rm(lock, { recursive: true, force: true });
  return false;
}

const usedAt = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

function touching(path: string): () => void {
  const timer = setInterval(() => void touch(path), TOUCH_EVERY_MS).unref();
  return () => clearInterval(timer);
}
