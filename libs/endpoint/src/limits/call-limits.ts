// Decides, before a call goes to the bus, whether its wallet and its tool have room for it. In memory, a microsecond at most.
// Never waits, never asks anybody: what other replicas spent is told to it (shared-limits.ts).

import { AppError, type ToolSpec } from '@labmesh/contracts';
import { boundedCache, DEFAULT_LIMITS, type LimitSettings, type Rate } from '@labmesh/runtime';
import { Account, type Allowance, type Shortage } from './account.js';

/** Wallets remembered; the longest unused one is forgotten first, with what it had spent. */
const WALLETS_MAX = 20_000;
/** A tool that changes something gets this share of what its wallet may do, unless its contract says otherwise. */
const WRITE_RATE_SHARE = 1 / 5;
const WRITE_CONCURRENCY_SHARE = 1 / 4;
/** What a throttled wallet may still do, of its rate and of its tools'. */
const THROTTLED_SHARE = 1 / 10;

export interface LimitedTool {
  readonly agent: string;
  readonly tool: string;
  readonly spec: ToolSpec;
}

export interface Place {
  /** Once, when the call is over, however it ended. */
  leave(): void;
}

export interface Entered {
  readonly place?: Place;
  readonly refusal?: AppError;
}

export class CallLimits {
  readonly #wallets = boundedCache<Account>(WALLETS_MAX);
  readonly #tools = new Map<string, number>();
  readonly #walletAllowance: Allowance;
  readonly #specs = new Map<string, ToolSpec>();
  readonly #untold = new Set<Account>();
  readonly #busy = new Set<Account>();
  #streams = 0;
  /** Wallets that may do a tenth, each with the words for its refusals. */
  #throttled: ReadonlyMap<string, AppError> = new Map();

  constructor(
    private readonly settings: LimitSettings,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#walletAllowance = { rate: rateOf(settings.perSecond, settings.burst), concurrent: settings.concurrent };
  }

  /** Tools that other replicas may tell of before anybody called them here. */
  know(tools: readonly LimitedTool[]): void {
    for (const { agent, tool, spec } of tools) this.#specs.set(`${agent}_${tool}`, spec);
  }

  /** These wallets, and no others, may do a tenth of what they could. */
  throttle(wallets: ReadonlyMap<string, AppError>): void {
    const before = this.#throttled;
    this.#throttled = wallets;
    for (const walletId of new Set([...before.keys(), ...wallets.keys()])) {
      const wallet = this.#wallets.get(walletId);
      if (wallet !== undefined) for (const account of [wallet, ...wallet.tools.values()]) this.#pace(walletId, account);
    }
  }

  /**
   * A place for the call, or why it may not start. Whoever gets a place must leave it.
   * @param charged the call is part of a request that was counted already: it needs a place and nothing else
   */
  enter(walletId: string, tool: LimitedTool, charged = false): Entered {
    const nowMs = this.now();
    const name = `${tool.agent}_${tool.tool}`;
    const wallet = this.#wallet(walletId);
    const own = this.#ownOf(wallet, name, tool.spec);
    const running = this.#tools.get(name) ?? 0;
    const short = wallet.shortage(nowMs);
    if (short !== undefined && !(charged && short.limit === 'rate'))
      return {
        refusal: this.#refusal(walletId, short, refusal(short, 'Too many calls of this wallet', wallet.allowance)),
      };
    const ownShort = own?.shortage(nowMs);
    if (own !== undefined && ownShort !== undefined)
      return {
        refusal: this.#refusal(
          walletId,
          ownShort,
          refusal(ownShort, `Too many calls of ${name} by this wallet`, own.allowance),
        ),
      };
    const { toolConcurrent } = this.settings;
    if (toolConcurrent > 0 && running >= toolConcurrent) {
      const busy: Shortage = { limit: 'concurrency', retryAfterMs: 1_000 };
      return { refusal: refusal(busy, `Too many calls of ${name} by everybody`, { concurrent: toolConcurrent }) };
    }
    if (!charged) this.#spend(wallet, nowMs);
    if (own !== undefined) this.#spend(own, nowMs);
    this.#tools.set(name, running + 1);
    return { place: this.#take(wallet, own, name) };
  }

  /** For what is not a call: lists, sessions. Counts as a call that takes no time. @throws AppError rate_limited */
  request(walletId: string): void {
    const nowMs = this.now();
    const wallet = this.#wallet(walletId);
    const short = wallet.shortage(nowMs);
    if (short?.limit === 'rate')
      throw this.#refusal(walletId, short, refusal(short, 'Too many requests of this wallet', wallet.allowance));
    this.#spend(wallet, nowMs);
  }

  /** For a stream that stays open. Whoever gets a place must leave it. @throws AppError rate_limited */
  openStream(walletId: string): Place {
    const wallet = this.#wallet(walletId);
    const { streams, streamsTotal } = this.settings;
    const busy: Shortage = { limit: 'concurrency', retryAfterMs: 1_000 };
    if (streams > 0 && wallet.streams >= streams)
      throw refusal(busy, 'Too many open streams of this wallet', { concurrent: streams });
    if (streamsTotal > 0 && this.#streams >= streamsTotal)
      throw refusal(busy, 'Too many open streams in this process', { concurrent: streamsTotal });
    wallet.streams += 1;
    this.#streams += 1;
    return once(() => {
      wallet.streams -= 1;
      this.#streams -= 1;
    });
  }

  /** What was spent here since the last time this was asked, by account. */
  takeUntold(): Array<[string, number]> {
    const told = [...this.#untold].map((account): [string, number] => [account.key, account.untold]);
    for (const account of this.#untold) account.untold = 0;
    this.#untold.clear();
    return told;
  }

  /** What is under way here now, by account. */
  busyNow(): Array<[string, number]> {
    return [...this.#busy].map((account) => [account.key, account.busy]);
  }

  /** Counts in what another replica spent (`count`), and by how much its calls under way changed (`busyBy`). */
  hear(key: string, { count = 0, busyBy = 0 }: { count?: number; busyBy?: number }): void {
    const [walletId = '', name] = key.split(' ');
    const wallet = this.#wallet(walletId);
    const spec = this.#specs.get(name ?? '');
    const account = name === undefined ? wallet : spec && this.#ownOf(wallet, name, spec);
    if (account === undefined) return;
    if (count > 0) account.spentElsewhere(this.now(), count);
    account.busyElsewhere = Math.max(0, account.busyElsewhere + busyBy);
  }

  #wallet(walletId: string): Account {
    const known = this.#wallets.get(walletId);
    if (known !== undefined) return known;
    const account = new Account(walletId, this.#walletAllowance);
    this.#wallets.set(walletId, account);
    if (this.#throttled.size > 0) this.#pace(walletId, account);
    return account;
  }

  #pace(walletId: string, account: Account): void {
    account.slowDown(this.#throttled.has(walletId) ? tenthOf(account.allowance.rate) : undefined);
  }

  /** Whoever is throttled is told so, and by which anomaly. */
  #refusal(walletId: string, { slowed, retryAfterMs }: Shortage, usual: AppError): AppError {
    const why = slowed === true ? this.#throttled.get(walletId) : undefined;
    if (why === undefined) return usual;
    const details = { ...(why.details as object), retryAfterMs };
    return new AppError('rate_limited', `${why.message}. Come back in ${secondsOf(retryAfterMs)} s`, { details });
  }

  #ownOf(wallet: Account, name: string, spec: ToolSpec): Account | undefined {
    if (spec.effect === 'read' && spec.limit === undefined) return undefined;
    const known = wallet.tools.get(name);
    if (known !== undefined) return known;
    const account = new Account(`${wallet.key} ${name}`, allowanceOf(spec, this.settings));
    wallet.tools.set(name, account);
    if (this.#throttled.size > 0) this.#pace(wallet.key, account);
    return account;
  }

  #spend(account: Account, nowMs: number): void {
    account.spend(nowMs);
    if (account.untold === 1) this.#untold.add(account);
  }

  #take(wallet: Account, own: Account | undefined, name: string): Place {
    this.#enterOne(wallet);
    if (own !== undefined) this.#enterOne(own);
    return once(() => {
      this.#leaveOne(wallet);
      if (own !== undefined) this.#leaveOne(own);
      const left = (this.#tools.get(name) ?? 1) - 1;
      if (left === 0) this.#tools.delete(name);
      else this.#tools.set(name, left);
    });
  }

  #enterOne(account: Account): void {
    account.busy += 1;
    if (account.busy === 1) this.#busy.add(account);
  }

  #leaveOne(account: Account): void {
    account.busy -= 1;
    if (account.busy === 0) this.#busy.delete(account);
  }
}

const rateOf = (perSecond: number, burst: number) => (perSecond > 0 && burst > 0 ? { perSecond, burst } : undefined);

/** A tool's own allowance: what its contract says, else a share by effect. Limits switched off stay off. */
function allowanceOf({ effect, limit }: ToolSpec, settings: LimitSettings): Allowance {
  const share = effect === 'read' ? 1 : WRITE_RATE_SHARE;
  const most = effect === 'read' ? settings.concurrent : Math.ceil(settings.concurrent * WRITE_CONCURRENCY_SHARE);
  const rate =
    limit === undefined
      ? rateOf(settings.perSecond * share, Math.ceil(settings.burst * share))
      : settings.perSecond > 0 && settings.burst > 0
        ? { perSecond: limit.perSecond, burst: limit.burst }
        : undefined;
  return { rate, concurrent: settings.concurrent === 0 ? 0 : (limit?.concurrent ?? most) };
}

function refusal({ limit, retryAfterMs }: Shortage, what: string, { rate, concurrent }: Allowance): AppError {
  const allowed =
    limit === 'rate' && rate !== undefined
      ? `${rate.perSecond} a second are allowed, ${rate.burst} at once after a pause`
      : `${concurrent} at the same time are allowed`;
  return new AppError('rate_limited', `${what}: ${allowed}. Come back in ${secondsOf(retryAfterMs)} s`, {
    details: { retryAfterMs, limit },
  });
}

const secondsOf = (retryAfterMs: number): number => Math.max(1, Math.ceil(retryAfterMs / 1_000));

/** Where calls are not limited, a throttled wallet has a tenth of the usual. */
function tenthOf(rate: Rate = DEFAULT_LIMITS): Rate {
  return { perSecond: rate.perSecond * THROTTLED_SHARE, burst: Math.max(1, rate.burst * THROTTLED_SHARE) };
}

function once(leave: () => void): Place {
  let left = false;
  return {
    leave() {
      if (left) return;
      left = true;
      leave();
    },
  };
}
