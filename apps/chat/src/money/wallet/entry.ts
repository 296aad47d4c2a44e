// What a wallet's history consists of, and how it is said.
import { shortId } from '../../ui/figures.js';

export const ACCOUNTS = [
  { name: 'available', label: 'Available' },
  { name: 'staked', label: 'Staked' },
  { name: 'held', label: 'Set aside' },
] as const;
export type Account = (typeof ACCOUNTS)[number]['name'];

export interface Entry {
  readonly transactionId: string;
  readonly at: string;
  readonly kind: string;
  readonly change: string;
  readonly balanceAfter: string;
  readonly counterparty: string;
  readonly memo: string | null;
}

export interface Balances {
  readonly walletId: string;
  readonly role: string;
  readonly label: string | null;
  readonly balance: string;
  readonly staked?: string;
  readonly held?: string;
  readonly pending?: string;
  readonly history: readonly Entry[];
  readonly nextBefore?: string;
}

const KINDS: Readonly<Record<string, string>> = {
  payment: 'Payment',
  hold: 'Set aside',
  capture: 'Taken from a hold',
  release: 'Hold released',
  reversal: 'Taken back',
  stake: 'Staked',
  unstake: 'Unstaked',
  reward: 'Reward',
  yield: 'Yield of a stake',
  fee: 'Fee',
  grant: 'Grant',
  issuance: 'Issuance',
};

export const kindText = (kind: string): string => KINDS[kind] ?? kind;

const OF_THE_LAB: Readonly<Record<string, string>> = {
  issuance: 'the lab’s issuance',
  rewards: 'the reward pool',
  treasury: 'the treasury',
};

/** Whom money came from or went to: a wallet, a part of this one, or an account of the lab. */
export function partyText(account: string, walletId: string): string {
  const [wallet = account, part] = account.split('.');
  const where = part === 'staked' ? 'stake' : part === 'held' ? 'holds' : undefined;
  if (wallet === walletId) return where === undefined ? 'this wallet' : `own ${where}`;
  return OF_THE_LAB[account] ?? (where === undefined ? shortId(wallet) : `${where} of ${shortId(wallet)}`);
}

/** What the history is narrowed to; all of it is part of the address. */
export interface HistoryFilter {
  readonly account: Account;
  readonly kind: string;
  readonly counterparty: string;
  /** Days of this place, such as 2026-11-28; empty when open. */
  readonly from: string;
  readonly to: string;
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
export const isParty = (text: string): boolean =>
  /^(wal_[0-9a-f-]{36}(\.staked|\.held)?|issuance|rewards|treasury)$/.test(text);

export function filterIn(asked: URLSearchParams): HistoryFilter {
  const text = (name: string): string => asked.get(name) ?? '';
  const day = (name: string): string => (isDay(text(name)) ? text(name) : '');
  return {
    account: ACCOUNTS.find(({ name }) => name === text('account'))?.name ?? 'available',
    kind: text('kind').slice(0, 40),
    counterparty: text('counterparty').slice(0, 60),
    from: day('from'),
    to: day('to'),
  };
}

export const askedOf = ({ account, ...rest }: HistoryFilter): Readonly<Record<string, string>> => ({
  ...rest,
  account: account === 'available' ? '' : account,
});

export const isNarrowed = ({ kind, counterparty, from, to }: HistoryFilter): boolean =>
  `${kind}${counterparty}${from}${to}` !== '';

/** As the lab's tools take it. A day ends where the next one begins. */
export function wantedBy({ account, kind, counterparty, from, to }: HistoryFilter): Readonly<Record<string, string>> {
  const start = (day: string, later: number): string => {
    const date = new Date(`${day}T00:00`);
    date.setDate(date.getDate() + later);
    return date.toISOString();
  };
  return {
    ...(account === 'available' ? {} : { account }),
    ...(kind === '' ? {} : { kind }),
    ...(isParty(counterparty) ? { counterparty } : {}),
    ...(from === '' ? {} : { from: start(from, 0) }),
    ...(to === '' ? {} : { to: start(to, 1) }),
  };
}
