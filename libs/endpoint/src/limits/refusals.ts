// Counts every refusal in the metrics and records it in the audit log, at most once per caller and tool in ten seconds:
// a flood must not become a flood of records. How many there were is in the metrics and in one log line. So are credentials
// recorded that are not good, which no limit has turned away.

import { AppError, BY_ENDPOINT } from '@labmesh/contracts';
import { type CallRecorder, callRecordOf, LIMITS, type LimitName, type Logger, type Metrics } from '@labmesh/runtime';
import { v7 as uuidv7 } from 'uuid';

const WINDOW_MS = 10_000;
/** Most records in one window, whoever is refused. */
const RECORDS_MAX = 200;

export interface Refused {
  readonly callId?: string;
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly agent: string;
  readonly tool: string;
}

export interface RefusalServices {
  readonly recorder: Pick<CallRecorder, 'record'>;
  readonly metrics: Pick<Metrics, 'refused'>;
  readonly log: Pick<Logger, 'warn'>;
}

export class Refusals {
  readonly #recorded = new Set<string>();
  #unrecorded = 0;
  #windowEnds = 0;

  constructor(
    private readonly services: RefusalServices,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param from where it came from, when nobody could be identified */
  note(refused: Refused, error: AppError, from = ''): void {
    this.services.metrics.refused(limitOf(error));
    this.#record(refused, error, from);
  }

  /** Somebody came with a credential that is not good. @param from where it came from */
  unknown(error: AppError, from = ''): void {
    this.#record({ walletId: null, credentialId: null, ...BY_ENDPOINT.authenticate }, error, from);
  }

  #record(refused: Refused, error: AppError, from: string): void {
    if (this.now() >= this.#windowEnds) this.#newWindow();
    const key = `${refused.walletId ?? from} ${refused.agent} ${refused.tool}`;
    if (this.#recorded.has(key) || this.#recorded.size >= RECORDS_MAX) {
      this.#unrecorded += 1;
      return;
    }
    this.#recorded.add(key);
    const { callId = uuidv7(), ...who } = refused;
    const about = restrictionIn(error);
    this.services.recorder.record(
      callRecordOf({ callId, ...who }, { outcome: error.code, durationMs: 0, refused: true, about }),
    );
  }

  #newWindow(): void {
    if (this.#unrecorded > 0)
      this.services.log.warn(
        { refusals: this.#unrecorded, recorded: this.#recorded.size },
        'more refusals than were recorded one by one',
      );
    this.#recorded.clear();
    this.#unrecorded = 0;
    this.#windowEnds = this.now() + WINDOW_MS;
  }
}

/** For the record of a refusal because of an anomaly: which kind, and which anomaly. */
function restrictionIn({ details }: AppError): Record<string, string> | undefined {
  const { restriction, anomalyId } = (details ?? {}) as { restriction?: unknown; anomalyId?: unknown };
  return typeof restriction === 'string' && typeof anomalyId === 'string' ? { anomalyId, restriction } : undefined;
}

function limitOf({ details }: AppError): LimitName {
  const named = (details as { limit?: unknown } | undefined)?.limit;
  return LIMITS.find((limit) => limit === named) ?? 'rate';
}
