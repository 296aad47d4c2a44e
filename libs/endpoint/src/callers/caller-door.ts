// Makes out who sends an HTTP request, for every route that needs a token: one challenge, one bound on guessing. Decides
// nothing about what the caller may do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, BY_ENDPOINT, type Principal, toAppError } from '@labmesh/contracts';
import { type FailedAttempts, sendJson } from '@labmesh/runtime';
import type { Refusals } from '../limits/refusals.js';
import { rpcRefusal } from '../wire/json-rpc.js';
import { type Authenticator, bearerOf, StaleCredential } from './authenticator.js';

export interface DoorServices {
  readonly authenticator: Pick<Authenticator, 'principalOf' | 'knows'>;
  readonly failedAttempts: FailedAttempts;
  readonly refusals: Pick<Refusals, 'note' | 'unknown'>;
  /** What the endpoint is, for credentials that are bound to a place; the gateway when left out. */
  readonly audiences?: readonly string[];
}

export interface KnownCaller {
  readonly credential: string;
  readonly principal: Principal;
}

/** RFC 6750, section 3: the reason is for who sent a token. */
export function challengeFor({ headers }: IncomingMessage, { message }: AppError): string {
  const challenge = 'Bearer realm="LabMesh"';
  if (headers.authorization === undefined) return challenge;
  // What that section's grammar allows in a description.
  const description = message.replaceAll('’', "'").replace(/[^ !#-[\]-~]/g, '?');
  return `${challenge}, error="invalid_token", error_description="${description}"`;
}

export class CallerDoor {
  constructor(private readonly services: DoorServices) {}

  /**
   * Answers 401 with a challenge (RFC 6750) and returns undefined when nobody can be made out. The challenge names no metadata
   * (RFC 9728): the lab has no authorization server, and clients that look for one would tell that instead of what is wrong.
   * @throws AppError rate_limited for an address that guesses; unavailable when Sentinel does not answer
   */
  async identify(req: IncomingMessage, res: ServerResponse): Promise<KnownCaller | undefined> {
    const found = await this.recognise(req);
    if (!(found instanceof AppError)) return found;
    sendJson(res, 401, rpcRefusal(found.toShape()), { 'www-authenticate': challengeFor(req, found) });
    req.resume();
    return undefined;
  }

  /** As `identify`, but gives back why nobody can be made out, for a route that answers in its own way. @throws as `identify` */
  async recognise(req: IncomingMessage): Promise<KnownCaller | AppError> {
    const { authenticator, audiences } = this.services;
    let credential: string | undefined;
    try {
      credential = bearerOf(req.headers.authorization);
      this.#refuseGuessing(req, credential);
      return { credential, principal: await authenticator.principalOf(credential, audiences) };
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'unauthenticated') throw failure;
      if (failure instanceof StaleCredential) this.#noteStale(failure);
      else {
        if (credential === undefined) this.#refuseGuessing(req, undefined);
        this.services.failedAttempts.failed(req.socket.remoteAddress);
        // Clients ask without one first, to be told where to get one: that is nobody's attempt.
        if (req.headers.authorization !== undefined) this.services.refusals.unknown(failure, req.socket.remoteAddress);
      }
      return failure;
    }
  }

  #noteStale(failure: StaleCredential): void {
    const { walletId, credentialId } = failure.principal;
    this.services.refusals.note({ walletId, credentialId, ...BY_ENDPOINT.authenticate }, failure);
  }

  /** An address that failed too often is asked for a token that is known to be good, and otherwise told when to come back. */
  #refuseGuessing(req: IncomingMessage, credential: string | undefined): void {
    const { authenticator, failedAttempts, refusals } = this.services;
    const address = req.socket.remoteAddress;
    const refusal = failedAttempts.refusal(address);
    if (refusal === undefined || (credential !== undefined && authenticator.knows(credential))) return;
    refusals.note({ walletId: null, credentialId: null, ...BY_ENDPOINT.authenticate }, refusal, address);
    throw refusal;
  }
}
