// scan_for_anomalies: recorded calls scored anew with today's model. Stores nothing, tells nobody, restricts nobody.

import { AppError, type Call, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { ProcessScoring } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { per10000 } from './anomaly-report.js';
import { BehaviourScores, type ScoredRecord } from './behaviour-scores.js';
import { ObservedCallsRepository, type RecordedCall } from './observed-calls.repository.js';
import { summaryOf } from './stored-anomaly.js';

type Scan = (typeof sentinel.tools)['scan_for_anomalies'];
type Progress = { progress: number; total: number; message: string };
type Wallets = ToolOutput<Scan>['wallets'];

const PAGE = 500;
const RECALL_PAGE = 2_000;
/** What fills the windows before the first call that is scored. */
const RECALLED_MS = 21 * 86_400_000;
const RECALLED_MAX = 100_000n;
const WALLETS_MAX = 100;
/** Time kept back from the caller's deadline, so that the answer still arrives. */
const ANSWER_MS = 5_000;

interface Found {
  unusual: number;
  first: RecordedCall;
  last: RecordedCall;
  worst: ScoredRecord;
}

@Injectable()
export class LookBack {
  constructor(
    @Inject(ObservedCallsRepository) private readonly calls: ObservedCallsRepository,
    @Inject(ProcessScoring) private readonly scoring: Pick<ProcessScoring, 'model'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws AppError unavailable when this replica cannot score */
  async *scan(input: ToolInput<Scan>, call: Call): AsyncGenerator<Progress, ToolOutput<Scan>, void> {
    const scorer = await this.scoring.model('behaviour');
    if (scorer === undefined)
      throw new AppError(
        'unavailable',
        'Cannot look back: this replica of the Sentinel has no scoring thread. Try again.',
      );
    const [from, to] = [new Date(input.from), input.to === undefined ? new Date(this.clock()) : new Date(input.to)];
    const total = Math.min(input.limit, await this.calls.count(from, to));
    const start = await this.calls.before(from);
    const scores = new BehaviourScores(scorer);
    const found = new Map<string | null, Found>();
    const seen = { scored: 0, unusual: 0, last: undefined as RecordedCall | undefined };
    const over = (): boolean => call.signal.aborted || Date.now() > call.deadline - ANSWER_MS;
    let at = start;
    if (at !== undefined) {
      yield { progress: 0, total, message: 'Reading what came before' };
      await this.#recall(scores, { from, to: at, walletId: input.walletId, over });
    }
    let complete = at === undefined;
    while (at !== undefined && !over() && seen.scored < input.limit) {
      const page: RecordedCall[] = await this.calls.page(at, Math.min(PAGE, input.limit - seen.scored), input.walletId);
      const inTime = page.filter((one) => one.at < to.getTime());
      for (const scored of await scores.score(inTime)) note(found, scored, seen);
      seen.scored += inTime.length;
      seen.last = inTime.at(-1) ?? seen.last;
      complete = inTime.length < page.length || page.length === 0;
      at = complete ? undefined : page.at(-1)?.cursor;
      yield { progress: seen.scored, total, message: `${seen.unusual} of ${seen.scored} calls are unusual` };
    }
    const { card } = scorer;
    return {
      scored: seen.scored,
      unusual: seen.unusual,
      per10000Calls: per10000(seen.unusual, seen.scored),
      complete,
      ...(seen.last === undefined ? {} : { scoredUntil: new Date(seen.last.at).toISOString() }),
      wallets: walletsOf(found),
      model: { name: card.name, trained: card.trained.date, threshold: card.threshold },
    };
  }

  async #recall(
    scores: BehaviourScores,
    { from, to, walletId, over }: { from: Date; to: bigint; walletId: string | undefined; over: () => boolean },
  ): Promise<void> {
    const earliest = (await this.calls.before(new Date(from.getTime() - RECALLED_MS))) ?? to;
    let at = to - earliest > RECALLED_MAX ? to - RECALLED_MAX : earliest;
    while (at < to && !over()) {
      const page = await this.calls.page(at, RECALL_PAGE, walletId);
      scores.recall(page.filter(({ cursor }) => cursor <= to));
      at = page.at(-1)?.cursor ?? to;
    }
  }
}

function note(found: Map<string | null, Found>, scored: ScoredRecord, seen: { unusual: number }): void {
  if (!scored.score.alarm) return;
  seen.unusual += 1;
  const { call } = scored;
  const known = found.get(call.walletId);
  if (known === undefined) {
    found.set(call.walletId, { unusual: 1, first: call, last: call, worst: scored });
    return;
  }
  known.unusual += 1;
  known.last = call;
  if (scored.score.value > known.worst.score.value) known.worst = scored;
}

const walletsOf = (found: Map<string | null, Found>): Wallets =>
  [...found]
    .sort(([, one], [, other]) => other.worst.score.value - one.worst.score.value)
    .slice(0, WALLETS_MAX)
    .map(
      ([
        walletId,
        {
          unusual,
          first,
          last,
          worst: { call, score },
        },
      ]) => {
        const { value, threshold } = score;
        const reasons = score.reasons.map(({ feature, share }) => ({ feature, share }));
        const { agent, tool } = call;
        return {
          walletId,
          unusual,
          firstAt: new Date(first.at).toISOString(),
          lastAt: new Date(last.at).toISOString(),
          score: value,
          callId: call.callId,
          reasons,
          summary: summaryOf({ model: 'behaviour', score: value, threshold, reasons, calls: unusual, agent, tool }),
        };
      },
    );
