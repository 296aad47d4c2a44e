// anomaly_report: what was found, page by page, and figures over the time asked for. It changes nothing.

import { type Bus, SCORING_SUBJECT } from '@labmesh/bus';
import type { sentinel, ToolInput, ToolOutput } from '@labmesh/contracts';
import { BUS, type ScoringFigures } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CLOCK, type Clock } from '../clock.js';
import { AnomaliesRepository } from './anomalies.repository.js';
import { ModelCards } from './model-cards.js';
import { ObservedCallsRepository } from './observed-calls.repository.js';
import { shown } from './stored-anomaly.js';

type Report = (typeof sentinel.tools)['anomaly_report'];
type Summary = ToolOutput<Report>['summary'];

/** How long the processes of the lab are listened to. */
const ANSWERS_MS = 250;
/** Figures without a beginning are of so long. */
const SUMMARY_MS = 30 * 86_400_000;

const Figures = z.object({ state: z.string(), scored: z.number(), dropped: z.number() }) satisfies z.ZodType<
  Omit<ScoringFigures, 'state'>
>;

@Injectable()
export class AnomalyReport {
  constructor(
    @Inject(AnomaliesRepository) private readonly repository: AnomaliesRepository,
    @Inject(ObservedCallsRepository) private readonly calls: ObservedCallsRepository,
    @Inject(ModelCards) private readonly cards: ModelCards,
    @Inject(BUS) private readonly bus: Pick<Bus, 'scatter'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async report({ limit, before, ...filter }: ToolInput<Report>): Promise<ToolOutput<Report>> {
    const now = new Date(this.clock());
    const [page, summary] = await Promise.all([
      this.repository.page(filter, before, limit + 1),
      this.#summary(filter, now),
    ]);
    const anomalies = page.slice(0, limit).map((stored) => shown(stored, now));
    const next = page.length > limit ? anomalies.at(-1)?.id : undefined;
    return { anomalies, ...(next === undefined ? {} : { next }), summary };
  }

  async #summary(filter: Omit<ToolInput<Report>, 'limit' | 'before'>, now: Date): Promise<Summary> {
    const from = filter.from ?? new Date(now.getTime() - SUMMARY_MS).toISOString();
    const to = filter.to ?? new Date(now.getTime() + 1).toISOString();
    const [open, found, calls, scoring, models] = await Promise.all([
      this.repository.open(),
      this.repository.counts({ ...filter, from }),
      this.calls.count(new Date(from), new Date(to)),
      this.#scoring(),
      this.cards.shown(),
    ]);
    const total = found.reduce((sum, { anomalies }) => sum + anomalies, 0);
    return { open, found, calls, per10000Calls: per10000(total, calls), scoring, models };
  }

  /** What every process says; one that does not answer in time is left out. */
  async #scoring(): Promise<Summary['scoring']> {
    const answers = await this.bus.scatter(SCORING_SUBJECT, {}, { headers: {}, windowMs: ANSWERS_MS });
    const figures = answers.map(({ body }) => Figures.safeParse(body).data).filter((told) => told !== undefined);
    return {
      processes: figures.length,
      without: figures.filter(({ state }) => state === 'gone' || state === 'stuck').length,
      scored: figures.reduce((sum, { scored }) => sum + scored, 0),
      dropped: figures.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }
}

/** To two digits. */
export const per10000 = (many: number, calls: number): number =>
  calls === 0 ? 0 : Math.round((many / calls) * 1_000_000) / 100;
