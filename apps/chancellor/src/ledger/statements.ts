// Balances and histories as callers may see them: whose, which entries, page by page, as a statement to keep.
import {
  AppError,
  type chancellor,
  microToAmount,
  type Principal,
  STATEMENT_MAX,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { refuseOthersWallet, walletNotFound } from '../wallets/ownership.js';
import { heldOf, stakedOf } from './accounts.js';
import { type Overview, type Posting, SCAN_MOST, StatementsRepository } from './statements.repository.js';

type Tools = typeof chancellor.tools;
/** What a caller may leave out has its default by then, except in the lab's own code. */
type Asked = Partial<ToolInput<Tools['get_balance']>>;

const DEFAULT_LIMIT = 20;

@Injectable()
export class Statements {
  constructor(@Inject(StatementsRepository) private readonly repository: StatementsRepository) {}

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

  /** Entries oldest first, as a text to keep. Errors: as `balance`. */
  async export(
    input: ToolInput<Tools['export_statement']>,
    caller: Principal,
  ): Promise<ToolOutput<Tools['export_statement']>> {
    const { walletId, account, overview } = await this.#open(input, caller);
    const after = readCursor('after', input.after);
    const first = after === undefined || after < overview.first ? overview.first : after;
    const end = filtered(input) && first + SCAN_MOST < overview.end ? first + SCAN_MOST : overview.end;
    const limit = STATEMENT_MAX;
    const postings = await this.#page(input, { account, first, end, newestFirst: false, limit: limit + 1 });
    const later = postings[limit];
    const next = later !== undefined ? later.number : end < overview.end ? end : undefined;
    const entries = postings.slice(0, limit).map(describePosting);
    return {
      walletId,
      format: input.format,
      entries: entries.length,
      content: input.format === 'csv' ? asCsv(entries) : JSON.stringify(entries),
      ...(next === undefined ? {} : { nextAfter: next.toString() }),
    };
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

const COLUMNS = ['at', 'transactionId', 'kind', 'change', 'balanceAfter', 'counterparty', 'memo'] as const;

/** As RFC 4180 has it. */
function asCsv(entries: readonly ReturnType<typeof describePosting>[]): string {
  const quoted = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
  const lines = entries.map((entry) => COLUMNS.map((name) => (name === 'memo' ? quoted(entry.memo) : entry[name])));
  return [COLUMNS, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
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
