// From a bearer credential to a principal, and to the passes that travel behind the gateway. The credential itself goes to Sentinel only.
import { hash } from 'node:crypto';
import type { Bus } from '@labmesh/bus';
import { AppError, type Principal, sentinel, toolSubject } from '@labmesh/contracts';
import { LRUCache } from 'lru-cache';
import type { Readings } from '../readings.js';

/** A verdict is asked anew at least this often, so that a withdrawn credential stops working. */
const VERDICT_TTL_MS = 30_000;
/** A pass is replaced this long before it ends, so that none expires on its way. */
const PASS_MARGIN_MS = 15_000;

interface Verdict {
  readonly principal: Principal;
  readonly goodUntilMs: number;
}

export class Authenticator {
  readonly #verdicts = new LRUCache<string, Promise<Verdict>>({ max: 10_000 });
  readonly #passes = new LRUCache<string, Promise<{ pass: string; goodUntilMs: number }>>({ max: 50_000 });

  readonly #lookups = { verdict: { hit: 0, miss: 0 }, pass: { hit: 0, miss: 0 } };

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    readings?: Readings,
  ) {
    for (const cache of ['verdict', 'pass'] as const)
      for (const result of ['hit', 'miss'] as const)
        readings?.add('lookups', () => this.#lookups[cache][result], { cache, result });
  }

  /** @throws AppError unauthenticated, or unavailable when Sentinel does not answer */
  async principalOf(credential: string): Promise<Principal> {
    const key = hash('sha256', credential, 'base64url');
    return (
      await remembered({ cache: this.#verdicts, lookups: this.#lookups.verdict }, key, () => this.#verify(credential))
    ).principal;
  }

  /** True when this credential was good lately: asking again costs Sentinel little, and its holder is no guesser. */
  knows(credential: string): boolean {
    return this.#verdicts.peek(hash('sha256', credential, 'base64url')) !== undefined;
  }

  /** A pass for one agent, acting for whoever holds the credential. @throws as principalOf */
  async passFor(credential: string, agent: string): Promise<string> {
    const key = `${agent} ${hash('sha256', credential, 'base64url')}`;
    return (
      await remembered({ cache: this.#passes, lookups: this.#lookups.pass }, key, () => this.#issue(credential, agent))
    ).pass;
  }

  async #verify(credential: string): Promise<Verdict> {
    const answer = await this.#ask('verify_credential', { credential });
    const { principal, expiresAt } = sentinel.tools.verify_credential.output.parse(answer);
    return { principal, goodUntilMs: Math.min(Date.parse(expiresAt), Date.now() + VERDICT_TTL_MS) };
  }

  async #issue(credential: string, agent: string): Promise<{ pass: string; goodUntilMs: number }> {
    const answer = await this.#ask('issue_pass', { credential, agent });
    const { pass, expiresAt } = sentinel.tools.issue_pass.output.parse(answer);
    return { pass, goodUntilMs: Date.parse(expiresAt) - PASS_MARGIN_MS };
  }

  #ask(tool: 'verify_credential' | 'issue_pass', input: object): Promise<unknown> {
    return this.bus.request(toolSubject(sentinel.name, tool), input, {
      headers: {},
      timeoutMs: sentinel.tools[tool].timeoutMs,
    });
  }
}

/** Shares one question among all who ask at once; forgets failures and what is no longer good. */
async function remembered<T extends { goodUntilMs: number }>(
  { cache, lookups }: { cache: LRUCache<string, Promise<T>>; lookups: { hit: number; miss: number } },
  key: string,
  ask: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) {
    const value = await known;
    if (value.goodUntilMs > Date.now()) {
      lookups.hit += 1;
      return value;
    }
  }
  lookups.miss += 1;
  const asked = ask();
  cache.set(key, asked);
  try {
    return await asked;
  } catch (error) {
    if (cache.peek(key) === asked) cache.delete(key);
    throw error;
  }
}

/** The credential of an `Authorization: Bearer` header. @throws AppError unauthenticated saying what is missing */
export function bearerOf(header: string | undefined): string {
  const match = header === undefined ? null : /^Bearer +([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(header);
  if (match?.[1] === undefined) {
    throw new AppError(
      'unauthenticated',
      'A token is required: send it as "Authorization: Bearer <token>"; the operator’s is in operator.token of the lab’s data folder',
    );
  }
  return match[1];
}
