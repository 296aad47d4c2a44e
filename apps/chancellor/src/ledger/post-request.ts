// What the ledger is asked to post, and how it is written for chancellor.post(). It moves nothing itself.
import { hash } from 'node:crypto';
import type { TRANSACTION_KINDS } from '@labmesh/contracts';
import { newId } from '@labmesh/runtime';
import type { Outcome } from './outcomes.js';

export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** A change of one account, in micro-$webxos; never zero. */
export interface Leg {
  readonly account: string;
  readonly changeMicro: bigint;
}

interface Keyed {
  /** Means one request of its owner, for ever. */
  readonly key: string;
  /** Whose key it is: a wallet id or an account of the lab. It is locked, and its balance answered. */
  readonly keyOwner: string;
  readonly memo?: string | null;
  /** Neighbours of one number happen together or not at all. */
  readonly group?: number;
}

/** Money that moves between named accounts. The first leg pays, the second is paid; each account once, the sum zero. */
export interface MoveRequest extends Keyed {
  readonly kind: Exclude<TransactionKind, 'hold' | 'capture' | 'release' | 'reversal'>;
  readonly legs: readonly Leg[];
}

export interface HoldRequest extends Keyed {
  readonly kind: 'hold';
  readonly legs: readonly Leg[];
  readonly to: string;
  readonly seconds: number;
}

/** What follows from a hold or an earlier transaction: how much, the ledger knows under its locks. */
export interface FollowUpRequest extends Keyed {
  readonly kind: 'capture' | 'release' | 'reversal';
  /** Who pays, who is paid, and for a capture who gets back what it leaves. */
  readonly accounts: readonly string[];
  /** Id of the hold or transaction. */
  readonly of: string;
  /** All that is left, when left out. */
  readonly amountMicro?: bigint;
  /** A capture after which the rest of the hold is released. */
  readonly final?: boolean;
}

export type PostRequest = MoveRequest | HoldRequest | FollowUpRequest;

export interface PostOutcome {
  readonly outcome: Outcome;
  /** True when the key had been used and nothing moved this time. */
  readonly replayed: boolean;
  /** Of what was posted, null of what was refused. */
  readonly transactionId: string | null;
  /** What the key's owner held right after; of a refusal the amount that it speaks of, where there is one. */
  readonly balanceMicro: bigint | null;
  readonly amountMicro: bigint | null;
  readonly at: Date;
}

const accountsOf = (request: PostRequest): readonly string[] =>
  'accounts' in request ? request.accounts : request.legs.map((leg) => leg.account);

/** SHA-256 of what is asked. The migration writes the same of what was posted before there were kept answers. */
export function requestHash(request: PostRequest): string {
  const legs = 'legs' in request ? request.legs.map((leg) => [leg.account, leg.changeMicro.toString()]) : [];
  const more =
    request.kind === 'hold'
      ? [{ to: request.to, seconds: request.seconds }]
      : 'of' in request
        ? [{ of: request.of, amount: request.amountMicro?.toString() ?? null, final: request.final ?? false }]
        : [];
  const asked = JSON.stringify([request.kind, request.memo ?? null, ...legs, ...more]);
  return hash('sha256', asked, 'hex');
}

/** The arguments of chancellor.post() but the last: accounts, requests, and what they follow from. */
export function writeRequests(units: readonly (readonly PostRequest[])[]): [string[], string, string[]] {
  const places = new Map<string, number>();
  const placeOf = (account: string): number => {
    const place = places.get(account) ?? places.size + 1;
    places.set(account, place);
    return place;
  };
  const twins = new Map<string, number>();
  const related: string[] = [];
  let place = 0;
  const written = units.flatMap((unit, unitNumber) =>
    unit.map((request) => {
      place += 1;
      const twin = `${request.keyOwner} ${request.key}`;
      if (!twins.has(twin)) twins.set(twin, place);
      if ('of' in request) related.push(request.of);
      return {
        place,
        id: `txn_${newId()}`,
        event: newId(),
        kind: request.kind,
        owner: placeOf(request.keyOwner),
        key: request.key,
        hash: requestHash(request),
        memo: request.memo ?? null,
        legs: accountsOf(request).map(placeOf),
        twin: twins.get(twin),
        ...('legs' in request ? { changes: request.legs.map((leg) => leg.changeMicro.toString()) } : {}),
        ...('of' in request
          ? { related: request.of, amount: request.amountMicro?.toString() ?? null, final: request.final ?? false }
          : {}),
        ...(request.kind === 'hold' ? { payee: placeOf(request.to), seconds: request.seconds } : {}),
        // Groups of different callers meet in one statement, and stay their own.
        ...(request.group === undefined ? {} : { group: unitNumber * 1_000_000 + request.group }),
      };
    }),
  );
  return [[...places.keys()], JSON.stringify(written), related];
}
