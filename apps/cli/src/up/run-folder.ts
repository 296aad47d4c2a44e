// What is written down of a running mesh: who supervises it, and its processes, so that another command can tell and end them.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

const SETTLED_MS = 100;

const Identity = z.object({ pid: z.number().int().positive(), birth: z.string().min(1) });

const Supervised = z.object({
  name: z.string(),
  app: z.string(),
  port: z.number(),
  /** Undefined while none runs. */
  process: Identity.optional(),
  state: z.enum(['starting', 'ready', 'restarting', 'failing', 'stopped']),
  /** How often it was started again. */
  restarts: z.number(),
  /** How it ended last. */
  lastExit: z.string().optional(),
});
export type SupervisedState = z.infer<typeof Supervised>;

const State = z.object({
  /** Whose word this is: what an earlier supervisor wrote stays until its processes are ended. */
  supervisor: z.number(),
  startedAt: z.string(),
  /** Of the gateway. */
  url: z.string(),
  ready: z.boolean(),
  processes: z.array(Supervised),
});
export type MeshState = z.infer<typeof State>;

export class RunFolder {
  readonly path: string;

  constructor(meshFolder: string) {
    this.path = join(resolve(meshFolder), 'run');
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new AppError('forbidden', `Cannot write to ${this.path}: ${(cause as Error).message}`, { cause });
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Makes this process the one supervisor. @throws AppError conflict when there is one */
  async claim(): Promise<void> {
    const me = identityOf(process.pid);
    if (!this.#writeClaim(me)) {
      const other = this.supervisor();
      if (other !== undefined)
        throw new AppError(
          'conflict',
          `Cannot start: this mesh is up already, supervised by process ${other.pid}. See it with npx @labmesh/cli up --status, end it with npx @labmesh/cli down.`,
        );
      rmSync(this.file('supervisor.json'), { force: true });
      this.#writeClaim(me);
    }
    // Another that found the same dead claim may have removed this one after it: whoever is written there in the end has it.
    await pause(SETTLED_MS);
    if (this.supervisor()?.pid !== process.pid)
      throw new AppError('conflict', 'Cannot start: another "npx @labmesh/cli up" began at the same moment.');
  }

  /** False when somebody's is there. */
  #writeClaim(me: ProcessIdentity | undefined): boolean {
    try {
      writeFileSync(this.file('supervisor.json'), JSON.stringify(me), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw cause;
    }
  }

  /** Who supervises now; undefined when nobody does. */
  supervisor(): ProcessIdentity | undefined {
    const { data } = Identity.safeParse(this.#read('supervisor.json'));
    return data !== undefined && isAlive(data) ? data : undefined;
  }

  /** Whoever reads it meanwhile sees the old state or the new one, whole. */
  write(state: MeshState): void {
    const beside = this.file('state.json.new');
    writeFileSync(beside, JSON.stringify(state), { mode: 0o600 });
    renameSync(beside, this.file('state.json'));
  }

  /** Undefined when nothing was started here. */
  read(): MeshState | undefined {
    return State.safeParse(this.#read('state.json')).data;
  }

  isRunning({ process: started }: SupervisedState): boolean {
    return started !== undefined && isAlive(started);
  }

  /** The processes that were started here and still run. */
  running(): ProcessIdentity[] {
    const started = this.read()?.processes.flatMap((one) => (one.process === undefined ? [] : [one.process])) ?? [];
    return started.filter(isAlive);
  }

  /** Nothing runs any more; logs stay. */
  clear(): void {
    for (const name of ['state.json', 'supervisor.json']) rmSync(this.file(name), { force: true });
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch {
      return undefined;
    }
  }
}
