// Claims that people put to the lab: asked, listed, looked at, taken back. What is about data that somebody may not read is not there.
import { AppError, type Call, type curator, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { canonicalHash } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { LAB } from '../datasets/dataset.js';
import { DatasetReader } from '../datasets/dataset-reader.js';
import { plain } from './decimals.js';
import { type Claim, shown, shownReports, type Validation } from './validation.js';
import { ValidationsRepository } from './validations.repository.js';

type Tools = typeof curator.tools;
type Asked = ToolOutput<Tools['request_validation']>;

/** Claims of one wallet that wait at once. */
const OPEN_MAX = 50;

@Injectable()
export class Claims {
  constructor(
    @Inject(ValidationsRepository) private readonly repository: ValidationsRepository,
    @Inject(DatasetReader) private readonly reader: Pick<DatasetReader, 'find'>,
  ) {}

  /**
   * @throws AppError not_found for a dataset that the caller may not read, forbidden for one that is another’s, conflict where nobody
   * else could read it, or too many of the caller’s are open
   */
  async request(input: ToolInput<Tools['request_validation']>, call: Call): Promise<Asked> {
    const { walletId } = call.principal;
    const { reports: reportsWanted, days, shareData: sharesData, modelSha256 = null, ...said } = input;
    for (const text of [said.title, said.method]) refuseUnstorable('ask for a validation', text);
    const claim: Claim = { ...said, reportsWanted, sharesData, modelSha256 };
    const claimHash = hashOf(claim);
    const there = await this.#same(walletId, claimHash);
    if (there !== undefined) return there;
    await this.#refuseUncheckable(claim, call);
    const validation = { ...claim, id: `val_${uuidv7()}`, askedBy: walletId, claimHash, days };
    const added = await this.repository.add(validation, OPEN_MAX);
    if (added === 'added')
      return { validation: shown(await this.#required(validation.id, walletId), walletId), alreadyAsked: false };
    // Another call of the same wallet's was first.
    const first = await this.#same(walletId, claimHash);
    if (first !== undefined) return first;
    throw added === 'too_many'
      ? new AppError(
          'conflict',
          `Cannot ask for another validation: ${OPEN_MAX} of yours are open. Wait for one to end, or cancel one.`,
        )
      : new AppError('unavailable', 'Cannot ask for the validation: the same one has just ended. Ask again.');
  }

  async list(
    { which, limit, cursor }: ToolInput<Tools['list_validations']>,
    { principal }: Pick<Call, 'principal'>,
  ): Promise<ToolOutput<Tools['list_validations']>> {
    const { walletId, permissions } = principal;
    // Who may not report has none to work on.
    if (which === 'open' && !permissions.includes('result:validate')) return { validations: [] };
    // One more than asked for tells whether a page follows.
    const found = await this.repository.page(walletId, { which, limit: limit + 1, after: cursor });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      validations: page.map((validation) => shown(validation, walletId)),
      ...(last === undefined || found.length <= limit ? {} : { nextCursor: last.id }),
    };
  }

  /** @throws AppError not_found */
  async get(
    { validationId }: ToolInput<Tools['get_validation']>,
    { principal: { walletId } }: Pick<Call, 'principal'>,
  ): Promise<ToolOutput<Tools['get_validation']>> {
    const validation = await this.#required(validationId, walletId);
    const reports = await this.repository.reports(validationId);
    return { validation: shown(validation, walletId), reports: shownReports(validation, reports, walletId) };
  }

  /** @throws AppError not_found, forbidden for another’s, conflict once somebody has reported or it has ended */
  async cancel(
    { validationId }: ToolInput<Tools['cancel_validation']>,
    { principal: { walletId } }: Pick<Call, 'principal'>,
  ): Promise<ToolOutput<Tools['cancel_validation']>> {
    const { askedBy } = await this.#required(validationId, walletId);
    if (askedBy !== walletId)
      throw new AppError('forbidden', `Cannot cancel ${validationId}: somebody else asked for it.`);
    const cancelled = await this.repository.cancel(validationId);
    const validation = await this.#required(validationId, walletId);
    if (!cancelled && validation.state !== 'cancelled')
      throw new AppError(
        'conflict',
        `Cannot cancel ${validationId}: ${validation.state === 'open' ? 'somebody has reported, and who works on it is to be heard' : `it is ${validation.state}`}.`,
      );
    return { validation: shown(validation, walletId) };
  }

  async #same(walletId: string, claimHash: string): Promise<Asked | undefined> {
    const id = await this.repository.sameClaim(walletId, claimHash);
    if (id === undefined) return undefined;
    return { validation: shown(await this.#required(id, walletId), walletId), alreadyAsked: true };
  }

  /** A claim that nobody else could check helps nobody; and only who owns data says who reads it. */
  async #refuseUncheckable({ datasetId, version, sharesData }: Claim, call: Call): Promise<void> {
    const { owner } = await this.reader.find(datasetId, call, version);
    if (owner === LAB) return;
    if (owner !== call.principal.walletId)
      throw new AppError(
        'forbidden',
        `Cannot ask for a validation on ${datasetId}: it is shared with you for a while. Only its owner asks for one.`,
      );
    if (!sharesData)
      throw new AppError(
        'conflict',
        `Cannot ask for a validation on ${datasetId}: nobody but you may read it, so nobody could check the claim. With shareData everybody may read this version until the validation ends.`,
      );
  }

  async #required(id: string, walletId: string): Promise<Validation> {
    const found = await this.repository.find(id, walletId);
    if (found === undefined) throw noValidation(id);
    return found;
  }
}

/** Of what is claimed: words and deadlines may change, and numbers be written in other ways. */
const hashOf = ({ datasetId, version, modelSha256, metric, claimed, tolerance }: Claim): string =>
  canonicalHash({ datasetId, version, modelSha256, metric, claimed: plain(claimed), tolerance: plain(tolerance) });

export const noValidation = (id: string): AppError =>
  new AppError(
    'not_found',
    `Cannot find the validation ${id}: there is none that you may see. list_validations tells which there are.`,
  );

/** The database holds no character U+0000 in a text. */
export function refuseUnstorable(what: string, text: string): void {
  if (text.includes('\0'))
    throw new AppError('invalid_input', `Cannot ${what}: its text holds the character U+0000. Remove it.`);
}
