// Balances and histories as callers may see them: whose, which entries, page by page, as a statement to keep.
import {
  AppError,
  type chancellor,
  LINK_ABOVE_BYTES,
  microToAmount,
  type Principal,
  STATEMENT_MAX,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { refuseOthersWallet, walletNotFound } from '../wallets/ownership.js';
import { heldOf, stakedOf } from './accounts.js';
import { STATEMENT_BYTES_MAX, StatementFiles } from './statement-files.repository.js';
import { STATEMENT_TYPES, type StatementEntry, statementPieces, statementText } from './statement-text.js';
import { type Overview, type Posting, SCAN_MOST, StatementsRepository } from './statements.repository.js';

type Tools = typeof chancellor.tools;
/** What a caller may leave out has its default by then, except in the lab's own code. */
type Asked = Partial<ToolInput<Tools['get_balance']>>;

const DEFAULT_LIMIT = 20;

type Exporting = ToolInput<Tools['export_statement']>;
type Exported = ToolOutput<Tools['export_statement']>;

/** Which entries of which account: numbers from `first` up to, and without, `end`. */
interface Span {
  readonly walletId: string;
  readonly account: string;
  readonly first: bigint;
  readonly end: bigint;
}

/** Who asks, and until when. */
interface Asking {
  readonly principal: Principal;
  readonly signal?: AbortSignal | undefined;
}

@Injectable()
export class Statements {
  constructor(
    @Inject(StatementsRepository) private readonly repository: StatementsRepository,
    @Inject(StatementFiles) private readonly files: StatementFiles,
  ) {}

  /** Balances and a page of history, newest first. Errors: `forbidden`, `invalid_input`, `not_found`. */
  async balance(input: Asked, caller: Principal): Promise<ToolOutput<Tools['get_balance']>> {
    const { walletId, account, overview } = await this.#open(input, caller);
    const limit = input.limit ?? DEFAULT_LIMIT;
    const before = readCursor('before', input.before);
    const end = before === undefined || before > overview.end ? overview.end : before;
    const first = filtered(input) && end - SCAN_MOST > overview.first ? end - SCAN_MOST : overview.first;
    // One more than asked for tells whether older ones exist.
    const postings = await this.#page(input, { account, first, end, newestFirst: true, limit: limit + 1 });
    const older = postings[limit];
    const next = older !== undefined ? older.number + 1n : first > overview.first ? first : undefined;
    return {
      walletId,
      role: overview.role,
      label: overview.label,
      currency: '$webxos',
      balance: microToAmount(overview.availableMicro),
      staked: microToAmount(overview.stakedMicro),
      held: microToAmount(overview.heldMicro),
      ...(input.at === undefined ? { pending: microToAmount(overview.pendingMicro) } : {}),
      history: postings.slice(0, limit).map(describePosting),
      ...(next === undefined ? {} : { nextBefore: next.toString() }),
    };
  }

  /** Entries oldest first, to keep: a page of text, or all of them as a file. Errors: as `balance`, `too_large`, `cancelled`. */
  async export(input: Exporting, asking: Asking): Promise<Exported> {
    const { walletId, account, overview } = await this.#open(input, asking.principal);
    const after = readCursor('after', input.after);
    const first = after === undefined || after < overview.first ? overview.first : after;
    const all = { walletId, account, first, end: overview.end };
    if (input.as === 'link') return this.#file(input, all, asking);
    const end = filtered(input) && first + SCAN_MOST < overview.end ? first + SCAN_MOST : overview.end;
    const limit = STATEMENT_MAX;
    const postings = await this.#page(input, { account, first, end, newestFirst: false, limit: limit + 1 });
    const later = postings[limit];
    const next = later !== undefined ? later.number : end < overview.end ? end : undefined;
    const entries = postings.slice(0, limit).map(describePosting);
    const content = statementText(input.format, entries);
    if (Buffer.byteLength(content) > LINK_ABOVE_BYTES) return this.#file(input, all, asking);
    return {
      walletId,
      format: input.format,
      entries: entries.length,
      content,
      ...(next === undefined ? {} : { nextAfter: next.toString() }),
    };
  }

  async #file(input: Exporting, span: Span, { principal, signal }: Asking): Promise<Exported> {
    const { walletId } = span;
    const { format } = input;
    let entries = 0;
    const counted = async function* (pages: AsyncIterable<readonly StatementEntry[]>) {
      for await (const page of pages) {
        entries += page.length;
        yield page;
      }
    };
    const { sha256, bytes } = await this.files.put(
      bounded(statementPieces(format, counted(this.#pages(input, span)))),
      signal,
    );
    const [name, mediaType] = [`${walletId}-${input.account}.${format}`, STATEMENT_TYPES[format]];
    const file = { sha256, bytes, name, mediaType, walletId, madeFor: principal.walletId };
    const blobId = await this.files.keep(file);
    return { walletId, format, entries, sha256, link: { blobId, name, mediaType, bytes } };
  }

  /** What the filters look through for a page is what is in memory. */
  async *#pages(input: Exporting, { account, first, end }: Span): AsyncGenerator<StatementEntry[], void, void> {
    for (let from = first; from < end; from += SCAN_MOST) {
      const to = from + SCAN_MOST < end ? from + SCAN_MOST : end;
      const range = { account, first: from, end: to, newestFirst: false, limit: Number(SCAN_MOST) };
      yield (await this.#page(input, range)).map(describePosting);
    }
  }

  async #open(input: Asked, caller: Principal): Promise<{ walletId: string; account: string; overview: Overview }> {
    const walletId = input.walletId ?? caller.walletId;
    refuseOthersWallet(walletId, caller);
    const account = accountOf(walletId, input.account ?? 'available');
    const { from = null, to = null, at = null } = input;
    const overview = await this.repository.overview(walletId, { account, from, to, at });
    if (overview === undefined) throw walletNotFound(walletId);
    return { walletId, account, overview };
  }

  #page(
    { kind, counterparty }: Pick<Asked, 'kind' | 'counterparty'>,
    range: { account: string; first: bigint; end: bigint; newestFirst: boolean; limit: number },
  ): Promise<Posting[]> {
    return this.repository.page({ ...range, kind: kind ?? null, counterparty: counterparty ?? null });
  }
}

const filtered = ({ kind, counterparty }: Pick<Asked, 'kind' | 'counterparty'>): boolean =>
  kind !== undefined || counterparty !== undefined;

const accountOf = (walletId: string, account: 'available' | 'staked' | 'held'): string =>
  account === 'available' ? walletId : account === 'staked' ? stakedOf(walletId) : heldOf(walletId);

const describePosting = (posting: Posting) => ({
  transactionId: posting.transactionId,
  at: posting.at.toISOString(),
  kind: posting.kind,
  change: microToAmount(posting.changeMicro),
  balanceAfter: microToAmount(posting.balanceAfterMicro),
  counterparty: posting.counterparty,
  memo: posting.memo,
});

/** As bytes. @throws AppError too_large */
async function* bounded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const piece of pieces) {
    const more = Buffer.from(piece);
    bytes += more.length;
    if (bytes > STATEMENT_BYTES_MAX)
      throw new AppError(
        'too_large',
        `Cannot make a file of this statement: it has more than ${STATEMENT_BYTES_MAX} bytes. Ask for a part of it, with from and to.`,
      );
    yield more;
  }
}

/** A cursor is the number of an entry of the account. */
function readCursor(name: 'before' | 'after', cursor: string | undefined): bigint | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,18}$/.test(cursor)) {
    const next = name === 'before' ? 'nextBefore' : 'nextAfter';
    throw new AppError('invalid_input', `Cannot page: ${name} must be the ${next} of an earlier answer.`);
  }
  return BigInt(cursor);
}
