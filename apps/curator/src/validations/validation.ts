// A validation as the domain sees it, and its public face: whose it is, and what a claim says before its end, shows to nobody else.
import type { curator, ToolOutput, ValidationState } from '@labmesh/contracts';
import type { Measured } from './agreement.js';
import type { Decimal } from './decimals.js';

type Shown = ToolOutput<typeof curator.tools.get_validation>;

/** What somebody puts to the lab. */
export interface Claim {
  readonly title: string;
  readonly method: string;
  readonly datasetId: string;
  readonly version: number;
  readonly modelSha256: string | null;
  readonly metric: string;
  readonly claimed: Decimal;
  readonly tolerance: Decimal;
  readonly reportsWanted: number;
  readonly sharesData: boolean;
}

export interface NewValidation extends Claim {
  readonly id: string;
  readonly askedBy: string;
  /** The same for the same claim. */
  readonly claimHash: string;
  readonly days: number;
}

/** As it stands for whoever looks. */
export interface Validation extends Claim {
  readonly id: string;
  readonly askedBy: string;
  readonly datasetSha256: string;
  /** That the version has. */
  readonly datasetRows: number;
  readonly state: ValidationState;
  readonly agreed: Decimal | null;
  readonly askedAt: Date;
  readonly deadline: Date;
  readonly endedAt: Date | null;
  readonly reportsMade: number;
  /** Whoever looks has reported. */
  readonly reported: boolean;
}

/** As it stands for whoever reports. */
export interface Reportable extends Validation {
  /** They may read the version now. */
  readonly readable: boolean;
}

export interface NewReport {
  readonly measured: Decimal;
  readonly rows: number;
  readonly evidence: string;
  readonly publicKey: string | null;
  readonly signature: string | null;
}

export interface Report extends NewReport, Measured {
  readonly walletId: string;
  readonly agrees: boolean | null;
  readonly reportedAt: Date;
}

/** Until then nobody sees what others measured, nor what is claimed: who measures must not know. */
const isTold = ({ state, reported }: Validation): boolean => state !== 'open' || reported;

export const shown = (validation: Validation, walletId: string): Shown['validation'] => ({
  validationId: validation.id,
  title: validation.title,
  method: validation.method,
  datasetId: validation.datasetId,
  version: validation.version,
  datasetSha256: validation.datasetSha256,
  modelSha256: validation.modelSha256,
  metric: validation.metric,
  claimed: isTold(validation) || validation.askedBy === walletId ? validation.claimed : null,
  tolerance: validation.tolerance,
  reportsWanted: validation.reportsWanted,
  reportsMade: validation.reportsMade,
  state: validation.state,
  agreed: validation.agreed,
  sharesData: validation.sharesData,
  mine: validation.askedBy === walletId,
  reported: validation.reported,
  askedAt: validation.askedAt.toISOString(),
  deadline: validation.deadline.toISOString(),
  endedAt: validation.endedAt?.toISOString() ?? null,
});

export const shownReports = (validation: Validation, reports: readonly Report[], walletId: string): Shown['reports'] =>
  isTold(validation)
    ? reports.map(({ walletId: whose, place: _place, reportedAt, ...report }) => ({
        ...report,
        reportedAt: reportedAt.toISOString(),
        mine: whose === walletId,
      }))
    : null;
