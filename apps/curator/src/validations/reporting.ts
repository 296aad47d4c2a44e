// Reports of those who measured: refused in a fixed order, kept for good, and the first that completes an agreement settles the claim.
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { settledBy } from './agreement.js';
import { noValidation, refuseUnstorable } from './claims.js';
import { compare } from './decimals.js';
import { isSigned } from './statement.js';
import { type NewReport, type Report, type Reportable, shown, type Validation } from './validation.js';
import { type Decision, ValidationsRepository } from './validations.repository.js';

type Tool = (typeof curator.tools)['report_validation'];
type Given = ToolInput<Tool>;

/** Of one validation: so many that do not agree will not. */
const REPORTS_MAX = 50;

@Injectable()
export class Reporting {
  constructor(@Inject(ValidationsRepository) private readonly repository: ValidationsRepository) {}

  /**
   * Once for a wallet; the same again answers the first.
   * @throws AppError not_found, forbidden for one’s own claim, conflict for what has ended or was reported otherwise, invalid_input
   * for other data or a wrong signature
   */
  async report(input: Given, { principal: { walletId } }: Pick<Call, 'principal'>): Promise<ToolOutput<Tool>> {
    const { validationId } = input;
    refuseUnstorable('report', input.evidence);
    const decision = await this.repository.report(validationId, walletId, (found, reports) =>
      decide(input, walletId, found, reports),
    );
    const validation = await this.repository.find(validationId, walletId);
    if (validation === undefined) throw new Error(`${validationId} is gone after it was reported on`);
    return { validation: shown(validation, walletId), alreadyReported: 'before' in decision };
  }
}

/** In this order: the first that is wrong is the answer. */
function decide(given: Given, walletId: string, found: Reportable | undefined, reports: readonly Report[]): Decision {
  if (found === undefined) throw noValidation(given.validationId);
  const before = reports.find((report) => report.walletId === walletId);
  if (before !== undefined) {
    if (isSame(before, given)) return { before };
    throw refused('conflict', given, `you reported ${before.measured} already, and a report is final`);
  }
  if (found.askedBy === walletId) throw refused('forbidden', given, 'you asked for it. Somebody else has to measure');
  if (found.state !== 'open')
    throw refused('conflict', given, `it is ${found.state} since ${found.endedAt?.toISOString()}`);
  if (!found.readable) throw refused('conflict', given, 'its dataset was withdrawn');
  refuseOtherData(found, given);
  const { publicKey = null, signature = null, measured, rows, evidence } = given;
  refuseUnsigned(found, { measured, rows, publicKey, signature, evidence }, reports);
  if (reports.length >= REPORTS_MAX)
    throw refused('conflict', given, `${REPORTS_MAX} have reported, and not enough of them agree`);
  const add = { measured, rows, evidence, publicKey, signature, place: reports.length + 1 };
  return { add, settled: settledBy([...reports, { ...add, walletId }], found) };
}

/** Sent again after a lost answer. */
const isSame = (before: Report, { measured, rows, publicKey }: Given): boolean =>
  compare(before.measured, measured) === 0 && before.rows === rows && before.publicKey === (publicKey ?? null);

function refuseOtherData({ datasetId, version, datasetSha256, datasetRows }: Validation, given: Given): void {
  if (given.datasetSha256 !== datasetSha256)
    throw refused(
      'invalid_input',
      given,
      `you read other data: the SHA-256 of ${datasetId}, version ${version}, is ${datasetSha256}. Read that version and measure again`,
    );
  if (given.rows > datasetRows)
    throw refused(
      'invalid_input',
      given,
      `version ${version} of ${datasetId} has ${datasetRows} rows, not ${given.rows}`,
    );
}

function refuseUnsigned(found: Validation, report: NewReport, reports: readonly Report[]): void {
  const { publicKey, signature, measured, rows } = report;
  const given = { validationId: found.id };
  if ((publicKey === null) !== (signature === null))
    throw refused('invalid_input', given, 'publicKey and signature come together, or neither does');
  if (publicKey === null || signature === null) return;
  const { datasetId, version, datasetSha256, modelSha256, metric } = found;
  const about = { validationId: found.id, datasetId, version, datasetSha256, modelSha256, metric };
  if (!isSigned({ ...about, measured, rows, publicKey }, signature))
    throw refused(
      'invalid_input',
      given,
      'the signature is not that of publicKey over this report. docs/validations.md says what is signed',
    );
  if (reports.some((report) => report.publicKey === publicKey))
    throw refused('conflict', given, 'another wallet has reported with this key, and a key is one person’s');
}

const refused = (
  code: 'conflict' | 'forbidden' | 'invalid_input',
  { validationId }: Pick<Given, 'validationId'>,
  why: string,
): AppError => new AppError(code, `Cannot report on ${validationId}: ${why}.`);
