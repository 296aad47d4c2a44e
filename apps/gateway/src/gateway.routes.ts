// What the gateway serves beside MCP: the page, sign-in by one-time code, and the keys that tokens verify against.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  BUS,
  FailedAttempts,
  HttpFront,
  LAB_CONFIG,
  type LabConfig,
  metadataPath,
  readBody,
  resourceMetadata,
  sendJson,
} from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { AppError, errorShape, sentinel, toolSubject } from '@labmesh/contracts';
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
      .route('/.well-known/jwks.json', (_req, res) => this.#keys(res))
      .route(metadataPath(''), (_req, res) => sendJson(res, 200, resourceMetadata(this.config, '/mcp')));
  }

  /** The code comes in the body, never in the address: addresses end up in logs and histories. */
  async #signIn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Sign in with POST and {"code": "…"}');
    const body = await readBody(req, SIGN_IN_BYTES_MAX);
    const input = sentinel.tools.redeem_sign_in_code.input.safeParse(jsonOf(body));
    if (!input.success) throw new AppError('invalid_input', 'Cannot sign in: send {"code": "…"} as JSON');
    sendJson(res, 200, await this.#attempt(req, 'redeem_sign_in_code', input.data));
  }

  /** A new access token for a refresh token, in the words of OAuth 2 (RFC 6749, sections 5 and 6). */
  async #renew(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Renew with POST and grant_type=refresh_token');
    const form = new URLSearchParams((await readBody(req, SIGN_IN_BYTES_MAX)).toString('utf8'));
    const refuse = (error: string, message: string): void =>
      sendJson(res, 400, { error, error_description: message }, NEVER_STORED);
    if (form.get('grant_type') !== 'refresh_token')
      return refuse('unsupported_grant_type', 'Send grant_type=refresh_token and refresh_token=… as a form');
    const input = sentinel.tools.renew_access.input.safeParse({ refreshToken: form.get('refresh_token') });
    if (!input.success) return refuse('invalid_request', 'Send refresh_token=… once, as a form');
    try {
      const renewed = sentinel.tools.renew_access.output.parse(await this.#attempt(req, 'renew_access', input.data));
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
    const { keys } = sentinel.tools.get_signing_keys.output.parse(await this.#ask('get_signing_keys', {}));
    sendJson(res, 200, { keys }, { 'cache-control': 'public, max-age=60' });
  }

  /** Asks for what only a secret gives: who guesses is held up. */
  #attempt(req: IncomingMessage, tool: 'redeem_sign_in_code' | 'renew_access', input: object): Promise<unknown> {
    return this.failedAttempts.attempt(req.socket.remoteAddress, () => this.#ask(tool, input));
  }

  #ask(tool: 'redeem_sign_in_code' | 'renew_access' | 'get_signing_keys', input: object): Promise<unknown> {
    return this.bus.request(toolSubject(sentinel.name, tool), input, {
      headers: {},
      timeoutMs: sentinel.tools[tool].timeoutMs,
    });
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
