// Makes out who sends an HTTP request, for every route that needs a token: one challenge, one bound on guessing. Decides
// nothing about what the caller may do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Principal, toAppError } from '@labmesh/contracts';
import { sendJson } from '../http/http-front.js';
import type { FailedAttempts } from '../limits/failed-attempts.js';
import type { Refusals } from '../limits/refusals.js';
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

export class CallerDoor {
  constructor(private readonly services: DoorServices) {}

  /**
   * Answers 401 with a challenge (RFC 6750, RFC 9728) and returns undefined when nobody can be made out.
   * @param metadataUrl where RFC 9728 metadata of what was asked for is served
   * @throws AppError rate_limited for an address that guesses; unavailable when Sentinel does not answer
   */
  async callerOf(req: IncomingMessage, res: ServerResponse, metadataUrl: string): Promise<KnownCaller | undefined> {
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
      const reason = req.headers.authorization === undefined ? '' : ', error="invalid_token"';
      const challenge = `Bearer resource_metadata="${metadataUrl}"${reason}`;
      sendJson(res, 401, failure.toShape(), { 'www-authenticate': challenge });
      req.resume();
      return undefined;
    }
  }

  #noteStale(failure: StaleCredential): void {
    const { walletId, credentialId } = failure.principal;
    this.services.refusals.note({ walletId, credentialId, agent: 'endpoint', tool: 'authenticate' }, failure);
  }

  /** An address that failed too often is asked for a token that is known to be good, and otherwise told when to come back. */
  #refuseGuessing(req: IncomingMessage, credential: string | undefined): void {
    const { authenticator, failedAttempts, refusals } = this.services;
    const address = req.socket.remoteAddress;
    const refusal = failedAttempts.refusal(address);
    if (refusal === undefined || (credential !== undefined && authenticator.knows(credential))) return;
    refusals.note({ walletId: null, credentialId: null, agent: 'endpoint', tool: 'authenticate' }, refusal, address);
    throw refusal;
  }
}
