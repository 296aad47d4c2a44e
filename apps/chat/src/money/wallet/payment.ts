// A payment as it is typed, what is wrong with it, and what it means to the lab: paid now, or set aside for later.
import { amountOf, microOf, typedAmount } from '../amount.js';
import type { Intent } from '../intent.js';
import { TOOLS } from '../views.js';

export const WAYS = [
  { name: 'pay', label: 'Pay now' },
  { name: 'hold', label: 'Set aside' },
] as const;
export type Way = (typeof WAYS)[number]['name'];

const DAY_S = 86_400;
export const HOLD_LIVES = [
  { seconds: 3_600, label: '1 hour' },
  { seconds: DAY_S, label: '1 day' },
  { seconds: 7 * DAY_S, label: '7 days' },
  { seconds: 30 * DAY_S, label: '30 days' },
  { seconds: 90 * DAY_S, label: '90 days' },
] as const;

export interface Draft {
  readonly way: Way;
  readonly to: string;
  readonly amount: string;
  readonly memo: string;
  readonly seconds: number;
}

export const EMPTY: Draft = { way: 'pay', to: '', amount: '', memo: '', seconds: 7 * DAY_S };

export interface Problems {
  readonly to?: string;
  readonly amount?: string;
}

const WALLET = /^wal_[0-9a-f-]{36}$/;

export function problemsOf({ to, amount }: Draft, from: { walletId: string; balance: string }): Problems {
  const payee = to.trim();
  const typed = typedAmount(amount);
  const toProblem =
    payee === from.walletId
      ? 'This is the wallet that pays.'
      : WALLET.test(payee)
        ? undefined
        : 'A wallet id looks like wal_ and a UUID.';
  const amountProblem =
    'problem' in typed
      ? typed.problem
      : microOf(typed.amount) > microOf(from.balance)
        ? 'More than is available.'
        : undefined;
  return {
    ...(toProblem === undefined ? {} : { to: toProblem }),
    ...(amountProblem === undefined ? {} : { amount: amountProblem }),
  };
}

/** The call that a draft without problems means. */
export function meantBy({ way, to, amount, memo, seconds }: Draft): Pick<Intent, 'tool' | 'input'> {
  const typed = typedAmount(amount);
  return {
    tool: way === 'pay' ? TOOLS.pay : TOOLS.hold,
    input: {
      to: to.trim(),
      amount: 'amount' in typed ? typed.amount : amount,
      ...(memo.trim() === '' ? {} : { memo: memo.trim() }),
      ...(way === 'hold' ? { expiresInSeconds: seconds } : {}),
    },
  };
}

/** What was sent and not answered, as it had been typed. */
export function draftOf({ tool, input }: Pick<Intent, 'tool' | 'input'>): Draft {
  const text = (name: string): string => (typeof input[name] === 'string' ? input[name] : '');
  return {
    way: tool === TOOLS.hold ? 'hold' : 'pay',
    to: text('to'),
    amount: text('amount'),
    memo: text('memo'),
    seconds: typeof input.expiresInSeconds === 'number' ? input.expiresInSeconds : EMPTY.seconds,
  };
}

/** What stays when it has been paid. */
export const leftAfter = (balance: string, amount: string): string => amountOf(microOf(balance) - microOf(amount));
