// Keeps a job's checkpoint folder while it runs, whenever what is in it has settled, so that the next attempt finds it also when this
// one's worker is lost. What somebody is in the middle of writing is never kept. A folder that is written to all the time is looked
// at twice within a moment: between two checkpoints that are short of each other there is one, too.
import { setTimeout as pause } from 'node:timers/promises';
import type { BlobStore } from '@labmesh/blobs';
import type { FileOfJob } from '@labmesh/jobs';
import { type LeftFile, leftFiles, putFile } from './left-files.js';

export interface CheckpointOptions {
  readonly folder: string;
  /** In the folder. */
  readonly within: string;
  readonly store: BlobStore;
  /** Names them in the attempt's row; false: it is not ours any more. */
  readonly keep: (files: readonly FileOfJob[]) => Promise<boolean>;
  readonly failed: (error: unknown) => void;
  readonly lookEveryMs: number;
}

/** So many looks in a row found something else each time: then it has settled when it is the same after a moment. */
const RESTLESS_LOOKS = 3;
const MOMENT_MS = 60;

export class Checkpoints {
  readonly #stopping = new AbortController();
  /** What was put before, by path and state: a large file is read once. */
  readonly #put = new Map<string, { readonly state: string; readonly file: FileOfJob }>();
  #before: string | undefined;
  #restless = 0;
  #kept = '';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: CheckpointOptions) {}

  begin(): void {
    this.#turn = this.#watch();
  }

  /** @param isWhole nothing was cut off in the middle of writing: what is there now may be kept as it is */
  async end(isWhole: boolean): Promise<void> {
    this.#stopping.abort();
    await this.#turn;
    if (isWhole) await this.#keep(await this.#look());
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await pause(this.options.lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#lookAgain(await this.#look());
      } catch (error) {
        this.options.failed(error);
      }
    }
  }

  async #lookAgain(files: readonly LeftFile[]): Promise<void> {
    const state = stateOf(files);
    this.#restless = state === this.#before ? 0 : this.#restless + 1;
    this.#before = state;
    if (this.#restless === 0) return this.#keep(files);
    if (this.#restless < RESTLESS_LOOKS) return;
    await pause(MOMENT_MS, undefined, { ref: false });
    if (stateOf(await this.#look()) === state) await this.#keep(files);
  }

  #look(): Promise<LeftFile[]> {
    return leftFiles(this.options.folder, this.options.within);
  }

  async #keep(files: readonly LeftFile[]): Promise<void> {
    const state = stateOf(files);
    if (state === this.#kept || files.length === 0) return;
    const { store, folder } = this.options;
    const kept: FileOfJob[] = [];
    for (const one of files) {
      const known = this.#put.get(one.path);
      if (known?.state === one.state) {
        kept.push(known.file);
        continue;
      }
      const ref = await putFile(store, folder, one);
      if (ref === undefined) return;
      const file = { path: one.path, ...ref };
      this.#put.set(one.path, { state: one.state, file });
      kept.push(file);
    }
    // Read while it was written to: the next look sees it settled, or not.
    if (stateOf(await this.#look()) !== state) return;
    if (await this.options.keep(kept)) this.#kept = state;
  }
}

const stateOf = (files: readonly LeftFile[]): string => files.map(({ path, state }) => `${path}\0${state}`).join('\n');
