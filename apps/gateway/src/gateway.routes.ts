// What the gateway serves beside MCP: the page, sign-in by one-time code, and the keys that tokens verify against.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Bus } from '@labmesh/bus';
import { AppError, errorShape, sentinel } from '@labmesh/contracts';
import { askSentinel } from '@labmesh/identity';
import { BUS, FailedAttempts, HttpFront, LAB_CONFIG, type LabConfig, readBody, sendJson } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { StaticPage } from './static-page.js';

/** Largest sign-in or renewal, bytes. */
const SIGN_IN_BYTES_MAX = 4_096;

const NEVER_STORED = { 'cache-control': 'no-store' };

@Injectable()
export class GatewayRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(FailedAttempts) private readonly failedAttempts: FailedAttempts,
  ) {}

  onModuleInit(): void {
    const page = new StaticPage(join(this.config.installRoot, 'apps/chat/dist'));
    this.front
      .prefix('/', (req, res, path) => page.serve(req, res, path))
      .route('/sign-in', (req, res) => this.#signIn(req, res))
      .route('/token', (req, res) => this.#renew(req, res))
      .route('/.well-known/jwks.json', (_req, res) => this.#keys(res));
  }

  /** The code comes in the body, never in the address: addresses end up in logs and histories. */
  async #signIn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Sign in with POST and {"code": "…"}');
    const body = await readBody(req, SIGN_IN_BYTES_MAX);
    const input = sentinel.tools.redeem_sign_in_code.input.safeParse(jsonOf(body));
    if (!input.success) throw new AppError('invalid_input', 'Cannot sign in: send {"code": "…"} as JSON');
    sendJson(res, 200, await this.#attempt(req, () => askSentinel(this.bus, 'redeem_sign_in_code', input.data)));
  }

  /** A new access token for a refresh token, in the words of OAuth 2 (RFC 6749, sections 5 and 6). */
  async #renew(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Renew with POST and grant_type=refresh_token');
    const form = new URLSearchParams((await readBody(req, SIGN_IN_BYTES_MAX)).toString('utf8'));
    const refuse = (error: string, message: string): void =>
      sendJson(res, 400, { error, error_description: message }, NEVER_STORED);
    if (form.get('grant_type') !== 'refresh_token')
      return refuse('unsupported_grant_type', 'Send grant_type=refresh_token and refresh_token=… as a form');
    const renewal = form.get('renewal') ?? undefined;
    const input = sentinel.tools.renew_access.input.safeParse({ refreshToken: form.get('refresh_token'), renewal });
    if (!input.success)
      return refuse(
        'invalid_request',
        'Send refresh_token=… once, as a form; renewal=…, if any, is 43 to 128 of A-Z a-z 0-9 _ -',
      );
    try {
      const renewed = await this.#attempt(req, () => askSentinel(this.bus, 'renew_access', input.data));
      const expires_in = Math.max(0, Math.floor((Date.parse(renewed.expiresAt) - Date.now()) / 1_000));
      const answer = {
        access_token: renewed.token,
        token_type: 'Bearer',
        expires_in,
        refresh_token: renewed.refreshToken,
      };
      sendJson(res, 200, answer, NEVER_STORED);
    } catch (error) {
      const { code, message } = errorShape(error);
      if (code !== 'unauthenticated') throw error;
      refuse('invalid_grant', message);
    }
  }

  async #keys(res: ServerResponse): Promise<void> {
    const { keys } = await askSentinel(this.bus, 'get_signing_keys', {});
    sendJson(res, 200, { keys }, { 'cache-control': 'public, max-age=60' });
  }

  /** Asks for what only a secret gives: who guesses is held up. */
  #attempt<T>(req: IncomingMessage, ask: () => Promise<T>): Promise<T> {
    return this.failedAttempts.attempt(req.socket.remoteAddress, ask);
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
