// From a bearer credential to a principal, and to the passes that travel behind the gateway. The credential itself goes to Sentinel only.
import { hash } from 'node:crypto';
import type { Bus } from '@labmesh/bus';
import { AppError, CREDENTIAL_CHAR, type Principal, sentinel } from '@labmesh/contracts';
import type {
  ChangedRoles,
  KeySet,
  Policies,
  RestrictionList,
  Restrictions,
  RevokedCredentials,
} from '@labmesh/identity';
import { askSentinel, type SentinelTool } from '@labmesh/identity';
import type { Readings } from '@labmesh/runtime';
import type { Reach } from '../presence/reach.js';
import { Remembered } from './remembered.js';

/** A verdict is asked anew at least this often, so that a withdrawn credential stops working. */
const VERDICT_TTL_MS = 30_000;
/** A pass is replaced this long before it ends, so that none expires on its way. */
const PASS_MARGIN_MS = 15_000;

const GATEWAY = ['gateway'] as const;

type SentinelQuestion = <T extends SentinelTool>(
  tool: T,
  input: Parameters<typeof askSentinel<T>>[2],
) => ReturnType<typeof askSentinel<T>>;

interface Known {
  /** Unix milliseconds: when it is to be asked anew, at the latest when the credential ends. */
  readonly goodUntilMs: number;
  /** Whose, and when it was asked: what was asked before the wallet got another role is asked anew. */
  readonly walletId: string | undefined;
  readonly askedAtMs: number;
}

export interface Verdict extends Known {
  readonly principal: Principal;
  readonly audience: string | undefined;
}

interface KnownPass extends Known {
  readonly pass: string;
}

export interface AuthenticatorServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly reach: Pick<Reach, 'to'>;
  readonly keys: Pick<KeySet, 'distrustedAtMs'>;
  readonly revoked: Pick<RevokedCredentials, 'has'>;
  readonly roles: Pick<ChangedRoles, 'ofToday' | 'changedSince'>;
  readonly policies: Pick<Policies, 'atLeast' | 'current'>;
  readonly restrictions: Pick<Restrictions, 'stale'>;
  readonly restrictionList: Pick<RestrictionList, 'had'>;
}

export class Authenticator {
  readonly #verdicts = new Remembered<Verdict>(10_000, (verdict) => this.#isGood(verdict));
  readonly #passes = new Remembered<KnownPass>(50_000, (pass) => this.#isGood(pass));

  /** Each principal came of one credential: its hash is made once for a request. */
  readonly #keys = new WeakMap<Principal, string>();

  constructor(
    private readonly services: AuthenticatorServices,
    readings?: Readings,
  ) {
    for (const [cache, remembered] of Object.entries({ verdict: this.#verdicts, pass: this.#passes }))
      for (const result of ['hit', 'miss'] as const)
        readings?.add('lookups', () => remembered.lookups[result], { cache, result });
  }

  /**
   * At once where it is known: then it throws where it would reject.
   * @param places what the endpoint is: a credential that is bound to another place is refused
   * @throws AppError unauthenticated, or unavailable when Sentinel does not answer: at once when it is known not to
   */
  principalOf(credential: string, places?: readonly string[]): Principal | Promise<Principal> {
    const verdict = this.#verdictOn(credential, places);
    return verdict instanceof Promise ? verdict.then(({ principal }) => principal) : verdict.principal;
  }

  /** For what stays open: who holds the credential, and until when that may be believed. @throws as principalOf */
  async verdictOn(credential: string, places?: readonly string[]): Promise<Verdict> {
    return this.#verdictOn(credential, places);
  }

  #verdictOn(credential: string, places: readonly string[] = GATEWAY): Verdict | Promise<Verdict> {
    const key = keyOf(credential);
    const found = this.#verdicts.get(key, () => this.#verify(credential));
    return found instanceof Promise
      ? found.then((verdict) => this.#ofToday(verdict, key, places))
      : this.#ofToday(found, key, places);
  }

  /** @throws AppError unauthenticated */
  #ofToday(verdict: Verdict, key: string, places: readonly string[]): Verdict {
    const { audience } = verdict;
    if (audience !== undefined && !places.includes(audience)) throw elsewhere(audience);
    const { roles, policies, revoked, restrictions } = this.services;
    const principal = roles.ofToday(verdict.principal, policies.current);
    if (revoked.has(principal.credentialId))
      throw new AppError('unauthenticated', 'Cannot accept this credential: it was withdrawn. Make a new one.');
    const stale = restrictions.stale(principal);
    if (stale !== undefined) throw new StaleCredential(principal, stale);
    this.#keys.set(principal, key);
    return principal === verdict.principal ? verdict : { ...verdict, principal };
  }

  /** True when this credential was good lately: asking again costs Sentinel little, and its holder is no guesser. */
  knows(credential: string): boolean {
    return this.#verdicts.has(keyOf(credential));
  }

  /**
   * A pass for one agent, acting for whoever holds the credential; at once where there is one. @throws as principalOf
   * @param holder as `principalOf` gave it: spares one hash
   */
  passFor(credential: string, agent: string, holder?: Principal): string | Promise<string> {
    const key = this.#passKey(credential, agent, holder);
    const found = this.#passes.get(key, () => this.#issue(credential, agent, holder));
    return found instanceof Promise ? found.then(({ pass }) => pass) : found.pass;
  }

  /** Drops a pass that its agent refused: the next one is asked for anew. */
  forgetPass(credential: string, agent: string, holder?: Principal): void {
    this.#passes.forget(this.#passKey(credential, agent, holder));
  }

  #passKey(credential: string, agent: string, holder: Principal | undefined): string {
    const known = holder === undefined ? undefined : this.#keys.get(holder);
    return `${agent} ${known ?? keyOf(credential)}`;
  }

  /** Makes a text that only `openState` reads again, for this wallet and purpose. @throws as principalOf */
  async sealState(credential: string, state: string, purpose: string): Promise<string> {
    return (await this.#ask('seal_state', { credential, state, purpose })).sealed;
  }

  /** @throws AppError invalid_input for what is altered, expired, another wallet's or for another purpose; else as principalOf */
  async openState(credential: string, sealed: string, purpose: string): Promise<string> {
    return (await this.#ask('open_state', { credential, sealed, purpose })).state;
  }

  async #verify(credential: string): Promise<Verdict> {
    const askedAtMs = Date.now();
    const { principal, expiresAt, audience, policyVersion } = await this.#ask('verify_credential', { credential });
    await this.services.policies.atLeast(policyVersion);
    await this.services.restrictionList.had();
    const goodUntilMs = Math.min(Date.parse(expiresAt), Date.now() + VERDICT_TTL_MS);
    return { principal, audience, goodUntilMs, walletId: principal.walletId, askedAtMs };
  }

  async #issue(credential: string, agent: string, holder: Principal | undefined): Promise<KnownPass> {
    const askedAtMs = Date.now();
    const { pass, expiresAt, policyVersion } = await this.#ask('issue_pass', { credential, agent });
    await this.services.policies.atLeast(policyVersion);
    return { pass, goodUntilMs: Date.parse(expiresAt) - PASS_MARGIN_MS, walletId: holder?.walletId, askedAtMs };
  }

  #isGood({ goodUntilMs, walletId, askedAtMs }: Known): boolean {
    if (goodUntilMs <= Date.now() || askedAtMs <= this.services.keys.distrustedAtMs) return false;
    return walletId === undefined || !this.services.roles.changedSince(walletId, askedAtMs);
  }

  /** Not waited for when it is known not to answer. */
  readonly #ask: SentinelQuestion = (...question) => {
    const { bus, reach } = this.services;
    return reach.to(sentinel.name, () => askSentinel(bus, ...question));
  };
}

const elsewhere = (audience: string): AppError =>
  new AppError(
    'unauthenticated',
    `Cannot accept this credential here: it was made for ${audience === 'gateway' ? 'the gateway' : `the ${audience}’s own endpoint`} alone. Make one with another audience by sentinel_generate_wallet_token.`,
  );
/** A good credential of a known wallet that must sign in anew: no guess, so it is not counted as one. */
export class StaleCredential extends AppError {
  constructor(
    readonly principal: Principal,
    { code, message, details }: AppError,
  ) {
    super(code, message, { details });
  }
}

/** Caches know a credential by its hash only. */
const keyOf = (credential: string): string => hash('sha256', credential, 'base64url');

const CREDENTIAL = new RegExp(`^${CREDENTIAL_CHAR}+$`);
const CREDENTIAL_CHARS_MAX = 8_192;
const HOW_TO_SEND = 'send it as "Authorization: Bearer <token>"';

/** The credential of an `Authorization: Bearer` header. @throws AppError unauthenticated saying what is missing or wrong, never the credential */
export function bearerOf(header: string | undefined): string {
  const refuse = (message: string): AppError => new AppError('unauthenticated', message);
  if (header === undefined)
    throw refuse(`A token is required: ${HOW_TO_SEND}; the operator’s is in operator.token of the lab’s data folder`);
  const credential = /^Bearer +(.*)$/i.exec(header)?.[1];
  if (credential === undefined) throw refuse(`Cannot find a token in the Authorization header: ${HOW_TO_SEND}`);
  if (credential.length > CREDENTIAL_CHARS_MAX) throw refuse('Cannot accept this credential: no token is as long');
  if (!CREDENTIAL.test(credential))
    throw refuse(
      'Cannot accept this credential: it holds a character that no token has, such as a quote or a space. Copy it once more',
    );
  return credential;
}
