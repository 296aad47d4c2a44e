// From recorded calls to what is unusual about them: the windows take each call in, the model scores what they say. Keeps no call.
import { BehaviourWindows, type ModelScorer, type Score } from '@labmesh/anomaly';
import type { RecordedCall } from './observed-calls.repository.js';

export interface ScoredRecord {
  readonly call: RecordedCall;
  readonly score: Score;
}

export class BehaviourScores {
  readonly #windows = new BehaviourWindows();
  /** When an anomaly of a wallet was resolved last, Unix milliseconds, and whether that was taken into account. */
  readonly #resolved = new Map<string, { at: number; done: boolean }>();

  constructor(private readonly scorer: Pick<ModelScorer, 'scoreAll'>) {}

  /** What a wallet did before counts no more, from its next call on: somebody looked at it. */
  forgive(walletId: string, at: Date): void {
    if (at.getTime() > (this.#resolved.get(walletId)?.at ?? 0))
      this.#resolved.set(walletId, { at: at.getTime(), done: false });
  }

  /** Fills the windows without scoring. */
  recall(calls: readonly RecordedCall[]): void {
    for (const call of calls) if (call.counts) this.#observe(call);
  }

  /** In their order. @throws AppError unavailable when the thread is gone; the windows are of no use then */
  async score(calls: readonly RecordedCall[]): Promise<ScoredRecord[]> {
    const counted = calls.filter(({ counts }) => counts);
    const rows = counted.map((call) => ({ numbers: this.#observe(call) }));
    const scores = rows.length === 0 ? [] : await this.scorer.scoreAll(rows);
    return counted.flatMap((call, at) => {
      const score = scores[at];
      return score === undefined ? [] : [{ call, score }];
    });
  }

  #observe(call: RecordedCall): number[] {
    const resolved = call.walletId === null ? undefined : this.#resolved.get(call.walletId);
    if (call.walletId !== null && resolved?.done === false && call.at > resolved.at) {
      this.#windows.forgive(call.walletId);
      resolved.done = true;
    }
    return this.#windows.observe(call);
  }
}
