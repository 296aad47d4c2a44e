// How the lab's page stays signed in: it holds an access token in memory, and the browser a cookie that renews it. A sign-in begins
// with a one-time code or with a credential that somebody pasted, and ends with everything that came of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, errorShape, sentinel, toAppError } from '@labmesh/contracts';
import {
  Admission,
  CallerDoor,
  ENDPOINT_HOST,
  type EndpointHost,
  type KnownCaller,
  readJsonBody,
} from '@labmesh/endpoint';
import { askSentinel } from '@labmesh/identity';
import { callIdOf, sendJson } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { askSentinelAs } from '../ask-sentinel-as.js';
import { forgetting, heldSession, keeping } from './session-cookie.js';

/** Beside each other, so that the cookie comes to each of them and nowhere else. */
const PATHS = { begin: '/session/begin', renew: '/session/renew', end: '/session/end' } as const;
const BODY_BYTES_MAX = 4_096;
const TOOL = { agent: sentinel.name, tool: 'generate_wallet_token' } as const;
const LABEL = 'The lab’s page';

interface Given {
  readonly token: string;
  readonly walletId: string;
  readonly role: string;
  readonly expiresAt: string;
  readonly refreshToken?: string | undefined;
}

@Injectable()
export class PageSessionRoutes implements OnModuleInit {
  readonly #door: CallerDoor;
  readonly #admission: Admission;

  constructor(@Inject(ENDPOINT_HOST) private readonly host: EndpointHost) {
    this.#door = new CallerDoor(host);
    this.#admission = new Admission(host);
  }

  onModuleInit(): void {
    this.host.front
      .route(PATHS.begin, (req, res) => this.#posted(req, res, () => this.#begin(req, res)))
      .route(PATHS.renew, (req, res) => this.#posted(req, res, () => this.#renew(req, res)))
      .route(PATHS.end, (req, res) => this.#posted(req, res, () => this.#end(req, res)));
  }

  #posted(req: IncomingMessage, res: ServerResponse, act: () => Promise<void>): Promise<void> {
    if (req.method === 'POST') return act();
    res.setHeader('allow', 'POST');
    sendJson(res, 405, { code: 'not_found', message: 'The lab’s page signs in here with POST' });
    return Promise.resolve();
  }

  async #begin(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.headers.authorization === undefined) return this.#give(req, res, await this.#redeemed(req));
    const caller = await this.#door.identify(req, res);
    if (caller === undefined) return;
    req.resume();
    const given = await this.#signedIn(caller, callIdOf(res));
    // A credential that may make no other is used as it is, as long as the page stands open.
    if (given === undefined) res.writeHead(204).end();
    else this.#give(req, res, given);
  }

  async #redeemed(req: IncomingMessage): Promise<Given> {
    const asked = Object(await readJsonBody(req, BODY_BYTES_MAX));
    const input = sentinel.tools.redeem_sign_in_code.input.safeParse({ ...asked, refreshable: true });
    if (!input.success)
      throw new AppError(
        'invalid_input',
        'Cannot sign in: send {"code": "…"} as JSON, or a credential as a bearer token',
      );
    return this.#attempt(req, () => askSentinel(this.host.bus, 'redeem_sign_in_code', input.data));
  }

  /** Undefined where this credential may make no token. @throws AppError rate_limited, or what keeps the wallet from it */
  async #signedIn(caller: KnownCaller, callId: string): Promise<Given | undefined> {
    this.#admission.request(caller.principal, { ...TOOL, callId });
    const blocked = this.host.restrictions.blocked(caller.principal);
    if (blocked !== undefined) throw blocked;
    const input = { kind: 'access', refreshable: true, label: LABEL } as const;
    try {
      return await askSentinelAs(this.host, { caller, callId, tool: TOOL.tool, input });
    } catch (error) {
      if (['forbidden', 'not_found'].includes(toAppError(error).code)) return undefined;
      throw error;
    }
  }

  /** Without a cookie, or with one that is good no more, there is nobody to renew: that is no error. */
  async #renew(req: IncomingMessage, res: ServerResponse): Promise<void> {
    req.resume();
    const held = heldSession(req.headers);
    if (held === undefined) return void res.writeHead(204).end();
    try {
      this.#give(req, res, await this.#attempt(req, () => askSentinel(this.host.bus, 'renew_access', held)));
    } catch (error) {
      if (errorShape(error).code !== 'unauthenticated') throw error;
      res.writeHead(204, { 'set-cookie': forgetting(req.headers) }).end();
    }
  }

  async #end(req: IncomingMessage, res: ServerResponse): Promise<void> {
    req.resume();
    const held = heldSession(req.headers);
    if (held !== undefined) await askSentinel(this.host.bus, 'end_sign_in', { refreshToken: held.refreshToken });
    res.writeHead(204, { 'set-cookie': forgetting(req.headers) }).end();
  }

  #give({ headers }: IncomingMessage, res: ServerResponse, given: Given): void {
    const { token, walletId, role, expiresAt, refreshToken } = given;
    const expiresInSeconds = Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / 1_000));
    if (refreshToken !== undefined) res.setHeader('set-cookie', keeping(headers, refreshToken));
    sendJson(res, 200, { token, walletId, role, expiresAt, expiresInSeconds });
  }

  /** Asks for what only a secret gives: who guesses is held up. */
  #attempt<T>(req: IncomingMessage, ask: () => Promise<T>): Promise<T> {
    return this.host.failedAttempts.attempt(req.socket.remoteAddress, ask);
  }
}
