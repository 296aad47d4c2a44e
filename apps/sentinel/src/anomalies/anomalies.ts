// What becomes of an alarm: it joins an anomaly, the policy says what follows, somebody resolves it. The way back is always open:
// the operator's own wallet is never kept from anything.

import {
  ANOMALY_MODELS,
  ANOMALY_RESPONSES,
  type Call,
  type sentinel,
  type TextAlarm,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { LOGGER, type Logger, METRICS, type Metrics } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { OperatorRepository } from '../operator/operator.repository.js';
import { type Alarm, rulingOf } from './alarm.js';
import { AnomaliesRepository, type Fence, type Recorded } from './anomalies.repository.js';
import { AnomalyPolicies } from './anomaly-policies.js';
import { restrictionOf, shown } from './stored-anomaly.js';

type Resolve = (typeof sentinel.tools)['resolve_anomaly'];
type Listed = ToolOutput<(typeof sentinel.tools)['list_restrictions']>;

const MODES = ['enforced', 'shadow'] as const;

@Injectable()
export class Anomalies {
  constructor(
    @Inject(AnomaliesRepository) private readonly repository: AnomaliesRepository,
    @Inject(OperatorRepository) private readonly operators: Pick<OperatorRepository, 'walletId'>,
    @Inject(AnomalyPolicies) private readonly policies: Pick<AnomalyPolicies, 'current'>,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'anomaly' | 'unusualCalls'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn' | 'info'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    // Each series is there from the start: an alert can only see a number grow.
    for (const model of ANOMALY_MODELS) {
      metrics.unusualCalls(model, 0);
      for (const response of ANOMALY_RESPONSES) for (const mode of MODES) metrics.anomaly(model, response, mode, 0);
    }
  }

  /** What the processes that see arguments found. The same alarms may come twice. */
  takeTexts(alarms: readonly TextAlarm[]): Promise<void> {
    return this.take(alarms.map((alarm) => ({ ...alarm, model: 'content', at: new Date(alarm.at) })));
  }

  /** @param fence as AnomaliesRepository.record */
  async take(alarms: readonly Alarm[], fence?: Fence): Promise<void> {
    const now = new Date(this.clock());
    const operator = alarms.length === 0 ? undefined : await this.operators.walletId();
    const ruled = { policy: this.policies.current(), operator, now };
    const ruling = (alarm: Alarm) => rulingOf(alarm, ruled);
    for (const recorded of await this.repository.record(alarms, { ruling, now, fence })) this.#tell(recorded);
  }

  /** resolve_anomaly. @throws AppError not_found, conflict */
  async resolve({ anomalyId, ...said }: ToolInput<Resolve>, { principal }: Call): Promise<ToolOutput<Resolve>> {
    const now = new Date(this.clock());
    const { resolved, lifted } = await this.repository.resolve(anomalyId, {
      ...said,
      walletId: principal.walletId,
      now,
    });
    const [anomaly, ...others] = resolved;
    if (anomaly === undefined) throw new Error(`${anomalyId} was resolved and is gone`);
    return { anomaly: shown(anomaly, now), alsoResolved: others.map(({ id }) => id), lifted };
  }

  /** list_restrictions */
  async restrictions(): Promise<Listed> {
    const found = await this.repository.restricting(new Date(this.clock()));
    return { restrictions: found.map(restrictionOf).filter((restriction) => restriction !== undefined) };
  }

  #tell({ anomaly, news, calls }: Recorded): void {
    const { id, model, response, enforced, walletId, score, threshold } = anomaly;
    this.metrics.unusualCalls(model, calls);
    if (news === 'joined' || news === 'settled') return;
    this.metrics.anomaly(model, response, enforced ? 'enforced' : 'shadow', 1);
    if (response === 'record') return;
    const about = { anomalyId: id, model, walletId, score, threshold, response };
    if (enforced) this.log.warn(about, 'unusual calls');
    else this.log.info(about, 'unusual calls: in shadow mode nothing is done');
  }
}
