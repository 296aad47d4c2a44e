// Tells those who follow the resource job://{id}/logs that there is more: at once when it was quiet, and then once a second at most.
import { expandUri, mechanic } from '@labmesh/contracts';
import type { ResourceChanges } from '@labmesh/runtime';

const REST_MS = 1_000;

export class LogNews {
  /** Jobs that were told of within the last second, and whether more has come since. */
  readonly #resting = new Map<string, boolean>();

  constructor(private readonly changes: Pick<ResourceChanges, 'tell'>) {}

  /** Call it as often as something is written. */
  written(jobId: string): void {
    if (this.#resting.has(jobId)) {
      this.#resting.set(jobId, true);
      return;
    }
    this.changes.tell({ uris: [expandUri(mechanic.resources.job_logs.uri, { id: jobId })] });
    this.#resting.set(jobId, false);
    setTimeout(() => {
      const more = this.#resting.get(jobId) === true;
      this.#resting.delete(jobId);
      if (more) this.written(jobId);
    }, REST_MS).unref();
  }
}
